/** Answers `Store.readResources`: rows of the planned levels and of the open minutes. */
import type { ResourceRollup } from '../../model/rollup.ts';
import { plan } from '../planner.ts';
import { type ResourceGrouping, type ResourceRow, resourceRollups, resourceRowOf } from '../resources.ts';
import type { TimeRange } from '../store.ts';
import { RESOURCE_SUMS } from './columns.ts';
import { inSnapshot, type PostgresParts } from './parts.ts';

export function readResources(
  parts: PostgresParts,
  range: TimeRange,
  server: string | undefined,
  groupBy: ResourceGrouping,
): Promise<ResourceRollup[]> {
  return inSnapshot(parts, async ({ session, coverage }) => {
    const coarsest = groupBy === 'range' ? 'day' : groupBy;
    const { pieces, usedRange } = plan(range, coarsest, coverage, coverage.extent);
    const scopeIds = server && parts.series.index.selectServers({ server }).map(({ scopeId }) => scopeId);
    if (scopeIds?.length === 0) return [];
    const ofServer = scopeIds === undefined ? '' : 'AND server = ANY($1)';
    const tables = pieces
      .filter(({ level }) => groupBy !== 'minute' || level === 'minute')
      .map(({ level, fromMs, toMs }) => from(`resource_${level}`, fromMs, toMs, ofServer));
    const open = from('resource_open', usedRange.fromMs, usedRange.toMs, ofServer);
    const sql = `SELECT start, server, instance, ${RESOURCE_SUMS} FROM (${[...tables, open].join(' UNION ALL ')}) rows
      GROUP BY start, server, instance`;
    const rows: ResourceRow[] = [];
    for (const row of await session.query(sql, scopeIds === undefined ? [] : [scopeIds])) {
      const name = parts.series.serverOfScope(Number(row.server));
      if (name !== undefined) rows.push(resourceRowOf(row, name));
    }
    return resourceRollups(rows.sort(byStartServer), groupBy, usedRange.fromMs);
  });
}

function from(table: string, fromMs: number, toMs: number, ofServer: string): string {
  return `SELECT * FROM ${table} WHERE start >= ${fromMs} AND start < ${toMs} ${ofServer}`;
}

function byStartServer(a: ResourceRow, b: ResourceRow): number {
  return a.startMs - b.startMs || (a.server < b.server ? -1 : a.server > b.server ? 1 : 0);
}
