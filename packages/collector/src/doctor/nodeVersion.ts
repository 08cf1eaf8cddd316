/** Whether this Node is one that the collector and the SDK are made for. */
import { type Finding, ok, problem } from './finding.ts';

const OLDEST = [20, 18, 1] as const;

/** @param version as `process.versions.node` */
export function checkNodeVersion(version: string): Finding {
  const parts = version.split('.').map(Number);
  const differing = OLDEST.findIndex((part, index) => parts[index] !== part);
  const isOld = differing !== -1 && !(parts[differing]! > OLDEST[differing]!);
  if (!isOld) return ok('Node', `version ${version}`);
  return problem('Node', `version ${version} is too old`, `Install Node ${OLDEST.join('.')} or newer.`);
}
