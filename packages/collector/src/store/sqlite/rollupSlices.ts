/** Cuts what is to be read into parts that take a few milliseconds each. */
import { LEVELS } from '../levels.ts';
import type { Piece } from '../planner.ts';
import type { RollupQuery } from '../store.ts';

/** Rows of a level whose starts lie within a range, of some series. */
export interface Slice extends Piece {
  ids: readonly number[];
  /** The same where they are looked up one by one; undefined where all rows are read, and those of others left out. */
  lookup: readonly number[] | undefined;
}

/** Below this share of all series, looking them up one by one reads less than a scan. */
const LOOKUP_SHARE = 0.1;

/** Rows that are read and summed up in about two milliseconds. Digests of servers, and of all, have more to be merged. */
const MAX_ROWS = 400;
const MAX_ROWS_WITH_DIGESTS: Readonly<Record<RollupQuery['scope'], number>> = { series: 80, server: 60, all: 6 };

/** @param seriesCount how many there are */
export function areMost(ids: readonly number[], seriesCount: number): boolean {
  return ids.length > Math.max(1, seriesCount * LOOKUP_SHARE);
}

/** @param seriesCount how many there are */
export function* slicesOf(
  { level, fromMs, toMs }: Piece,
  ids: readonly number[],
  seriesCount: number,
  { scope, digests }: Pick<RollupQuery, 'scope' | 'digests'>,
): Iterable<Slice> {
  const maxRows = digests ? MAX_ROWS_WITH_DIGESTS[scope] : MAX_ROWS;
  const isScan = scope === 'series' && areMost(ids, seriesCount) && ids.length <= maxRows;
  const stepMs = LEVELS[level].spanMs * Math.max(1, Math.floor(maxRows / ids.length));
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const range = { fromMs: atMs, toMs: Math.min(toMs, atMs + stepMs) };
    for (let first = 0; first < ids.length; first += maxRows) {
      const some = ids.slice(first, first + maxRows);
      yield { level, ...range, ids: some, lookup: isScan ? undefined : some };
    }
  }
}
