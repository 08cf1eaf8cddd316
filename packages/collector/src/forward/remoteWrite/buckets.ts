/** How running totals keep durations for histograms with fixed buckets: all boundaries that a series' families have. */
import { addBucketCounts, type Family, SERVER_FAMILIES } from '@mcp-vitals/prometheus';
import { Digest, partsOf } from '@mcp-vitals/sketch';
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { UNIT_OF_KIND } from '../../model/series.ts';
import type { Distributions } from '../totals.ts';

const FAMILIES: Readonly<Record<string, readonly Family[]>> = {
  tool: [SERVER_FAMILIES.toolDuration, SERVER_FAMILIES.operationDuration],
  resource: [SERVER_FAMILIES.operationDuration],
  prompt: [SERVER_FAMILIES.operationDuration],
  method: [SERVER_FAMILIES.operationDuration],
  wait: [SERVER_FAMILIES.toolWait],
  result_bytes: [SERVER_FAMILIES.toolResultSize],
  custom: [SERVER_FAMILIES.toolDuration, SERVER_FAMILIES.databaseDuration],
};

const NONE: readonly number[] = [];

const BOUNDS = new Map(
  Object.entries(FAMILIES).map(([kind, families]) => {
    const bounds = new Set(families.flatMap(({ buckets = NONE }) => [...buckets]));
    return [kind, [...bounds].sort((a, b) => a - b)];
  }),
);

/** What one unit of a series' values is in that of its family. */
export const UNITS_PER_MS = Object.fromEntries(
  Object.entries(UNIT_OF_KIND).map(([kind, unit]) => [kind, unit === 'ms' ? 1 / 1000 : 1]),
) as Readonly<Record<SeriesKind, number>>;

/** Ascending, in the unit of the families; empty for what has no durations. */
export function bucketBounds(kind: SeriesKind): readonly number[] {
  return BOUNDS.get(kind) ?? NONE;
}

export const BUCKET_COUNTS: Distributions<number[]> = {
  of({ kind, sketch }) {
    const bounds = bucketBounds(kind);
    if (bounds.length === 0 || sketch === undefined) return undefined;
    const counts = new Float64Array(bounds.length);
    const inSamples = bounds.map((bound) => Math.round((bound / UNITS_PER_MS[kind]) * 1e6) / 1e6);
    const { digest = new Digest(), histogram } = partsOf(sketch);
    addBucketCounts({ digest, ...(histogram && { histogram }) }, inSamples, counts);
    return [...counts];
  },
  merge: (a, b) => b.map((count, i) => count + (a[i] ?? 0)),
};
