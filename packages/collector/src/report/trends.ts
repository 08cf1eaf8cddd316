/**
 * What changed between the first and the second half of a period. A difference is called a change when it is large
 * enough to matter and too large to be chance; everything else is `stable`, so that a quiet week reads as one.
 */
import { Digest, type Sketch } from '@mcp-vitals/sketch';
import type { Trend } from '../model/report.ts';
import { callCount, errorCount, errorRatePercent, type Rollup, type SeriesRollup } from '../model/rollup.ts';
import { seriesKey } from './halves.ts';

/** Fewer calls in either half say nothing about times or errors. */
const MIN_CALLS = 20;
/** Differences smaller than these are of no interest, however certain. */
const MIN_CHANGE_PERCENT = 20;
const MIN_CHANGE_MS = 1;
const MIN_CHANGE_ERROR_POINTS = 0.5;
/** Standard errors: of 280 tools that did not change, fewer than one is called changed. */
const MIN_Z = 3.5;

const TAIL = 0.05;

export function trendsOf(subject: { server: string; tool: string }, before: Rollup, after: Rollup): Trend[] {
  const trends = [{ ...subject, ...callTrend(callCount(before), callCount(after)) }];
  if (callCount(before) < MIN_CALLS || callCount(after) < MIN_CALLS) return trends;
  return [{ ...subject, ...responseTimeTrend(before, after) }, { ...subject, ...errorTrend(before, after) }, ...trends];
}

/** Trends of the tools that changed, the ones that got worse first, then by how much they changed. */
export function changedTools(before: readonly SeriesRollup[], after: readonly SeriesRollup[]): Trend[] {
  const first = new Map(before.map((rollup) => [seriesKey(rollup), rollup]));
  return after
    .flatMap((rollup) => {
      const earlier = first.get(seriesKey(rollup));
      return earlier ? trendsOf({ server: rollup.series.server, tool: rollup.series.name }, earlier, rollup) : [];
    })
    .filter(({ direction }) => direction === 'degrading' || direction === 'improving')
    .sort((a, b) => Number(b.direction === 'degrading') - Number(a.direction === 'degrading') || size(b) - size(a));
}

type Change = Omit<Trend, 'server' | 'tool'>;

function responseTimeTrend(before: Rollup, after: Rollup): Change {
  const [first, second]: [Sketch, Sketch] = [before.digest ?? new Digest(), after.digest ?? new Digest()];
  const change = compare('response_time', first.quantile(1 - TAIL), second.quantile(1 - TAIL));
  if (Math.abs(change.after - change.before) < MIN_CHANGE_MS || size(change) < MIN_CHANGE_PERCENT) return change;
  if (tailGrowth(first, second) > MIN_Z) return { ...change, direction: 'degrading' };
  if (tailGrowth(second, first) > MIN_Z) return { ...change, direction: 'improving' };
  return change;
}

/** By how many standard errors more than one in twenty of `sample` is slower than the slowest twentieth of `reference`. */
function tailGrowth(reference: Sketch, sample: Sketch): number {
  const slower = sample.countAbove(reference.quantile(1 - TAIL));
  const variance = TAIL * (1 - TAIL) * sample.count * (1 + sample.count / reference.count);
  return (slower - TAIL * sample.count) / Math.sqrt(variance);
}

function errorTrend(before: Rollup, after: Rollup): Change {
  const change = compare('error_rate', errorRatePercent(before), errorRatePercent(after));
  const difference = change.after - change.before;
  const [n, m] = [callCount(before), callCount(after)];
  const pooled = (errorCount(before) + errorCount(after)) / (n + m);
  const standardError = 100 * Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const certain = Math.abs(difference) > MIN_Z * standardError;
  if (!certain || Math.abs(difference) < MIN_CHANGE_ERROR_POINTS) return change;
  return { ...change, direction: difference > 0 ? 'degrading' : 'improving' };
}

function callTrend(before: number, after: number): Change {
  const change = compare('calls', before, after);
  if (size(change) < MIN_CHANGE_PERCENT) return change;
  return { ...change, direction: after > before ? 'rising' : 'falling' };
}

function compare(metric: Trend['metric'], before: number, after: number): Change {
  const changePercent = before === 0 ? null : (100 * (after - before)) / before;
  return { metric, before, after, changePercent, direction: 'stable' };
}

/** Per cent; a change from nothing is larger than any. */
function size({ changePercent, before, after }: Change): number {
  if (changePercent !== null) return Math.abs(changePercent);
  return before === after ? 0 : Number.POSITIVE_INFINITY;
}
