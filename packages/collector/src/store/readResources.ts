/** Answers `Store.readResources`: rows of the planned levels, plus the minutes that are still in memory. */
import { DAY_MS, HOUR_MS, type ResourceRollup } from '../model/rollup.ts';
import { getOrInsert } from './getOrInsert.ts';
import { floorTo } from './levels.ts';
import { combineProcesses, mergeResources } from './mergeLevels.ts';
import type { StoreParts } from './parts.ts';
import { plan } from './planner.ts';
import { extent } from './readRollups.ts';
import { mergeSamples } from './resources.ts';
import type { ResourceRow } from './resourceTable.ts';
import type { TimeRange } from './store.ts';

export type ResourceGrouping = 'minute' | 'hour' | 'day' | 'range';

export function readResources(
  parts: StoreParts,
  range: TimeRange,
  server: string | undefined,
  groupBy: ResourceGrouping,
): ResourceRollup[] {
  const { coverage, resources, registry } = parts;
  const coarsest = groupBy === 'range' ? 'day' : groupBy;
  const { pieces, usedRange } = plan(range, coarsest, coverage, extent(parts));
  const stored = pieces.flatMap(({ level, ...piece }) =>
    groupBy === 'minute' && level !== 'minute' ? [] : resources[level].read(piece),
  );
  const wanted = server === undefined ? undefined : registry.selectServers(server)[0]?.name;
  if (server !== undefined && wanted === undefined) return [];
  const rows = withOpenMinutes(parts, usedRange, stored).filter((row) => wanted === undefined || row.server === wanted);
  const combined = combineProcesses(rows);
  return byServer(groupBy === 'minute' ? combined : mergeGroups(combined, groupBy, usedRange.fromMs)).map(toRollup);
}

function mergeGroups(
  rows: readonly ResourceRow[],
  groupBy: Exclude<ResourceGrouping, 'minute'>,
  fromMs: number,
): ResourceRow[] {
  const groups = new Map<number, ResourceRow[]>();
  for (const row of rows) getOrInsert(groups, groupStart(groupBy, row.startMs, fromMs), () => []).push(row);
  return [...groups].flatMap(([startMs, group]) => mergeResources(group, startMs));
}

function groupStart(groupBy: Exclude<ResourceGrouping, 'minute'>, startMs: number, fromMs: number): number {
  return groupBy === 'range' ? fromMs : floorTo({ hour: HOUR_MS, day: DAY_MS }[groupBy], startMs);
}

/** In order of start and server. */
function withOpenMinutes(
  { openMinutes }: StoreParts,
  { fromMs, toMs }: TimeRange,
  stored: readonly ResourceRow[],
): ResourceRow[] {
  const open = [...openMinutes.within(fromMs, toMs)];
  if (open.length === 0) return [...stored];
  // Nearly all rows are of minutes that are closed; only the others can have to be merged.
  const openStarts = new Set(open.map(({ startMs }) => startMs));
  const closed = stored.filter((row) => !openStarts.has(row.startMs));
  const reopened = stored.filter((row) => openStarts.has(row.startMs));
  const byKey = new Map(reopened.map((row) => [keyOf(row), row]));
  for (const { startMs, resources } of open) {
    for (const [server, usages] of resources) {
      for (const [instance, usage] of usages) {
        const row = { startMs, server, instance, ...usage };
        const known = byKey.get(keyOf(row));
        byKey.set(keyOf(row), known === undefined ? row : { ...known, ...mergeSamples(known, row) });
      }
    }
  }
  return [...closed, ...byKey.values()].sort(
    (a, b) => a.startMs - b.startMs || (a.server < b.server ? -1 : a.server > b.server ? 1 : 0),
  );
}

function keyOf({ startMs, server, instance }: ResourceRow): string {
  return `${startMs} ${instance} ${server}`;
}

/** Field by field: there are 40,000 in a day of 28 servers, and copying the rest of an object is ten times as slow. */
function toRollup(row: ResourceRow): ResourceRollup {
  return {
    server: row.server,
    startMs: row.startMs,
    samples: row.samples,
    cpuPercentAvg: row.cpuPercentAvg,
    cpuPercentMax: row.cpuPercentMax,
    memoryMbAvg: row.memoryMbAvg,
    memoryMbMax: row.memoryMbMax,
    memoryPercentAvg: row.memoryPercentAvg,
    memoryPercentMax: row.memoryPercentMax,
    diskIoKb: row.diskIoKb,
    eventLoopDelayMsAvg: row.eventLoopDelayMsAvg,
    eventLoopDelayMsMax: row.eventLoopDelayMsMax,
  };
}

/** In order of server and start; `rows` are in order of start. */
function byServer(rows: readonly ResourceRow[]): ResourceRow[] {
  const groups = new Map<string, ResourceRow[]>();
  for (const row of rows) getOrInsert(groups, row.server, () => []).push(row);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => group);
}
