/**
 * Workspaces in metrics. The label `server` is the name by which the collector knows a server, so that no two are one; beside
 * it those outside of the default workspace have the label `workspace`. Series of the default one stay as they are.
 */
import { type FamilySamples, OTHER, type Sample, type SampleSource } from '@mcp-vitals/prometheus';
import { workspaceLabels, workspaceOf } from '../model/workspace.ts';

export function withWorkspaceLabels(source: SampleSource): SampleSource {
  return async () => (await source()).map(({ family, samples }) => ({ family, samples: samples.map(labelled) }));
}

/** Only what is of servers of a workspace; what was counted of several servers together is of none. */
export function onlyOfWorkspace(source: SampleSource, workspace: string): SampleSource {
  const isTheirs = (sample: Sample) => {
    const server = serverOf(sample);
    return server !== undefined && server !== '' && server !== OTHER && workspaceOf(server) === workspace;
  };
  return async () =>
    (await source())
      .map(({ family, samples }): FamilySamples => ({ family, samples: samples.filter(isTheirs) }))
      .filter(({ samples }) => samples.length > 0);
}

function serverOf({ labels, sharedLabels }: Sample): string | undefined {
  return labels.server ?? sharedLabels?.server;
}

/** A metric of the server's own may have a label of this name, which stays. */
function labelled(sample: Sample): Sample {
  const { labels, sharedLabels } = sample;
  const own = workspaceLabels(serverOf(sample) ?? '');
  if (own.workspace === undefined || labels.workspace !== undefined || sharedLabels?.workspace !== undefined) {
    return sample;
  }
  return { ...sample, labels: { ...labels, ...own } };
}
