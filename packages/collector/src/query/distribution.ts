/** How durations are spread over a span, and over another one to compare with, in the same bins. */
import { statsOf } from '../model/callStats.ts';
import { mergeRollups } from '../model/mergeRollups.ts';
import type { Rollup } from '../model/rollup.ts';
import type { Distribution, Subject } from '../model/timeline.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { countsWithin, logBins } from './logBins.ts';
import { selectionOf } from './timeline.ts';

const BINS = 60;

/** @param ranges one or two */
export async function readDistribution(
  store: Pick<Store, 'readRollups'>,
  subject: Subject,
  ranges: readonly TimeRange[],
): Promise<Distribution> {
  const spans = await Promise.all(ranges.map((range) => readSpan(store, subject, range)));
  const finite = (values: readonly number[]) => values.filter((value) => !Number.isNaN(value));
  const minMs = Math.min(...finite(spans.map(({ rollup }) => rollup.minMs)));
  const maxMs = Math.max(...finite(spans.map(({ rollup }) => rollup.maxMs)));
  const boundsMs = logBins(minMs, maxMs, BINS);
  return {
    boundsMs,
    spans: spans.map(({ range, rollup }) => {
      const summary = statsOf(rollup);
      const counts = countsWithin(rollup.digest, boundsMs);
      return { ...range, sharePercent: counts.map((count) => (100 * count) / Math.max(1, summary.calls)), summary };
    }),
  };
}

async function readSpan(
  store: Pick<Store, 'readRollups'>,
  subject: Subject,
  range: TimeRange,
): Promise<{ range: TimeRange; rollup: Rollup }> {
  const { rollups, usedRange } = await store.readRollups({ ...selectionOf(subject), ...range, digests: true });
  return { range: usedRange, rollup: mergeRollups(rollups) };
}
