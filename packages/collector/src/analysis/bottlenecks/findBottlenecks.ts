/**
 * What makes a server slow, told from its sights: each is looked at by every rule, what several processes show is told once,
 * and what follows from something else is told with it. Pure.
 */
import type { Bottleneck } from '../../model/bottleneck.ts';
import { groupBy } from '../../model/groupBy.ts';
import type { Candidate } from './causes/candidate.ts';
import { RULES } from './causes/rules.ts';
import { slowForClients } from './causes/slowForClient.ts';
import { slowInstances } from './causes/slowInstance.ts';
import type { Sight } from './evidence/sight.ts';
import { byWeight, explainedFindings } from './explain.ts';
import { pictureOf } from './picture/picture.ts';

/** @param sights of one server, one per process, or one of them all */
export function findBottlenecks(sights: readonly Sight[]): Bottleneck[] {
  const pictures = sights.filter(({ tools }) => tools.length > 0).map(pictureOf);
  const single = pictures.flatMap((picture) =>
    explainedFindings(
      RULES.flatMap((rule) => rule(picture).filter(isPassed)).map((candidate) => ({
        ...candidate,
        server: picture.server,
        instances: picture.instance === '' ? [] : [picture.instance],
        clients: [],
        consequences: [],
        resolution: picture.resolution,
      })),
    ),
  );
  const compared = [...slowInstances(pictures), ...slowForClients(pictures)];
  return [...mergeInstances(single, pictures.length), ...compared].sort(byWeight);
}

/** Rules hand over what they looked at; where a test failed, nothing of it is sure. */
const isPassed = ({ confidence }: Candidate) => confidence > 0;

/** The same finding of several processes once, as the worst of them shows it. */
function mergeInstances(findings: readonly Bottleneck[], processes: number): Bottleneck[] {
  const same = groupBy(findings, ({ cause, tools }) => `${cause}\0${tools[0] ?? ''}`);
  return [...same.values()].map((group) => {
    const [worst] = group.sort(byWeight);
    const instances = group.flatMap((one) => one.instances);
    return { ...worst!, instances: instances.length === processes ? [] : instances };
  });
}
