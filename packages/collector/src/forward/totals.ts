/**
 * What has been forwarded of a server since it began, series by series: receivers of running totals want each minute's on
 * top of those before. Saved with the cursor, so that a restart goes on where the last process was acknowledged.
 */

import { UNSAMPLED } from '@mcp-vitals/prometheus';
import type { OutcomeCounts, SeriesKind } from '@mcp-vitals/wire/decode';
import { callCount, errorCount } from '../model/rollup.ts';
import { OVERFLOW_NAME } from '../model/series.ts';
import { type SeriesMinute, type ServerMinute, type Span, seriesKey } from './minute.ts';

/** How a protocol keeps durations; what it keeps is plain JSON. */
export interface Distributions<Distribution> {
  of(series: SeriesMinute): Distribution | undefined;
  merge(a: Distribution, b: Distribution): Distribution;
}

export interface SeriesTotal<Distribution> {
  kind: SeriesKind;
  name: string;
  /** When the total began: the start of its first minute. */
  sinceMs: number;
  outcomes: OutcomeCounts;
  /** In the unit of the samples. */
  sum: number;
  /** Of samples; null before the first. */
  min: number | null;
  max: number | null;
  distribution: Distribution | undefined;
  /** Failures by class; pairs, because a class may be called anything. */
  errors: [errorClass: string, count: number][];
  /** Mean of a gauge over its newest minute. */
  mean: number;
}

export interface ServerTotals<Distribution> {
  sinceMs: number;
  series: SeriesTotal<Distribution>[];
  diskIoBytes: number;
}

/** Classes of a series that are told apart. */
const MAX_ERROR_CLASSES = 20;

const BYTES_PER_KB = 1024;

/** Totals with a minute on top; what is given stays as it is. */
export function addMinute<Distribution>(
  totals: ServerTotals<Distribution> | undefined,
  { series, resources }: ServerMinute,
  { fromMs }: Span,
  distributions: Distributions<Distribution>,
): ServerTotals<Distribution> {
  const byKey = new Map((totals?.series ?? []).map((total) => [seriesKey(total), total]));
  for (const [key, added] of series) byKey.set(key, addSeries(byKey.get(key), added, fromMs, distributions));
  return {
    sinceMs: totals?.sinceMs ?? fromMs,
    series: [...byKey.values()],
    diskIoBytes: (totals?.diskIoBytes ?? 0) + Math.round((resources?.diskIoKb ?? 0) * BYTES_PER_KB),
  };
}

function addSeries<Distribution>(
  total: SeriesTotal<Distribution> | undefined,
  added: SeriesMinute,
  sinceMs: number,
  distributions: Distributions<Distribution>,
): SeriesTotal<Distribution> {
  const { kind, name, outcomes, sumMs, minMs, maxMs } = added;
  const count = callCount(added);
  const distribution = distributions.of(added);
  const before = total?.distribution;
  return {
    kind,
    name,
    sinceMs: total?.sinceMs ?? sinceMs,
    outcomes: outcomes.map((more, i) => more + (total?.outcomes[i] ?? 0)) as OutcomeCounts,
    // A sender that means harm may send less than nothing, and sums never fall.
    sum: (total?.sum ?? 0) + (kind === 'gauge' ? sumMs : Math.max(0, sumMs)),
    min: count === 0 ? (total?.min ?? null) : Math.min(minMs, total?.min ?? minMs),
    max: count === 0 ? (total?.max ?? null) : Math.max(maxMs, total?.max ?? maxMs),
    distribution: before && distribution ? distributions.merge(before, distribution) : (distribution ?? before),
    errors: addErrors(total?.errors ?? [], added),
    mean: count === 0 ? (total?.mean ?? 0) : sumMs / count,
  };
}

function addErrors(before: readonly [string, number][], added: SeriesMinute): [string, number][] {
  const failed = errorCount(added);
  if (failed === 0) return [...before];
  const counts = new Map(before);
  let unsampled = failed;
  for (const [errorClass, count] of added.errorClasses) {
    const key = counts.has(errorClass) || counts.size < MAX_ERROR_CLASSES ? errorClass : OVERFLOW_NAME;
    counts.set(key, (counts.get(key) ?? 0) + count);
    unsampled -= count;
  }
  if (unsampled > 0) counts.set(UNSAMPLED, (counts.get(UNSAMPLED) ?? 0) + unsampled);
  return [...counts];
}
