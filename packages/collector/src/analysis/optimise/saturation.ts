/** Whether a tool is asked for more than it can do: its load beside its capacity, and whether its calls hinder each other. */
import type { ToolEvidence } from '../../model/optimization/evidence.ts';
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
  /** Share of the calls, 0 to 1, that began where so many were under way that fewer get done. */
  hinderedShare: number;
}

/** Calls in a minute below which its rate is chance. */
const MIN_MINUTE_CALLS = 30;
const MIN_MINUTE_SECONDS = 3;

/** Throughput that is surely below this share of the greatest is lost to crowding. */
const HINDERED_AT = 0.8;
const HINDERED_SHARE = 0.2;

/** @returns undefined where the tool is not saturated, or nothing shows what it can do */
export function saturationOf(tool: ToolEvidence, instances: number): Saturation | undefined {
  const curve = curveOf(tool.levels);
  const peak = peakOf(curve);
  const busiest = busiestMinute(tool, instances);
  if (peak === undefined || busiest === undefined) return undefined;
  const utilisation = busiest.offeredPerSecond / peak.perSecond;
  const hinderedShare = hinderedShareOf(tool, curve, peak);
  if (utilisation < SATURATED_AT && hinderedShare < HINDERED_SHARE) return undefined;
  return { curve, peak, utilisation, hinderedShare, ...busiest };
}

/** What is under way now came in as well, and has not been answered: it counts as come in over the whole time. */
function busiestMinute({ minutes, underWay }: ToolEvidence, instances: number) {
  const told = minutes.filter(({ calls, seconds }) => calls >= MIN_MINUTE_CALLS && seconds >= MIN_MINUTE_SECONDS);
  const seconds = told.reduce((sum, minute) => sum + minute.seconds, 0);
  const rates = told.map((minute) => ({
    offeredPerSecond: ((minute.calls + minute.cancelled) / minute.seconds + underWay / seconds) / instances,
    okPerSecond: minute.ok / minute.seconds / instances,
    okShare: minute.ok / minute.calls,
  }));
  return rates.sort((a, b) => b.offeredPerSecond - a.offeredPerSecond)[0];
}

function hinderedShareOf({ levels }: ToolEvidence, curve: readonly CurvePoint[], peak: CurvePoint): number {
  const calls = levels.reduce((sum, level) => sum + level.calls, 0);
  const hindered = curve
    .filter(({ underWay, high }) => underWay > peak.underWay && high < HINDERED_AT * peak.low)
    .reduce((sum, { level }) => sum + level.calls, 0);
  return hindered / calls;
}
