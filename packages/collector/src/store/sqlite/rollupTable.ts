/**
 * Rows of one level: calls of one series over one minute, hour or day. Keyed (start, series): what is written together lies
 * together, a range of time is one scan, and one series is looked up start by start.
 */
import { sketchFromBytes } from '@mcp-vitals/sketch';
import type { OutcomeCounts } from '@mcp-vitals/wire/decode';
import { Accumulator } from '../accumulator.ts';
import type { Level } from '../levels.ts';
import type { TimeRange } from '../store.ts';
import type { Connection } from './db/connection.ts';
import type { Row } from './db/engine.ts';
import { framedDigestsSql, readFramedDigests } from './digestFrames.ts';
import { PieceCache } from './pieceCache.ts';

/** A row as it is stored; the sketch in its own encoding, empty when there is no call. */
export interface RollupRow {
  startMs: number;
  series: number;
  outcomes: OutcomeCounts;
  sumMs: number;
  /** NaN when there is no call. */
  minMs: number;
  maxMs: number;
  digest: Uint8Array;
}

export interface RollupSelection extends TimeRange {
  /** Series to read one by one; absent: every real series, in one scan. */
  ids?: readonly number[] | undefined;
  /** Width of the groups, a multiple of the level's; absent: one group that starts at `fromMs`. */
  groupMs?: number | undefined;
  digests: boolean;
}

const NO_DIGEST = new Uint8Array(0);

const SUMS = `sum(ok) ok, sum(tool_error) tool_error, sum(protocol_error) protocol_error, sum(timeout) timeout,
  sum(cancelled) cancelled, sum(input_required) input_required, sum(task_created) task_created,
  sum(sum_ms) sum_ms, min(min_ms) min_ms, max(max_ms) max_ms`;

export class RollupTable {
  /** Sums of rows, for whoever reads the same again. */
  readonly cache = new PieceCache();

  constructor(
    private readonly connection: Connection,
    private readonly level: Level,
  ) {}

  /** Inserts or replaces. */
  write(startMs: number, series: number, accumulator: Accumulator): void {
    const { minMs, maxMs, digest } = accumulator.toRollup(!accumulator.empty);
    const bytes = digest?.toBytes() ?? NO_DIGEST;
    this.#insert('REPLACE', {
      startMs,
      series,
      outcomes: accumulator.outcomes,
      sumMs: accumulator.sumMs,
      minMs,
      maxMs,
      digest: bytes,
    });
  }

  /** Adds what is stored under the same start and series, if anything is. */
  addStored(startMs: number, series: number, accumulator: Accumulator): void {
    const row = this.connection.get(
      `SELECT * FROM ${this.level.rollupTable} WHERE start = ? AND series = ?`,
      startMs,
      series,
    );
    if (row === undefined) return;
    const { outcomes, sumMs, minMs, maxMs, digest } = rollupRow(row);
    accumulator.addRow(outcomes, sumMs, minMs, maxMs, digest.length === 0 ? [] : [sketchFromBytes(digest)]);
  }

  /** False when there already is such a row; it is left as it is. */
  insertIfAbsent(row: RollupRow): boolean {
    return this.#insert('IGNORE', row) > 0;
  }

  /** Merges the rows of each series (and group); `onGroup` is called once for each. */
  readGroups(selection: RollupSelection, onGroup: (series: number, startMs: number, sum: Accumulator) => void): void {
    for (const row of this.#queryGroups(selection)) {
      const sum = new Accumulator();
      const digests = selection.digests ? readFramedDigests(row.digests as string | null) : [];
      sum.addRow(outcomesOf(row), Number(row.sum_ms), number(row.min_ms), number(row.max_ms), digests);
      onGroup(Number(row.series), Number(row.group_start), sum);
    }
  }

  /** Rows in order of start and series, `limit` at most, from (`fromMs`, `afterSeries`) on. */
  page(fromMs: number, afterSeries: number, toMs: number, limit: number): RollupRow[] {
    return this.connection
      .all(
        `SELECT * FROM ${this.level.rollupTable} WHERE (start, series) > (?, ?) AND start < ? ORDER BY start, series LIMIT ?`,
        fromMs,
        afterSeries,
        toMs,
        limit,
      )
      .map(rollupRow);
  }

  /** Start of the oldest and of the newest row. */
  extent(): { firstMs: number; lastMs: number } | undefined {
    const { rollupTable } = this.level;
    const { first, last } = this.connection.get(
      `SELECT (SELECT min(start) FROM ${rollupTable}) first, (SELECT max(start) FROM ${rollupTable}) last`,
    )!;
    return first === null ? undefined : { firstMs: Number(first), lastMs: Number(last) };
  }

  /** First start at or after `fromMs` that has a row. */
  nextStart(fromMs: number): number | undefined {
    const { next } = this.connection.get(
      `SELECT min(start) next FROM ${this.level.rollupTable} WHERE start >= ?`,
      fromMs,
    )!;
    return next === null ? undefined : Number(next);
  }

  deleteWithin({ fromMs, toMs }: TimeRange): number {
    this.cache.clear();
    return this.connection.run(`DELETE FROM ${this.level.rollupTable} WHERE start >= ? AND start < ?`, fromMs, toMs);
  }

  #insert(
    conflict: 'REPLACE' | 'IGNORE',
    { startMs, series, outcomes, sumMs, minMs, maxMs, digest }: RollupRow,
  ): number {
    this.cache.clear();
    return this.connection.run(
      `INSERT OR ${conflict} INTO ${this.level.rollupTable} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      startMs,
      series,
      ...outcomes,
      sumMs,
      nullIfNaN(minMs),
      nullIfNaN(maxMs),
      digest,
    );
  }

  #queryGroups({ fromMs, toMs, ids, groupMs, digests }: RollupSelection): Row[] {
    const group = groupMs === undefined ? String(fromMs) : `start - start % ${groupMs}`;
    const columns = `series, ${group} group_start, ${SUMS}${digests ? `, ${framedDigestsSql('digest')} digests` : ''}`;
    const grouping = groupMs === undefined ? 'GROUP BY series' : 'GROUP BY series, group_start';
    if (ids === undefined) {
      const sql = `SELECT ${columns} FROM ${this.level.rollupTable} WHERE start >= ? AND start < ? AND series > 0 ${grouping}`;
      return this.connection.all(sql, fromMs, toMs);
    }
    const sql = `
      WITH RECURSIVE times (t) AS (SELECT ? UNION ALL SELECT t + ${this.level.spanMs} FROM times WHERE t + ${this.level.spanMs} < ?)
      SELECT ${columns} FROM times CROSS JOIN json_each(?) ids CROSS JOIN ${this.level.rollupTable} ON start = t AND series = ids.value ${grouping}`;
    return this.connection.all(sql, fromMs, toMs, JSON.stringify(ids));
  }
}

function rollupRow(row: Row): RollupRow {
  return {
    startMs: Number(row.start),
    series: Number(row.series),
    outcomes: outcomesOf(row),
    sumMs: Number(row.sum_ms),
    minMs: number(row.min_ms),
    maxMs: number(row.max_ms),
    digest: row.digest as Uint8Array,
  };
}

function outcomesOf(row: Row): OutcomeCounts {
  return [
    Number(row.ok),
    Number(row.tool_error),
    Number(row.protocol_error),
    Number(row.timeout),
    Number(row.cancelled),
    Number(row.input_required),
    Number(row.task_created),
  ];
}

/** SQLite has no NaN; an absent minimum is NULL. */
function number(value: Row[string] | undefined): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

function nullIfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
