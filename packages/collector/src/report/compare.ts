/**
 * Whether one side is worse than the other, tool by tool, by confidence intervals: of quantiles by order statistics, of error
 * rates by Wilson. "Worse" is said when the interval of the second side lies above that of the first by more than the
 * tolerance, so that neither few calls nor small changes stop a release.
 */
import type { Compared, Comparison, ToolComparison } from '../model/comparison.ts';
import { callCount, errorCount, type Rollup } from '../model/rollup.ts';

/** Calls on each side below which nothing is said. */
const MIN_CALLS = 30;
/** One in a hundred comparisons of sides that are the same is beyond this, one-sided; with two intervals, one in thousands. */
const Z = 2.33;
/** What is a tenth slower is not slower to anybody. */
const TIME_TOLERANCE = 1.1;
/** And no difference below a millisecond. */
const TIME_TOLERANCE_MS = 1;
const ERROR_TOLERANCE_POINTS = 0.5;

type Interval = [low: number, high: number];

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
  const isKnown = Math.min(...calls) >= MIN_CALLS;
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
  return compared(
    quantileOf(from),
    quantileOf(to),
    isKnown,
    quantileInterval(q, from),
    quantileInterval(q, to),
    worseAbove,
  );
}

function compareErrors(from: Rollup, to: Rollup, isKnown: boolean): Compared {
  const percent = (rollup: Rollup) => (100 * errorCount(rollup)) / callCount(rollup);
  const worseAbove = ([, high]: Interval) => high + ERROR_TOLERANCE_POINTS;
  return compared(percent(from), percent(to), isKnown, wilson(from), wilson(to), worseAbove);
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

/**
 * The samples between which the quantile of what they were drawn from lies: ranks by the normal limit of the binomial. Of few
 * calls no sample is a bound, and there is none: the slowest of 30 calls is below the p95 once in five times.
 */
function quantileInterval(q: number, rollup: Rollup): Interval {
  const { digest } = rollup;
  const count = callCount(rollup);
  if (digest === undefined || count === 0) return [Number.NaN, Number.NaN];
  const reach = Z * Math.sqrt((q * (1 - q)) / count);
  const low = q - reach > 0 ? digest.quantile(q - reach) : 0;
  return [low, q + reach < 1 ? digest.quantile(q + reach) : Number.POSITIVE_INFINITY];
}

/** Per cent. */
function wilson(rollup: Rollup): Interval {
  const calls = callCount(rollup);
  if (calls === 0) return [Number.NaN, Number.NaN];
  const share = errorCount(rollup) / calls;
  const scale = 1 + Z ** 2 / calls;
  const center = (share + Z ** 2 / (2 * calls)) / scale;
  const reach = (Z * Math.sqrt((share * (1 - share)) / calls + Z ** 2 / (4 * calls ** 2))) / scale;
  return [100 * Math.max(0, center - reach), 100 * Math.min(1, center + reach)];
}
