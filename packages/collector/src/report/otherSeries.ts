/** What a report can say of series that are no tools: other requests, waiting, sizes, and what authors measure themselves. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { otherSeriesStats } from '../model/callStats.ts';
import type { OtherSeriesStats } from '../model/report.ts';
import { callCount } from '../model/rollup.ts';
import { MEASURED_KINDS } from '../model/series.ts';
import type { Store, TimeRange } from '../store/store.ts';

const OTHER_KINDS: readonly SeriesKind[] = MEASURED_KINDS.filter((kind) => kind !== 'tool');

/** Most samples first. */
export async function readOtherSeries(
  store: Store,
  range: TimeRange,
  server: string | undefined,
): Promise<OtherSeriesStats[]> {
  const filter = { server, kinds: OTHER_KINDS };
  const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', digests: true });
  return rollups
    .filter((rollup) => callCount(rollup) > 0)
    .map(otherSeriesStats)
    .sort((a, b) => b.samples - a.samples);
}
