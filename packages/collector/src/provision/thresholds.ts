/** Limits of the collector, and which of them decides; as its own `alert/thresholds.ts` has it, see docs/alerts.md. */
import type { Threshold } from '../model/alert.ts';
import { workspaceMeant, workspaceOf } from '../model/workspace.ts';
import type { ToolName } from './subjects.ts';

/** What a threshold is to rules and dashboards; empty names stand for all servers and all tools. */
export type ThresholdInForce = Threshold;

/** Those of the same metric and severity that speak of a part of what `threshold` speaks of. */
export function moreSpecific(threshold: ThresholdInForce, all: readonly ThresholdInForce[]): ThresholdInForce[] {
  return all.filter(
    (other) =>
      other.metric === threshold.metric &&
      other.severity === threshold.severity &&
      specificity(other) > specificity(threshold) &&
      (covers(other.server, threshold.server) || covers(threshold.server, other.server)) &&
      (other.tool === '' || threshold.tool === '' || other.tool === threshold.tool),
  );
}

/** A tool says what kind of work it is, wherever it runs; so it weighs more than a server. */
const specificity = ({ server, tool }: ThresholdInForce): number => (tool === '' ? 0 : 3) + serverSpecificity(server);

function serverSpecificity(server: string): number {
  if (server === '') return 0;
  return workspaceMeant(server) === undefined ? 2 : 1;
}

/** Whether what is said of `wider`, all servers or those of a workspace mostly, is said of `server` as well. */
function covers(wider: string, server: string): boolean {
  if (wider === '' || wider === server) return true;
  const workspace = workspaceMeant(wider);
  return workspace !== undefined && server !== '' && workspaceOf(server) === workspace;
}

/** The limit that decides for a tool on a server; undefined where it is switched off. */
export function limitOf(
  thresholds: readonly ThresholdInForce[],
  scope: Pick<ThresholdInForce, 'metric' | 'severity'>,
  { server, tool }: ToolName,
): number | undefined {
  const [decisive] = thresholds
    .filter(({ metric, severity }) => metric === scope.metric && severity === scope.severity)
    .filter((each) => covers(each.server, server) && (each.tool === '' || each.tool === tool))
    .sort((a, b) => specificity(b) - specificity(a));
  return decisive?.enabled ? decisive.threshold : undefined;
}
