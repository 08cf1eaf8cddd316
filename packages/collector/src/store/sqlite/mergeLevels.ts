/**
 * Hour rows from minute rows, day rows from hour rows: what is new, and what late windows have touched. Digests are merged,
 * never averaged. Works in slices and lets ingest run in between.
 */

import { SERIES_KINDS } from '@mcp-vitals/wire/decode';
import { giveWay, Steps } from '../../clock.ts';
import { Accumulator } from '../accumulator.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { floorTo, LEVELS, type LevelName, MERGED_FROM, type MergedLevelName } from '../levels.ts';
import { mergeResources } from '../resources.ts';
import type { TimeRange } from '../store.ts';
import { rebuildImportedScopes } from './importRows.ts';
import type { StoreParts } from './parts.ts';
import { slicesOf } from './rollupSlices.ts';
import { ALL_SERVERS_ID } from './seriesRegistry.ts';

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
  const sums = await readSums(parts, MERGED_FROM[level], range, series);
  connection.transaction(() => {
    for (const [id, sum] of sums) rollups[level].write(startMs, id, sum);
    for (const row of mergeResources(resources[MERGED_FROM[level]].read(range), startMs)) resources[level].write(row);
    coverage.saveMerged(level, startMs, untilMs);
  });
  coverage.merged(level, startMs, untilMs);
  await giveWay();
}

/** Each with its digests merged. Whoever merges is the only one to write rows, so that none changes in between. */
async function readSums(
  { rollups, registry }: StoreParts,
  level: LevelName,
  range: TimeRange,
  series: readonly number[] = everything(registry),
): Promise<[number, Accumulator][]> {
  const steps = new Steps();
  const sums = new Map<number, Accumulator>();
  for (const slice of slicesOf({ level, ...range }, series, registry.size, { scope: 'series', digests: true })) {
    rollups[level].readGroups({ ...slice, ids: slice.lookup ?? slice.ids, digests: true }, (id, _startMs, sum) =>
      getOrInsert(sums, id, () => new Accumulator()).add(sum),
    );
    await steps.end();
  }
  for (const sum of sums.values()) {
    if (!sum.empty) sum.digest();
    await steps.end();
  }
  return [...sums];
}

function everything(registry: StoreParts['registry']): number[] {
  return [
    ALL_SERVERS_ID,
    ...registry.selectServers({}).map(({ scopeId }) => scopeId),
    ...registry.select({ kinds: SERIES_KINDS }),
  ];
}
