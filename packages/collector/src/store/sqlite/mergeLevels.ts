/**
 * Hour rows from minute rows, day rows from hour rows: what is new, and what late windows have touched. Digests are merged,
 * never averaged. Works in slices and lets ingest run in between.
 */

import { nextTurn } from '../../clock.ts';
import type { Accumulator } from '../accumulator.ts';
import { floorTo, LEVELS, type LevelName, MERGED_FROM, type MergedLevelName } from '../levels.ts';
import { mergeResources } from '../resources.ts';
import type { TimeRange } from '../store.ts';
import { rebuildImportedScopes } from './importRows.ts';
import type { StoreParts } from './parts.ts';
import { ALL_SERVERS_ID } from './seriesRegistry.ts';

/** Series whose digests are merged before ingest gets its turn: a few milliseconds of work. */
const SLICE = 32;

export async function mergeLevels(parts: StoreParts, nowMs: number): Promise<void> {
  rebuildImportedScopes(parts);
  for (const level of ['hour', 'day'] as const) {
    reopenFuture(parts, level, nowMs);
    await mergeDirty(parts, level);
    await mergeNew(parts, level, finishedUntil(parts, level, nowMs));
  }
}

/** Spans before this have all their finer rows. */
function finishedUntil({ coverage, openMinutes, config }: StoreParts, level: MergedLevelName, nowMs: number): number {
  const { spanMs } = LEVELS[level];
  if (level === 'day') return floorTo(spanMs, coverage.mergedUntil.hour);
  const settled = nowMs - config.ingest.minuteGraceSeconds * 1000;
  return floorTo(
    spanMs,
    Math.min(settled, ...openMinutes.starts().filter((start) => start >= coverage.mergedUntil.hour)),
  );
}

async function mergeDirty(parts: StoreParts, level: MergedLevelName): Promise<void> {
  const { coverage } = parts;
  for (const [startMs, series] of coverage.dirty(level)) {
    // A day waits for its hours; an hour whose minutes are gone was added to directly and is complete.
    if (level === 'day' && coverage.dirty('hour').some(([hour]) => floorTo(LEVELS.day.spanMs, hour) === startMs))
      continue;
    await mergeSpan(parts, level, startMs, [...series], coverage.mergedUntil[level]);
  }
}

async function mergeNew(parts: StoreParts, level: MergedLevelName, untilMs: number): Promise<void> {
  const { coverage } = parts;
  const { spanMs } = LEVELS[level];
  for (;;) {
    const first = nextStart(parts, MERGED_FROM[level], coverage.mergedUntil[level]);
    const startMs = first === undefined ? untilMs : floorTo(spanMs, first);
    if (startMs >= untilMs) break;
    await mergeSpan(parts, level, startMs, undefined, startMs + spanMs);
  }
  if (coverage.mergedUntil[level] < untilMs) coverage.mergeUntil(level, untilMs);
}

/** First start at or after `fromMs` that has rows of any kind. */
function nextStart({ rollups, resources }: StoreParts, level: LevelName, fromMs: number): number | undefined {
  const starts = [rollups[level].nextStart(fromMs), resources[level].nextStart(fromMs)].filter(
    (start) => start !== undefined,
  );
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** After the clock was set back, spans that counted as finished go on; they are merged once more when they end. */
function reopenFuture({ coverage }: StoreParts, level: MergedLevelName, nowMs: number): void {
  const current = floorTo(LEVELS[level].spanMs, nowMs);
  if (coverage.mergedUntil[level] > current) coverage.mergeUntil(level, current);
}

/** @param series those to merge again; undefined: all */
async function mergeSpan(
  parts: StoreParts,
  level: MergedLevelName,
  startMs: number,
  series: number[] | undefined,
  untilMs: number,
): Promise<void> {
  const { connection, coverage, rollups, resources } = parts;
  const range = { fromMs: startMs, toMs: startMs + LEVELS[level].spanMs };
  const sums = readSums(parts, MERGED_FROM[level], range, series);
  for (let i = 0; i < sums.length; i++) {
    const [, sum] = sums[i]!;
    if (!sum.empty) sum.digest();
    if (i % SLICE === SLICE - 1) await nextTurn();
  }
  connection.transaction(() => {
    for (const [id, sum] of sums) rollups[level].write(startMs, id, sum);
    for (const row of mergeResources(resources[MERGED_FROM[level]].read(range), startMs)) resources[level].write(row);
    coverage.saveMerged(level, startMs, untilMs);
  });
  coverage.merged(level, startMs, untilMs);
  await nextTurn();
}

function readSums(
  { rollups, registry }: StoreParts,
  level: LevelName,
  range: TimeRange,
  series: number[] | undefined,
): [number, Accumulator][] {
  const sums: [number, Accumulator][] = [];
  const collect = (id: number, _startMs: number, sum: Accumulator) => sums.push([id, sum]);
  if (series !== undefined) {
    rollups[level].readGroups({ ...range, ids: series, digests: true }, collect);
    return sums;
  }
  const scopes = [ALL_SERVERS_ID, ...registry.selectServers({}).map(({ scopeId }) => scopeId)];
  rollups[level].readGroups({ ...range, ids: scopes, digests: true }, collect);
  rollups[level].readGroups({ ...range, digests: true }, collect);
  return sums;
}
