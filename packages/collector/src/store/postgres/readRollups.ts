/** Answers `Store.readRollups`: the planned levels and the open minutes in one statement, digests merged in the database. */
import type { SeriesRollup } from '../../model/rollup.ts';
import type { SeriesKey } from '../../model/series.ts';
import { floorTo, LEVELS } from '../levels.ts';
import { type Piece, plan } from '../planner.ts';
import { byServerNameStart } from '../rollupOrder.ts';
import type { RollupAnswer, RollupQuery, TimeRange } from '../store.ts';
import { ROLLUP_FIGURES, ROLLUP_SUMS, readSum, sketchAggregates } from './columns.ts';
import type { DigestColumn } from './digestColumn.ts';
import { MERGE_HISTOGRAMS, SKETCH_COLUMNS } from './histogramColumn.ts';
import { PARTITION_MS, partitionName } from './partitions.ts';
import { inSnapshot, type PostgresParts } from './parts.ts';
import { SHARDS } from './schema.ts';
import type { SeriesTable } from './seriesTable.ts';

const EVERYTHING: SeriesKey = { server: '', kind: 'tool', name: '' };

/** @param owns which servers are seen */
export function readRollups(
  parts: PostgresParts,
  query: RollupQuery,
  owns: (server: string) => boolean,
): Promise<RollupAnswer> {
  return inSnapshot(parts, async ({ session, coverage }) => {
    const { pieces, usedRange } = plan(query, query.groupBy ?? 'day', coverage, coverage.extent);
    const selection = select(parts.series, query, owns);
    if (selection === undefined) return { rollups: [], usedRange };
    const partitions = pieces
      .flatMap(atPartitions)
      .filter(({ level, partitionMs }) => coverage.hasPartition(level, partitionMs));
    const { sql, values } = rollupSql({
      query,
      pieces: partitions,
      usedRange,
      selection,
      column: parts.column,
      isSpread: coverage.isSpread,
    });
    const rollups: SeriesRollup[] = [];
    for (const row of await session.query(sql, values)) {
      const series = query.scope === 'all' ? EVERYTHING : parts.series.index.key(Number(row.series));
      if (series === undefined) continue;
      rollups.push({ series, startMs: Number(row.group_start), ...readSum(row, parts.column).toRollup(query.digests) });
    }
    return { rollups: rollups.sort(byServerNameStart), usedRange };
  });
}

/** Which rows of a level, and which of the open minutes, belong to a question. */
export interface Selection {
  /** Conditions in SQL; `$1` is `ids`. */
  levels: string;
  /** What rows of open minutes count as; they are of real series `s` only. */
  openSeries: string;
  open: string;
  ids: readonly number[] | undefined;
}

function select(
  { index }: SeriesTable,
  { scope, filter }: RollupQuery,
  owns: (server: string) => boolean,
): Selection | undefined {
  if (scope === 'all') {
    const levels = `series BETWEEN ${-SHARDS} AND -1`;
    return { levels, openSeries: '0::bigint', open: `s.kind = 'tool'`, ids: undefined };
  }
  if (scope === 'server') {
    const ids = index
      .selectServers(filter)
      .filter(({ name }) => owns(name))
      .map(({ scopeId }) => scopeId);
    if (ids.length === 0) return undefined;
    const open = `s.scope_id = ANY($1) AND s.kind = 'tool'`;
    return { levels: 'series = ANY($1)', openSeries: 's.scope_id', open, ids };
  }
  const ids = index.select(filter).filter((id) => owns(index.key(id)!.server));
  if (ids.length === 0) return undefined;
  if (ids.length === index.size) return { levels: 'series > 0', openSeries: 'o.series', open: 'true', ids: undefined };
  return { levels: 'series = ANY($1)', openSeries: 'o.series', open: 'o.series = ANY($1)', ids };
}

export interface RollupStatement {
  query: Pick<RollupQuery, 'groupBy' | 'digests' | 'scope'>;
  pieces: readonly PartitionPiece[];
  usedRange: TimeRange;
  selection: Selection;
  column: DigestColumn;
  /** Whether partitions lie on other servers. */
  isSpread: boolean;
}

/** The statement as it is sent, so that a test can ask where its parts are run. */
export function rollupSql({ query, pieces, usedRange, selection, column, isSpread }: RollupStatement): {
  sql: string;
  values: unknown[];
} {
  const { scope, groupBy, digests } = query;
  const groupMs = groupBy && LEVELS[groupBy].spanMs;
  const group = (start: string) =>
    groupMs === undefined ? `${usedRange.fromMs}::bigint` : `${start} - ${start} % ${groupMs}`;
  // Where parts lie elsewhere, each is merged there, and what is left of them once more.
  const inner =
    digests && column.mergesInDatabase && isSpread
      ? (from: string) =>
          `SELECT series, group_start, ${ROLLUP_SUMS}, ${column.merge('digest')} digest, ${MERGE_HISTOGRAMS} histogram FROM (${from}) rows GROUP BY series, group_start`
      : (from: string) => from;
  const figures = `${ROLLUP_FIGURES}${digests ? `, ${SKETCH_COLUMNS}` : ''}`;
  const parts = pieces
    .flatMap(atPartitions)
    .map(({ level, partitionMs, fromMs, toMs }) =>
      inner(
        `SELECT series, ${group('start')} group_start, ${figures} FROM ${partitionName('rollup', level, partitionMs)} WHERE start >= ${fromMs} AND start < ${toMs} AND ${selection.levels}`,
      ),
    );
  const open = inner(
    `SELECT ${selection.openSeries} series, ${group('o.start')} group_start, ${prefixed(figures)} FROM rollup_open o JOIN series s ON s.id = o.series
      WHERE o.start >= ${usedRange.fromMs} AND o.start < ${usedRange.toMs} AND ${selection.open}`,
  );
  const series = scope === 'all' ? '0::bigint' : 'series';
  const sql = `SELECT ${series} series, group_start, ${ROLLUP_SUMS}${digests ? `, ${sketchAggregates(column)}` : ''}
    FROM (${[...parts, open].map((part) => `(${part})`).join(' UNION ALL ')}) rows GROUP BY ${series}, group_start`;
  return { sql, values: selection.ids === undefined ? [] : [selection.ids] };
}

/** A part that lies in one partition, which is named itself: whoever has the partition can merge the part alone. */
export interface PartitionPiece extends Piece {
  partitionMs: number;
}

export function atPartitions({ level, fromMs, toMs }: Piece): PartitionPiece[] {
  const pieces: PartitionPiece[] = [];
  for (let at = fromMs; at < toMs; ) {
    const partitionMs = floorTo(PARTITION_MS[level], at);
    const next = Math.min(toMs, partitionMs + PARTITION_MS[level]);
    pieces.push({ level, partitionMs, fromMs: at, toMs: next });
    at = next;
  }
  return pieces;
}

function prefixed(columns: string): string {
  return columns
    .split(', ')
    .map((name) => `o.${name}`)
    .join(', ');
}
