/** What a report can say of series that are no tools: other requests, waiting, sizes, and what authors measure themselves. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import type { OtherSeriesStats } from '../model/report.ts';
import { averageMs, callCount, errorRatePercent, type SeriesRollup } from '../model/rollup.ts';
import { MEASURED_KINDS, UNIT_OF_KIND } from '../model/series.ts';
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

function otherSeriesStats(rollup: SeriesRollup): OtherSeriesStats {
  const { server, name } = rollup.series;
  const kind = rollup.series.kind as OtherSeriesStats['kind'];
  return {
    server,
    kind,
    name,
    unit: UNIT_OF_KIND[kind],
    samples: callCount(rollup),
    errorRatePercent: errorRatePercent(rollup),
    sum: rollup.sumMs,
    avg: averageMs(rollup),
    p95: rollup.digest!.quantile(0.95),
    max: rollup.maxMs,
  };
}
