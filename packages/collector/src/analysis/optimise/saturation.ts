/** Whether a tool is asked for more than it can do: its load beside its capacity, and whether its calls hinder each other. */
import type { ServerEvidence, ToolEvidence } from '../../model/optimization/evidence.ts';
import { heldLoopDelayMs, heldLoopPeak } from './heldLoop.ts';
import { SATURATED_AT } from './rules.ts';
import { type CurvePoint, curveOf, peakOf } from './throughputCurve.ts';

export interface Saturation {
  curve: readonly CurvePoint[];
  peak: CurvePoint;
  /** Calls a second that one process is asked for, in the busiest of the minutes. */
  offeredPerSecond: number;
  /** Calls a second that one process answers, in the same minute. */
  okPerSecond: number;
  /** Of the calls that ended in that minute, how many did not fail, 0 to 1. */
  okShare: number;
  /** Load by capacity. */
  utilisation: number;
  /** Whether so much was asked from the start that nothing shows what less would do: the peak is a guess then, to begin at. */
  isSwamped: boolean;
  /** Whether hardly anything ends any more: durations, which are of calls that ended, do not show it then. */
  isStalled: boolean;
  /**
   * How late the event loop is on average, in milliseconds, because its handler computes without a pause: further calls wait in
   * the socket, where they are neither timed nor counted. Undefined where calls wait inside the tool.
   */
  loopDelayMs: number | undefined;
  /** Share of the calls, 0 to 1, that began where so many were under way that fewer get done. */
  hinderedShare: number;
}

/** Calls in a minute below which its rate is chance. */
const MIN_MINUTE_CALLS = 30;
const MIN_MINUTE_SECONDS = 3;

/** Throughput that is surely below this share of the greatest is lost to crowding. */
const HINDERED_AT = 0.8;
const HINDERED_SHARE = 0.2;

const MANY_UNDER_WAY = 65;
/** Calls that take so many times as long as alone wait for something. */
const OVERRUN_RISE = 3;
/** Calls that show what one takes where few are under way; more would have waited for each other. */
const BASE_CALLS = 20;
/** Of the calls, at least so many began beside more others than are told apart. */
const SWAMPED_SHARE = 0.5;
/** So many times as many are under way as have ended, of calls that are older than so many times what one takes alone. */
const STALLED_SHARE = 2;
const STALLED_RISE = 20;

/** @returns undefined where the tool is not saturated, or nothing shows what it can do */
export function saturationOf(tool: ToolEvidence, server: ServerEvidence): Saturation | undefined {
  const { instances } = server;
  const busiest = busiestMinute(tool, instances);
  if (busiest === undefined) return undefined;
  const loopDelayMs = heldLoopDelayMs(tool, server);
  if (loopDelayMs !== undefined) return ofHeldLoop(tool, loopDelayMs, busiest);
  const told = curveOf(tool.levels);
  const seenPeak = peakOf(told);
  const isStalled = isStalledTool(tool, instances);
  const peak = seenPeak ?? (isStalled || isSwampedTool(tool) ? guessedPeak(tool, instances) : undefined);
  if (peak === undefined) return undefined;
  const isSwamped = seenPeak === undefined;
  const curve = isSwamped ? [peak] : told;
  const utilisation = busiest.offeredPerSecond / peak.perSecond;
  const hinderedShare = hinderedShareOf(tool, curve, peak);
  const isShort =
    utilisation >= SATURATED_AT || hinderedShare >= HINDERED_SHARE || isStalled || isOverrun(tool, instances);
  if (!isShort) return undefined;
  return { curve, peak, utilisation, isSwamped, isStalled, loopDelayMs, hinderedShare, ...busiest };
}

type Busiest = Pick<Saturation, 'offeredPerSecond' | 'okPerSecond' | 'okShare'>;

function ofHeldLoop(tool: ToolEvidence, loopDelayMs: number, busiest: Busiest): Saturation | undefined {
  if (busiest.okPerSecond === 0) return undefined;
  const peak = heldLoopPeak(tool, busiest.okPerSecond);
  const utilisation = busiest.offeredPerSecond / peak.perSecond;
  const asMeasured = { isSwamped: false, isStalled: false, hinderedShare: 0 };
  return { curve: [peak], peak, utilisation, loopDelayMs, ...asMeasured, ...busiest };
}

