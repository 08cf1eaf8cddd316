/** Rows as they are stored, page by page, for those who write them elsewhere. */
import { nextTurn } from '../../clock.ts';
import type { RollupLevel, StoredResources, StoredRollup, TimeRange } from '../store.ts';
import type { StoreParts } from './parts.ts';
import { ALL_SERVERS_ID } from './seriesRegistry.ts';

const PAGE_ROWS = 2_000;

export async function* scanRollups(
  { rollups, registry }: StoreParts,
  level: RollupLevel,
  range: TimeRange,
): AsyncIterable<StoredRollup[]> {
  let { fromMs } = range;
  let afterSeries = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = rollups[level].page(fromMs, afterSeries, range.toMs, PAGE_ROWS);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page.flatMap(({ series: id, ...row }) => {
      const series = registry.key(id);
      const scope = id > 0 ? 'series' : id === ALL_SERVERS_ID ? 'all' : 'server';
      return series === undefined ? [] : [{ ...row, series, scope } satisfies StoredRollup];
    });
    fromMs = last.startMs;
    afterSeries = last.series;
    await nextTurn();
  }
}

export async function* scanResources(
  { resources }: StoreParts,
  level: RollupLevel,
  range: TimeRange,
): AsyncIterable<StoredResources[]> {
  // No server has an empty name, so this comes before every row that starts at `fromMs`.
  let after: Pick<StoredResources, 'startMs' | 'server' | 'instance'> = {
    startMs: range.fromMs,
    server: '',
    instance: '',
  };
  for (;;) {
    const page = resources[level].page(after, range.toMs, PAGE_ROWS);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last;
    await nextTurn();
  }
}
