/**
 * Which rows answer a range: the coarsest level that is exact for each part of it. Whole days that are merged and clean come
 * from day rows, whole hours from hour rows, the edges from minute rows. Where finer rows are gone, the range grows to
 * what is still there.
 */
import { ceilTo, floorTo, LEVELS, type LevelName, type MergedLevelName } from './levels.ts';
import type { TimeRange } from './store.ts';

/** What the planner needs to know of a store; see `Coverage`. */
export interface LevelCoverage {
  keptFrom: Readonly<Record<LevelName, number>>;
  mergedUntil: Readonly<Record<MergedLevelName, number>>;
  isDirty(level: MergedLevelName, startMs: number): boolean;
}

export interface Piece extends TimeRange {
  level: LevelName;
}

export interface Plan {
  /** Ascending, adjoining, clipped to where there are rows. */
  pieces: Piece[];
  usedRange: TimeRange;
}

/**
 * @param coarsest the widest rows the answer can be made of: `hour` when it is grouped by hour
 * @param extent where there are rows at all, so that a query from 1970 on walks no empty years
 */
export function plan(range: TimeRange, coarsest: LevelName, coverage: LevelCoverage, extent: TimeRange): Plan {
  const usedRange = snap(range, coverage);
  const pieces: Piece[] = [];
  const day = LEVELS.day.spanMs;
  let at = Math.max(usedRange.fromMs, floorTo(day, extent.fromMs));
  const end = Math.min(usedRange.toMs, ceilTo(day, extent.toMs));
  while (at < end) {
    const level = levelAt(at, end, coarsest, coverage);
    const next = Math.min(end, floorTo(LEVELS[level].spanMs, at) + LEVELS[level].spanMs);
    const last = pieces.at(-1);
    if (last?.level === level) last.toMs = next;
    else pieces.push({ level, fromMs: at, toMs: next });
    at = next;
  }
  return { pieces, usedRange };
}

/** Widens a range to whole rows of the finest level kept at each end. */
export function snap({ fromMs, toMs }: TimeRange, { keptFrom }: Pick<LevelCoverage, 'keptFrom'>): TimeRange {
  return { fromMs: floorTo(finestSpan(fromMs, keptFrom), fromMs), toMs: ceilTo(finestSpan(toMs - 1, keptFrom), toMs) };
}

function finestSpan(timeMs: number, keptFrom: LevelCoverage['keptFrom']): number {
  if (timeMs >= keptFrom.minute) return LEVELS.minute.spanMs;
  return timeMs >= keptFrom.hour ? LEVELS.hour.spanMs : LEVELS.day.spanMs;
}

function levelAt(at: number, end: number, coarsest: LevelName, coverage: LevelCoverage): LevelName {
  const exact = (level: MergedLevelName) => {
    const { spanMs } = LEVELS[level];
    return (
      at % spanMs === 0 &&
      at + spanMs <= end &&
      at + spanMs <= coverage.mergedUntil[level] &&
      !coverage.isDirty(level, at)
    );
  };
  if (at < coverage.keptFrom.hour) return 'day';
  if (coarsest === 'day' && exact('day')) return 'day';
  if (at < coverage.keptFrom.minute) return 'hour';
  return coarsest !== 'minute' && exact('hour') ? 'hour' : 'minute';
}
