/** Answers `Store.readRollups`: stored rows of the planned levels, plus the minutes that are still in memory. */
import { MINUTE_MS, type SeriesRollup } from '../../model/rollup.ts';
import { Accumulator } from '../accumulator.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { floorTo, LEVEL_NAMES, LEVELS } from '../levels.ts';
import { plan } from '../planner.ts';
import { byServerNameStart } from '../rollupOrder.ts';
import type { RollupAnswer, RollupQuery, TimeRange } from '../store.ts';
import type { OpenMinute } from './openMinutes.ts';
import type { StoreParts } from './parts.ts';
import { ALL_SERVERS_ID } from './seriesRegistry.ts';

/** Below this share of all series, looking them up one by one reads less than a scan. */
const LOOKUP_SHARE = 0.1;

export function readRollups(parts: StoreParts, query: RollupQuery): RollupAnswer {
  const { registry, coverage, rollups, openMinutes } = parts;
  const groupMs = query.groupBy && LEVELS[query.groupBy].spanMs;
  const { pieces, usedRange } = plan(query, query.groupBy ?? 'day', coverage, extent(parts));
  const ids = selectIds(parts, query);
  const wanted = new Set(ids);
  const lookup = query.scope !== 'series' || ids.length <= Math.max(1, registry.size * LOOKUP_SHARE) ? ids : undefined;
  const { server, workspace } = query.filter;
  const isWhole = query.scope === 'series' ? lookup === undefined : (server ?? workspace) === undefined;
  // An answer by the minute is as large as what it is made of, and is asked for once.
  const rememberAs = isWhole && query.groupBy !== 'minute' ? query.scope : undefined;
  const sums = new GroupedSums();

  if (ids.length > 0) {
    for (const { level, fromMs, toMs } of pieces) {
      rollups[level].readGroups(
        { fromMs, toMs, ids: lookup, groupMs, digests: query.digests, rememberAs },
        (id, startMs, sum) => {
          if (wanted.has(id)) sums.at(id, groupMs === undefined ? usedRange.fromMs : startMs).add(sum);
        },
      );
    }
  }
  for (const minute of openMinutes.within(usedRange.fromMs, usedRange.toMs)) {
    const startMs = groupMs === undefined ? usedRange.fromMs : floorTo(groupMs, minute.startMs);
    addOpenMinute(parts, query, minute, wanted, (id) => sums.at(id, startMs));
  }
  return { rollups: sums.toRollups(parts, query.digests), usedRange };
}

function selectIds({ registry }: StoreParts, { scope, filter }: RollupQuery): number[] {
  if (scope === 'all') return [ALL_SERVERS_ID];
  if (scope === 'server') return registry.selectServers(filter).map(({ scopeId }) => scopeId);
  return registry.select(filter);
}

function addOpenMinute(
  { registry }: StoreParts,
  { scope, digests }: RollupQuery,
  { series }: OpenMinute,
  wanted: ReadonlySet<number>,
  sumOf: (id: number) => Accumulator,
): void {
  for (const [id, sum] of series) {
    if (scope !== 'series' && !registry.isTool(id)) continue;
    const target = scope === 'series' ? id : scope === 'server' ? registry.scopeOf(id) : ALL_SERVERS_ID;
    if (wanted.has(target)) sumOf(target).add(sum, digests);
  }
}

/** Where there is anything at all, in rows or in memory. */
export function extent({ rollups, resources, openMinutes }: StoreParts): TimeRange {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const table of LEVEL_NAMES.flatMap((name) => [rollups[name], resources[name]])) {
    const rows = table.extent();
    if (rows === undefined) continue;
    fromMs = Math.min(fromMs, rows.firstMs);
    toMs = Math.max(toMs, rows.lastMs + 1);
  }
  for (const start of openMinutes.starts()) {
    fromMs = Math.min(fromMs, start);
    toMs = Math.max(toMs, start + MINUTE_MS);
  }
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: 0, toMs: 0 };
}

class GroupedSums {
  readonly #sums = new Map<number, Map<number, Accumulator>>();

  at(id: number, startMs: number): Accumulator {
    const groups = getOrInsert(this.#sums, id, () => new Map<number, Accumulator>());
    return getOrInsert(groups, startMs, () => new Accumulator());
  }

  toRollups({ registry }: StoreParts, digests: boolean): SeriesRollup[] {
    const rollups: SeriesRollup[] = [];
    for (const [id, groups] of this.#sums) {
      const series = registry.key(id);
      if (series === undefined) continue;
      for (const [startMs, sum] of groups) rollups.push({ series, startMs, ...sum.toRollup(digests) });
    }
    return rollups.sort(byServerNameStart);
  }
}
