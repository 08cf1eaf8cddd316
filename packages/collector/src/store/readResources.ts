/** Answers `Store.readResources`: rows of the planned levels, plus the minutes that are still in memory. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type ResourceRollup } from '../model/rollup.ts';
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
  const groups = new Map<number, ResourceRow[]>();
  for (const row of combineProcesses(rows)) {
    const startMs = groupStart(groupBy, row.startMs, usedRange.fromMs);
    groups.set(startMs, [...(groups.get(startMs) ?? []), row]);
  }
  return [...groups]
    .flatMap(([startMs, group]) => mergeResources(group, startMs))
    .map(toRollup)
    .sort(byServerStart);
}

function groupStart(groupBy: ResourceGrouping, startMs: number, fromMs: number): number {
  return groupBy === 'range' ? fromMs : floorTo({ minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS }[groupBy], startMs);
}

/** In order of start and server. */
function withOpenMinutes(
  { openMinutes }: StoreParts,
  { fromMs, toMs }: TimeRange,
  stored: readonly ResourceRow[],
): ResourceRow[] {
  const open = [...openMinutes.within(fromMs, toMs)];
  if (open.length === 0) return [...stored];
  const byKey = new Map(stored.map((row) => [keyOf(row), row]));
  for (const { startMs, resources } of open) {
    for (const [server, usages] of resources) {
      for (const [instance, usage] of usages) {
        const row = { startMs, server, instance, ...usage };
        const known = byKey.get(keyOf(row));
        byKey.set(keyOf(row), known === undefined ? row : { ...known, ...mergeSamples(known, row) });
      }
    }
  }
  return [...byKey.values()].sort(
    (a, b) => a.startMs - b.startMs || (a.server < b.server ? -1 : a.server > b.server ? 1 : 0),
  );
}

function keyOf({ startMs, server, instance }: ResourceRow): string {
  return `${startMs} ${instance} ${server}`;
}

function toRollup({ instance: _instance, minutes: _minutes, ...rollup }: ResourceRow): ResourceRollup {
  return rollup;
}

function byServerStart(a: ResourceRollup, b: ResourceRollup): number {
  return a.server < b.server ? -1 : a.server > b.server ? 1 : a.startMs - b.startMs;
}
