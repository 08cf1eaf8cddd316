/**
 * Writes minutes from memory to rows. One transaction holds the rows, the note which journal entries are in them, what is
 * known of the senders, and the deletion of the entries that are needed no longer: after a crash all of it holds or none.
 */

import { Steps } from '../../clock.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import { Accumulator } from '../accumulator.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { MAX_AHEAD_MS } from '../kept.ts';
import { lateItems } from '../lateAdditions.ts';
import { floorTo, LEVELS, type LevelName } from '../levels.ts';
import { mergeProcesses, mergeSpans } from '../resources.ts';
import type { DirtyMark } from './coverage.ts';
import { ItemTable } from './itemTable.ts';
import type { OpenMinute } from './openMinutes.ts';
import type { StoreParts } from './parts.ts';
import { ALL_SERVERS_ID, type SeriesRegistry } from './seriesRegistry.ts';

/** Minutes that are past their grace, which late ones are at once. */
export function dueMinutes({ openMinutes, config }: StoreParts, nowMs: number): number[] {
  const graceMs = config.ingest.minuteGraceSeconds * 1000;
  return openMinutes.starts().filter((start) => start + MINUTE_MS + graceMs <= nowMs || start > nowMs + MAX_AHEAD_MS);
}

/**
 * Merges the sketches of a minute, which is most of what writing it takes, in pieces with ingest between them. What comes in
 * meanwhile is merged when the minute is written.
 */
export async function prepareMinute({ openMinutes, registry }: StoreParts, startMs: number): Promise<void> {
  const minute = openMinutes.get(startMs);
  if (minute === undefined) return;
  const { version } = minute;
  const steps = new Steps();
  const scopes = new Map<number, Accumulator>();
  for (const [id, sum] of [...minute.series]) {
    addToScopes(scopes, id, sum, registry);
    if (!sum.empty) sum.digest();
    await steps.end();
  }
  for (const sum of scopes.values()) {
    if (!sum.empty) sum.digest();
    await steps.end();
  }
  minute.keepScopes(scopes, version);
}

/** Rows add up, so a minute may be written before its end as well: what comes later is added to its rows. */
export function writeMinutes(parts: StoreParts, starts: readonly number[]): void {
  const { connection, journal, openMinutes, coverage } = parts;
  const minutes = new Set(starts);
  const finished = journal.finishedWith(minutes);
  if (minutes.size === 0 && finished.length === 0) return;
  const marks: DirtyMark[] = [];
  connection.transaction(() => {
    for (const start of minutes) {
      keepLate(parts, openMinutes.get(start)!);
      marks.push(...writeMinute(parts, openMinutes.get(start)!));
      connection.run('INSERT OR REPLACE INTO minute_applied VALUES (?, ?)', start, journal.lastId);
    }
    coverage.saveMarks(marks);
    saveSenders(parts);
    journal.remove(finished);
    connection.run('DELETE FROM minute_applied WHERE journal_id < coalesce((SELECT min(id) FROM journal), 9e15)');
  });
  coverage.marked(marks);
  sendersSaved(parts);
  for (const start of minutes) openMinutes.remove(start);
  journal.removed(finished, minutes);
}

/** Within the caller's transaction: for whom the rows were read already, the addition is an item as well. */
function keepLate({ connection, readersOf, registry }: StoreParts, { startMs, series }: OpenMinute): void {
  if (readersOf === undefined) return;
  const additions = Array.from(series, ([id, sum]) => [registry.key(id)!, sum] as const);
  new ItemTable(connection).insert('late', lateItems(readersOf, startMs, additions));
}

function saveSenders({ registry, instances, servers, recentErrors, coverage, journal }: StoreParts): void {
  registry.save();
  instances.save();
  servers.save();
  recentErrors.save();
  coverage.writeMeta('last_journal_id', journal.lastId);
  coverage.writeMeta('saved_journal_id', journal.lastId);
}

function sendersSaved({ registry, instances, servers, recentErrors }: StoreParts): void {
  registry.saved();
  instances.saved();
  servers.saved();
  recentErrors.saved();
}

/** Adds one open minute to the rows of the finest level that is kept for it; older than any, it is gone. */
function writeMinute(parts: StoreParts, minute: OpenMinute): DirtyMark[] {
  const level = parts.coverage.levelFor(minute.startMs);
  if (level === undefined) return [];
  const startMs = floorTo(LEVELS[level].spanMs, minute.startMs);
  const table = parts.rollups[level];
  const addsToRows = table.nextStart(startMs) === startMs;
  const marks: DirtyMark[] = [];
  const scopes = minute.scopes ?? mergeScopes(minute.series, parts.registry);
  for (const [series, sum] of [...minute.series, ...scopes]) {
    const row = new Accumulator();
    if (addsToRows) table.addStored(startMs, series, row);
    row.add(sum);
    table.write(startMs, series, row);
    marks.push(...parts.coverage.marksFor(level, startMs, series));
  }
  return [...marks, ...writeResources(parts, minute, level, startMs)];
}

/** The rows of whole servers and of everything: tools only. */
export function mergeScopes(
  series: Iterable<[number, Accumulator]>,
  registry: SeriesRegistry,
): Map<number, Accumulator> {
  const scopes = new Map<number, Accumulator>();
  for (const [id, sum] of series) addToScopes(scopes, id, sum, registry);
  return scopes;
}

function addToScopes(scopes: Map<number, Accumulator>, id: number, sum: Accumulator, registry: SeriesRegistry): void {
  if (!registry.isTool(id)) return;
  // Merged once here, so that the digest of a series is not taken apart again for its server and for everything.
  if (!sum.empty) sum.digest();
  for (const scope of [registry.scopeOf(id), ALL_SERVERS_ID])
    getOrInsert(scopes, scope, () => new Accumulator()).add(sum);
}

function writeResources(
  { resources, registry, coverage }: StoreParts,
  minute: OpenMinute,
  level: LevelName,
  startMs: number,
): DirtyMark[] {
  const table = resources[level];
  const marks: DirtyMark[] = [];
  for (const [server, usages] of minute.resources) {
    if (level === 'minute') {
      for (const [instance, usage] of usages) table.add({ startMs, server, instance, ...usage });
    } else {
      table.add({ startMs, server, instance: '', ...[...usages.values()].reduce(mergeProcesses) }, mergeSpans);
    }
    marks.push(...coverage.marksFor(level, startMs, registry.server(server).scopeId));
  }
  return marks;
}