function isTelling({ calls, seconds }: ToolEvidence['minutes'][number]): boolean {
  return calls >= MIN_MINUTE_CALLS && seconds >= MIN_MINUTE_SECONDS;
}

/** What is under way now came in as well, and has not been answered: it counts as come in over the whole time. */
function busiestMinute({ minutes, underWay }: ToolEvidence, instances: number): Busiest | undefined {
  const told = minutes.filter(isTelling);
  const seconds = told.reduce((sum, minute) => sum + minute.seconds, 0);
  const rates = told.map((minute) => ({
    offeredPerSecond: ((minute.calls + minute.cancelled) / minute.seconds + underWay / seconds) / instances,
    okPerSecond: minute.ok / minute.seconds / instances,
    okShare: minute.ok / minute.calls,
  }));
  return rates.sort((a, b) => b.offeredPerSecond - a.offeredPerSecond)[0];
}

/** More under way than calls are told apart by, and each far slower than alone: more comes in than gets done. */
function isOverrun({ levels, underWay }: ToolEvidence, instances: number): boolean {
  const baseMs = baseDurationMs(levels);
  const slowest = levels.at(-1);
  if (baseMs === undefined || slowest === undefined || underWay / instances < MANY_UNDER_WAY) return false;
  return slowest.meanMs >= OVERRUN_RISE * baseMs;
}

function hinderedShareOf({ levels }: ToolEvidence, curve: readonly CurvePoint[], peak: CurvePoint): number {
  const calls = levels.reduce((sum, level) => sum + level.calls, 0);
  const hindered = curve
    .filter(({ underWay, high }) => underWay > peak.underWay && high < HINDERED_AT * peak.low)
    .reduce((sum, { level }) => sum + level.calls, 0);
  return hindered / calls;
}

/** Almost all calls began beside many others, and took far longer than alone. */
function isSwampedTool({ levels, calls }: ToolEvidence): boolean {
  const baseMs = baseDurationMs(levels);
  const open = levels.find(({ greatest }) => greatest === null);
  if (open === undefined || baseMs === undefined) return false;
  return open.calls >= SWAMPED_SHARE * calls && open.meanMs >= OVERRUN_RISE * baseMs;
}

/** Hardly anything ends any more: what is under way is many, old, and far more than ended. A queue grows slower than that. */
function isStalledTool({ levels, calls, underWay, oldestAgeMs }: ToolEvidence, instances: number): boolean {
  const baseMs = baseDurationMs(levels);
  if (baseMs === undefined || underWay / instances < MANY_UNDER_WAY) return false;
  return underWay >= STALLED_SHARE * calls && oldestAgeMs >= STALLED_RISE * baseMs;
}

/**
 * A tool that is always busy does what it can: what it answers a second, at its best. The calls under way with which it would do
 * so are, by Little's law, as many as that times what a call takes by itself.
 */
function guessedPeak({ levels, minutes }: ToolEvidence, instances: number): CurvePoint | undefined {
  const baseMs = baseDurationMs(levels);
  const perSecond = Math.max(0, ...minutes.filter(isTelling).map(({ ok, seconds }) => ok / seconds / instances));
  if (baseMs === undefined || perSecond === 0) return undefined;
  const underWay = Math.max(1, (perSecond * baseMs) / 1_000);
  const level = { least: underWay, greatest: underWay, calls: 0, meanMs: baseMs, deviationMs: 0, p99Ms: null };
  return { underWay, perSecond, low: perSecond, high: perSecond, level };
}

function baseDurationMs(levels: ToolEvidence['levels']): number | undefined {
  let calls = 0;
  let sumMs = 0;
  for (const level of levels) {
    if (level.greatest === null) return undefined;
    calls += level.calls;
    sumMs += level.calls * level.meanMs;
    if (calls >= BASE_CALLS) return sumMs / calls;
  }
  return undefined;
}
