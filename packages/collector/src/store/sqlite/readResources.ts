/** Answers `Store.readResources`: rows of the planned levels, plus the minutes that are still in memory. */
import type { ResourceRollup } from '../../model/rollup.ts';
import { plan } from '../planner.ts';
import { mergeSamples, type ResourceGrouping, type ResourceRow, resourceRollups } from '../resources.ts';
import type { TimeRange } from '../store.ts';
import type { StoreParts } from './parts.ts';
import { extent } from './readRollups.ts';

export function readResources(
  parts: StoreParts,
  range: TimeRange,
  server: string | undefined,
  groupBy: ResourceGrouping,
): ResourceRollup[] {
  const { coverage, resources, registry } = parts;
  const coarsest = groupBy === 'range' ? 'day' : groupBy;
  const { pieces, usedRange } = plan(range, coarsest, coverage, extent(parts));
  const wanted = server === undefined ? undefined : registry.selectServers({ server })[0]?.name;
  if (server !== undefined && wanted === undefined) return [];
  const stored = pieces.flatMap(({ level, ...piece }) =>
    groupBy === 'minute' && level !== 'minute' ? [] : resources[level].read(piece, wanted),
  );
  const rows = withOpenMinutes(parts, usedRange, stored).filter((row) => wanted === undefined || row.server === wanted);
  return resourceRollups(rows, groupBy, usedRange.fromMs);
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
