/**
 * A limit of concurrency for a tool that is saturated: as many calls at a time as it does the most with, a queue as long as a
 * call may wait, and an answer at once for those beyond. What it would change is told from the same figures that the limit is.
 */
import type { ToolEvidence } from '../../model/optimization/evidence.ts';
import type { Effect, PlannedAction, Target } from '../../model/optimization/plan.ts';
import { significant } from '../../model/significant.ts';
import { blockedShare } from './blockedShare.ts';
import { heldGoodputEffect, heldLatencyEffect } from './heldLoop.ts';
import { QUEUE_FACTOR, type Rules } from './rules.ts';
import type { Saturation } from './saturation.ts';
import { type CurvePoint, pointNear, underWayFor } from './throughputCurve.ts';

const MIN_WAIT_MS = 20;
const MAX_WAIT_MS = 30_000;

interface Limit {
  limit: number;
  maxWaitMs: number;
  maxQueued: number;
  /** What the tool does at the limit. */
  at: CurvePoint;
}

type Proposed = Omit<PlannedAction, 'isPermitted'>;

/** @returns nothing where it would lose more or win less than the strategy allows */
export function limitConcurrency(tool: ToolEvidence, saturation: Saturation, rules: Rules, target: Target): Proposed[] {
  const limit = limitOf(saturation, rules, target);
  const goodput = goodputEffect(saturation, limit);
  const latency = latencyEffect(tool, saturation, limit);
  if (goodput.changePercent !== null && goodput.changePercent < -rules.goodputLossPercent) return [];
  if (latency.changePercent !== null && latency.changePercent > -rules.leastGainPercent) return [];
  const { offeredPerSecond, utilisation, hinderedShare, loopDelayMs } = saturation;
  const action = {
    tool: tool.tool,
    isAutomatic: true,
    why: reasonOf(saturation),
    evidence: {
      offeredPerSecond,
      capacityPerSecond: saturation.peak.perSecond,
      utilisation,
      hinderedShare,
      p99Ms: tool.p99Ms[0],
      underWay: tool.underWay,
      ...(loopDelayMs !== undefined && { eventLoopDelayMs: loopDelayMs }),
    },
    effects: [latency, goodput],
  };
  const concurrency: Proposed = {
    ...action,
    control: 'concurrency',
    settings: { concurrency: policyOf(limit, saturation, rules) },
  };
  if (!rules.sheds) return [concurrency];
  const why = 'While the queue stays long, a call that would wait is refused at once instead of after its wait.';
  const effects = [untold('p99', 'Counted in what the limit changes.')];
  const shed = { targetWaitMs: Math.round(limit.maxWaitMs / 2) };
  return [concurrency, { ...action, control: 'shed', settings: { shed }, why, effects }];
}

/** An effect that the evidence does not tell. */
export function untold(metric: Effect['metric'], basis: string): Effect {
  return { metric, changePercent: null, interval: null, basis };
}

/** Where the limit is a guess, the server finds the right one by itself. */
const WIDEST = { min: 1, max: 64 } as const;

function policyOf({ limit, maxWaitMs, maxQueued }: Limit, { isSwamped }: Saturation, { adaptiveRise }: Rules) {
  const adaptive = isSwamped
    ? WIDEST
    : { min: Math.max(1, Math.floor(limit / 2)), max: Math.ceil(limit * adaptiveRise) };
  return { limit, adaptive, maxQueued, maxWaitMs };
}

function reasonOf({ hinderedShare, utilisation, peak, isSwamped, isStalled, loopDelayMs }: Saturation): string {
  if (loopDelayMs !== undefined)
    return `Its handler computes without a pause, so that calls wait in the socket, where nothing ends their wait: the event loop is ${significant(loopDelayMs, 2)} ms late. A limit lets them in to wait in a queue that has an end.`;
  if (isStalled)
    return 'Far more is under way than ends, and what is under way is old. A limit holds for new calls: if the old ones do not end, restart the server.';
  if (isSwamped)
    return `More is asked of it than the ${significant(peak.perSecond)} calls a second it answers, and they take several times as long as alone.`;
  const load = `asked for ${Math.round(100 * utilisation)} % of what it can do (${significant(peak.perSecond)} calls a second)`;
  return hinderedShare > 0.2
    ? `Its calls hinder each other: with more than ${peak.underWay} under way fewer get done; it is ${load}.`
    : `It is ${load}: with more than ${peak.underWay} under way calls only wait for each other.`;
}

function limitOf({ curve, peak }: Saturation, rules: Rules, target: Target): Limit {
  // One more, so that there is one to go on with when another has ended.
  const limit = 1 + Math.max(1, Math.ceil(underWayFor(curve, rules.capacityShare * peak.perSecond)));
  const at = pointNear(curve, limit);
  const wanted = queueOf(limit, rules, target);
  const maxWaitMs = Math.round(Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, (1_000 * wanted) / peak.perSecond)));
  return { limit, maxWaitMs, maxQueued: Math.max(1, Math.ceil((peak.perSecond * maxWaitMs) / 1_000)), at };
}

/** Places that keep the tool busy through what chance does to arrivals, which grows with the root of how many there are. */
function queueOf(limit: number, { queueFactor }: Rules, target: Target): number {
  return queueFactor * QUEUE_FACTOR[target] * Math.sqrt(limit);
}

/**
 * The p99 is then that of a call at the limit, and at most the longest wait more. Calls that were measured there waited for each
 * other inside the tool as well, which the queue takes over: at best it is what they take on average.
 */
function latencyEffect(
  tool: ToolEvidence,
  { isStalled, loopDelayMs, peak }: Saturation,
  { at, maxWaitMs }: Limit,
): Effect {
  if (loopDelayMs !== undefined) return heldLatencyEffect(tool, loopDelayMs, 1_000 / peak.perSecond, maxWaitMs);
  if (isStalled) return untold('p99', 'Most calls have not ended, and their durations are not known.');
  if (at.level.p99Ms === null) return untold('p99', 'No calls at this limit have been measured by themselves.');
  const [then, , thenHigh] = at.level.p99Ms;
  const [now, nowLow, nowHigh] = tool.p99Ms;
  const change = (after: number, before: number) => 100 * (after / before - 1);
  return {
    metric: 'p99',
    changePercent: change(then + maxWaitMs, now),
    interval: [change(at.level.meanMs, nowHigh), change(thenHigh + maxWaitMs, nowLow)],
    basis: `p99 of ${at.level.calls} calls with about ${at.underWay} under way, and at most ${maxWaitMs} ms of waiting`,
  };
}

/** What comes in, without what finds the queue full. */
function goodputEffect(saturation: Saturation, { limit, maxQueued, at }: Limit): Effect {
  const { offeredPerSecond, okPerSecond, okShare, peak, loopDelayMs } = saturation;
  if (okPerSecond === 0) return untold('goodput', 'Nothing is answered now.');
  const room = limit + maxQueued;
  if (loopDelayMs !== undefined) return heldGoodputEffect(offeredPerSecond / peak.perSecond, room);
  const change = (capacity: number) =>
    100 * ((okShare * offeredPerSecond * (1 - blockedShare(offeredPerSecond / capacity, room))) / okPerSecond - 1);
  return {
    metric: 'goodput',
    changePercent: change(peak.perSecond),
    interval: [change(Math.min(at.low, peak.low)), change(Math.max(at.high, peak.high))],
    basis: `${significant(offeredPerSecond)} calls a second at a capacity of ${significant(peak.perSecond)}, room for ${room}`,
  };
}
