/** A time-out for a tool of which a call hangs: far older than its calls get, and still under way. */
import type { ToolEvidence } from '../../model/optimization/evidence.ts';
import type { PlannedAction } from '../../model/optimization/plan.ts';
import { untold } from './limitConcurrency.ts';
import type { Rules } from './rules.ts';

/** A call younger than this is slow, and may well end. */
const HANGS_AFTER_MS = 30_000;
/** Older than this many p99, and than the slowest that ended. */
const HANGS_AFTER_P99 = 20;
const MIN_TIMEOUT_MS = 1_000;

export function limitTime(tool: ToolEvidence, { timeoutFactor }: Rules): Omit<PlannedAction, 'isPermitted'>[] {
  const { oldestAgeMs, maxMs, underWay } = tool;
  const [p99Ms] = tool.p99Ms;
  if (oldestAgeMs < Math.max(HANGS_AFTER_MS, HANGS_AFTER_P99 * p99Ms, 2 * maxMs)) return [];
  const afterMs = Math.round(Math.max(MIN_TIMEOUT_MS, timeoutFactor * p99Ms, maxMs));
  return [
    {
      tool: tool.tool,
      control: 'timeout',
      settings: { timeout: { afterMs } },
      isAutomatic: true,
      why: `A call has been under way for ${Math.round(oldestAgeMs / 1_000)} s, far longer than any that ended.`,
      evidence: { oldestAgeMs, p99Ms, maxMs, underWay },
      effects: [untold('p99', 'How many calls will hang is not known.')],
    },
  ];
}
