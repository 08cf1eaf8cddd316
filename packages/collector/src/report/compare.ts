/**
 * Whether one side is worse than the other, tool by tool, by confidence intervals: of quantiles by order statistics, of error
 * rates by Wilson. "Worse" is said when the interval of the second side lies above that of the first by more than the
 * tolerance, so that neither few calls nor small changes stop a release.
 */
import type { Compared, Comparison, ToolComparison } from '../model/comparison.ts';
import {
  ERROR_TOLERANCE_POINTS,
  type Interval,
  MIN_COMPARED_CALLS,
  quantileInterval,
  shareInterval,
  TIME_TOLERANCE_MS,
} from '../model/intervals.ts';
import { callCount, errorCount, type Rollup } from '../model/rollup.ts';

/** One in a hundred comparisons of sides that are the same is beyond this, one-sided; with two intervals, one in thousands. */
const Z = 2.33;
/** What is a tenth slower is not slower to anybody. */
const TIME_TOLERANCE = 1.1;

export function compare(
  from: string,
  to: string,
  fromTools: ReadonlyMap<string, Rollup>,
  toTools: ReadonlyMap<string, Rollup>,
): Comparison {
  const tools = [...toTools.keys()]
    .filter((tool) => fromTools.has(tool))
    .sort()
    .map((tool) => compareTool(tool, fromTools.get(tool)!, toTools.get(tool)!));
  const isWorse = tools.some(({ p50Ms, p95Ms, errorPercent }) =>
    [p50Ms, p95Ms, errorPercent].some(({ verdict }) => verdict === 'worse'),
  );
  return { from, to, tools, isWorse };
}

function compareTool(tool: string, from: Rollup, to: Rollup): ToolComparison {
  const calls: ToolComparison['calls'] = [callCount(from), callCount(to)];
  const isKnown = Math.min(...calls) >= MIN_COMPARED_CALLS;
  return {
    tool,
    calls,
    p50Ms: compareQuantile(0.5, from, to, isKnown),
    p95Ms: compareQuantile(0.95, from, to, isKnown),
    errorPercent: compareErrors(from, to, isKnown),
  };
}

function compareQuantile(q: number, from: Rollup, to: Rollup, isKnown: boolean): Compared {
  const worseAbove = ([, high]: Interval) => Math.max(high * TIME_TOLERANCE, high + TIME_TOLERANCE_MS);
  const quantileOf = ({ digest }: Rollup) => digest?.quantile(q) ?? Number.NaN;
  return compared(quantileOf(from), quantileOf(to), isKnown, intervalOf(q, from), intervalOf(q, to), worseAbove);
}

function compareErrors(from: Rollup, to: Rollup, isKnown: boolean): Compared {
  const percent = (rollup: Rollup) => (100 * errorCount(rollup)) / callCount(rollup);
  const worseAbove = ([, high]: Interval) => high + ERROR_TOLERANCE_POINTS;
  return compared(percent(from), percent(to), isKnown, errorInterval(from), errorInterval(to), worseAbove);
}

function compared(
  from: number,
  to: number,
  isKnown: boolean,
  fromInterval: Interval,
  toInterval: Interval,
  worseAbove: (interval: Interval) => number,
): Compared {
  const values = { from: Number.isNaN(from) ? null : from, to: Number.isNaN(to) ? null : to };
  if (!isKnown) return { ...values, verdict: 'unknown' };
  if (toInterval[0] > worseAbove(fromInterval)) return { ...values, verdict: 'worse' };
  if (fromInterval[0] > worseAbove(toInterval)) return { ...values, verdict: 'better' };
  return { ...values, verdict: 'same' };
}

function intervalOf(q: number, rollup: Rollup): Interval {
  const count = callCount(rollup);
  if (rollup.digest === undefined || count === 0) return [Number.NaN, Number.NaN];
  return quantileInterval(q, rollup.digest, count, Z);
}

/** Per cent. */
function errorInterval(rollup: Rollup): Interval {
  const calls = callCount(rollup);
  if (calls === 0) return [Number.NaN, Number.NaN];
  const [low, high] = shareInterval(errorCount(rollup) / calls, calls, Z);
  return [100 * low, 100 * high];
}
