/**
 * A tool whose handler computes without a pause. What it can do is not seen in how many of its calls are under way: they begin
 * and end as the event loop turns, many at once, and whatever comes in meanwhile waits in the socket, where it is neither timed
 * nor counted. It is recognised by a busy processor and an event loop whose delay is a good part of what calls take.
 */
import type { ServerEvidence, ToolEvidence } from '../../model/optimization/evidence.ts';
import type { Effect } from '../../model/optimization/plan.ts';
import { significant } from '../../model/significant.ts';
import { blockedShare } from './blockedShare.ts';
import { DOMINANT_SHARE, LATE_LOOP_MS } from './rules.ts';
import type { CurvePoint } from './throughputCurve.ts';

/** Of a core. What other processes of the machine take away is missing in it, and a container may be given little. */
const BUSY_CPU_PERCENT = 30;
/** The event loop is late by this share of what calls take on average: less, and they wait for something else. */
const DELAY_SHARE = 0.2;

/** How late the event loop is because of this tool, in milliseconds; undefined where it is not, or not because of it. */
export function heldLoopDelayMs(tool: ToolEvidence, { tools, resources }: ServerEvidence): number | undefined {
  if (resources === undefined) return undefined;
  const { cpuPercent, eventLoopDelayMs } = resources.latestLoop;
  if (eventLoopDelayMs < LATE_LOOP_MS || cpuPercent < BUSY_CPU_PERCENT) return undefined;
  const totalMs = tools.reduce((sum, { sumMs }) => sum + sumMs, 0);
  if (tool.sumMs < DOMINANT_SHARE * totalMs) return undefined;
  return eventLoopDelayMs < (DELAY_SHARE * tool.sumMs) / tool.calls ? undefined : eventLoopDelayMs;
}

/** Always busy, it answers what it can, one call after the other. @param okPerSecond of a process, in its busiest minute */
export function heldLoopPeak({ calls }: ToolEvidence, okPerSecond: number): CurvePoint {
  const callMs = 1_000 / okPerSecond;
  // Of a single call only the mean is known; the slowest of a hundred may take a few times as long.
  const p99Ms = [callMs, callMs, 3 * callMs] as const;
  const level = { least: 1, greatest: 1, calls, meanMs: callMs, deviationMs: 0, p99Ms };
  return { underWay: 1, perSecond: okPerSecond, low: okPerSecond, high: okPerSecond, level };
}

/** A call waits in the queue at most, instead of for the event loop first and then for those that begin with it. */
export function heldLatencyEffect(
  { p99Ms: [now, nowLow, nowHigh] }: ToolEvidence,
  loopDelayMs: number,
  callMs: number,
  maxWaitMs: number,
): Effect {
  const change = (after: number, before: number) => 100 * (after / (before + loopDelayMs) - 1);
  return {
    metric: 'p99',
    changePercent: change(callMs + maxWaitMs, now),
    interval: [change(callMs, nowHigh), change(3 * callMs + maxWaitMs, nowLow)],
    basis: `One call takes ${significant(callMs, 2)} ms of the processor and would wait ${maxWaitMs} ms at most; now the event loop is ${significant(loopDelayMs, 2)} ms late before it begins`,
  };
}

/** What waits in the socket is not counted. The more comes in than is seen, the seldomer the queue runs empty. */
export function heldGoodputEffect(utilisation: number, room: number): Effect {
  const lostPercent = 100 * blockedShare(Math.min(1, utilisation), room);
  return {
    metric: 'goodput',
    changePercent: 0,
    interval: [-lostPercent, 0],
    basis: `It does what it can already; a queue with room for ${room} runs empty now and then if no more comes in than that`,
  };
}
