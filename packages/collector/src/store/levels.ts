/**
 * The levels of resolution, as data: how wide a row is, where it lives and what it is merged from. Everything that walks
 * the levels (the planner, the merge, retention) walks this list.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';

export const LEVEL_NAMES = ['minute', 'hour', 'day'] as const;
export type LevelName = (typeof LEVEL_NAMES)[number];

export interface Level {
  name: LevelName;
  spanMs: number;
  rollupTable: string;
  resourceTable: string;
}

export const LEVELS: Record<LevelName, Level> = {
  minute: { name: 'minute', spanMs: MINUTE_MS, rollupTable: 'rollup_minute', resourceTable: 'resource_minute' },
  hour: { name: 'hour', spanMs: HOUR_MS, rollupTable: 'rollup_hour', resourceTable: 'resource_hour' },
  day: { name: 'day', spanMs: DAY_MS, rollupTable: 'rollup_day', resourceTable: 'resource_day' },
};

/** A level whose rows are merged from those of the level before. */
export type MergedLevelName = Exclude<LevelName, 'minute'>;
export const MERGED_FROM: Record<MergedLevelName, LevelName> = { hour: 'minute', day: 'hour' };

export function floorTo(spanMs: number, timeMs: number): number {
  return Math.floor(timeMs / spanMs) * spanMs;
}

export function ceilTo(spanMs: number, timeMs: number): number {
  return Math.ceil(timeMs / spanMs) * spanMs;
}

/** The minute that a moment belongs to when it is the end of something: a window that ends with the minute belongs to it. */
export function minuteOfEnd(endMs: number): number {
  return Math.max(0, Math.ceil(endMs / MINUTE_MS) - 1) * MINUTE_MS;
}
