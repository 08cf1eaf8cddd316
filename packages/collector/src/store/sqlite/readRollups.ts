/**
 * Answers `Store.readRollups`: stored rows of the planned levels, plus the minutes that are still in memory. A long answer is
 * read in slices that take a few milliseconds each, with ingest between them. A slice has its rows and its minutes in
 * memory at the same moment, so that a minute that is written meanwhile is counted once, by whatever slice it belongs to.
 */
import { Steps } from '../../clock.ts';
import { MINUTE_MS, type SeriesRollup } from '../../model/rollup.ts';
import { Accumulator } from '../accumulator.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { floorTo, LEVEL_NAMES, LEVELS, type LevelName } from '../levels.ts';
import { type Piece, plan } from '../planner.ts';
import { byServerNameStart } from '../rollupOrder.ts';
import type { RollupAnswer, RollupQuery, TimeRange } from '../store.ts';
import type { OpenMinute } from './openMinutes.ts';
import type { StoreParts } from './parts.ts';
import type { CachedSum } from './pieceCache.ts';
import { areMost, type Slice, slicesOf } from './rollupSlices.ts';
import { ALL_SERVERS_ID } from './seriesRegistry.ts';

export function readRollups(parts: StoreParts, query: RollupQuery): Promise<RollupAnswer> {
  return new RollupReading(parts, query).read();
}

/** One question while it is answered. */
class RollupReading {
  readonly #steps = new Steps();
  readonly #sums = new GroupedSums();
  readonly #coarsest: LevelName;
  readonly #groupMs: number | undefined;
  readonly #ids: readonly number[];
  #usedRange: TimeRange;

  constructor(
    private readonly parts: StoreParts,
    private readonly query: RollupQuery,
  ) {
    this.#coarsest = query.groupBy ?? 'day';
    this.#groupMs = query.groupBy && LEVELS[query.groupBy].spanMs;
    this.#ids = selectIds(parts, query);
    this.#usedRange = query;
  }

  async read(): Promise<RollupAnswer> {
    const { pieces, usedRange } = plan(this.query, this.#coarsest, this.parts.coverage, extent(this.parts));
    this.#usedRange = usedRange;
    if (this.#ids.length > 0) for (const piece of pieces) await this.#readPiece(piece);
    return { rollups: await this.#sums.toRollups(this.parts, this.query.digests, this.#steps), usedRange };
  }

  async #readPiece(piece: Piece): Promise<void> {
    if (!this.#isKept()) return this.#readSlices(piece, this.#sums);
    const { cache } = this.parts.rollups[piece.level];
    const { version } = cache;
    const { scope, filter } = this.query;
    const key = JSON.stringify([scope, filter, piece.fromMs, piece.toMs, this.#groupMs]);
    const known = cache.get(key);
    if (known !== undefined) {
      this.#addOpenMinutes(piece, this.#ids);
      this.#addSums(known);
      return this.#steps.end();
    }
    const ofPiece = new GroupedSums();
    await this.#readSlices(piece, ofPiece);
    const made = await ofPiece.merged(this.#steps);
    cache.set(key, made, version);
    this.#addSums(made);
  }

  /** What is asked about most of what there is, is asked again. An answer by the minute is as large as what it is made of. */
  #isKept(): boolean {
    const { scope, groupBy, digests, filter } = this.query;
    if (groupBy === 'minute' || !digests) return false;
    if (scope === 'series') return areMost(this.#ids, this.parts.registry.size);
    return (filter.server ?? filter.workspace) === undefined;
  }

  /** @param rows is given the sums of rows; what is in memory goes to the answer at once */
  async #readSlices(piece: Piece, rows: GroupedSums): Promise<void> {
    for (const slice of slicesOf(piece, this.#ids, this.parts.registry.size, this.query)) {
      this.#readRows(slice, rows);
      this.#addOpenMinutes(slice, slice.ids);
      await this.#steps.end();
    }
  }

  #readRows(slice: Slice, rows: GroupedSums): void {
    const { digests, scope } = this.query;
    const isWanted = slice.lookup === undefined ? new Set(slice.ids) : undefined;
    for (const { level, fromMs, toMs } of this.#piecesNow(slice)) {
      const selection = { fromMs, toMs, ids: slice.lookup, groupMs: this.#groupMs, digests };
      this.parts.rollups[level].readGroups(selection, (id, startMs, sum) => {
        if (isWanted !== undefined && !isWanted.has(id)) return;
        // Merged while there are few: those of all servers are large.
        if (digests && scope !== 'series' && !sum.empty) sum.digest();
        rows.at(id, this.#groupStart(startMs)).add(sum, digests);
      });
    }
  }

  /** A row that a late window has made stale since it was planned is put together from finer ones. */
  #piecesNow({ level, fromMs, toMs }: Slice): Piece[] {
    const { coverage } = this.parts;
    if (level === 'minute') return [{ level, fromMs, toMs }];
    for (let startMs = fromMs; startMs < toMs; startMs += LEVELS[level].spanMs) {
      if (coverage.isDirty(level, startMs)) return plan({ fromMs, toMs }, level, coverage, { fromMs, toMs }).pieces;
    }
    return [{ level, fromMs, toMs }];
  }

  #addOpenMinutes({ fromMs, toMs }: TimeRange, ids: readonly number[]): void {
    let wanted: Set<number> | undefined;
    for (const minute of this.parts.openMinutes.within(fromMs, toMs)) {
      const startMs = this.#groupStart(minute.startMs);
      wanted ??= new Set(ids);
      addOpenMinute(this.parts, this.query, minute, wanted, (id) => this.#sums.at(id, startMs));
    }
  }

  #addSums(sums: readonly CachedSum[]): void {
    const { digests } = this.query;
    for (const { series, startMs, sum } of sums) this.#sums.at(series, this.#groupStart(startMs)).add(sum, digests);
  }

  #groupStart(startMs: number): number {
    return this.#groupMs === undefined ? this.#usedRange.fromMs : floorTo(this.#groupMs, startMs);
  }
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

  /** With the digests of each sum merged into one, so that this is not done again and again. */
  async merged(steps: Steps): Promise<CachedSum[]> {
    const made: CachedSum[] = [];
    for (const [series, groups] of this.#sums) {
      for (const [startMs, sum] of groups) {
        if (!sum.empty) sum.digest();
        made.push({ series, startMs, sum });
        await steps.end();
      }
    }
    return made;
  }

  async toRollups({ registry }: StoreParts, digests: boolean, steps: Steps): Promise<SeriesRollup[]> {
    const rollups: SeriesRollup[] = [];
    for (const [id, groups] of this.#sums) {
      const series = registry.key(id);
      if (series === undefined) continue;
      for (const [startMs, sum] of groups) rollups.push({ series, startMs, ...sum.toRollup(digests) });
      await steps.end();
    }
    return rollups.sort(byServerNameStart);
  }
}
