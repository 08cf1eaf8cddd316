/** Resource rows of one level. In a minute there is one per server and process, above it one per server (instance empty). */
import type { ResourceUsage } from '../../model/rollup.ts';
import type { Level } from '../levels.ts';
import { mergeSamples, RESOURCE_COLUMNS, type ResourceRow, resourceRowOf } from '../resources.ts';
import type { TimeRange } from '../store.ts';
import type { Connection } from './db/connection.ts';
import type { Row } from './db/engine.ts';

export class ResourceTable {
  constructor(
    private readonly connection: Connection,
    private readonly level: Level,
  ) {}

  /** Inserts or replaces. */
  write(row: ResourceRow): void {
    this.#insert('REPLACE', row);
  }

  /** Merges with what is stored under the same key: of the same process in a minute, of the same server above. */
  add(row: ResourceRow, merge: (a: ResourceUsage, b: ResourceUsage) => ResourceUsage = mergeSamples): void {
    const stored = this.connection.get(
      `SELECT * FROM ${this.level.resourceTable} WHERE start = ? AND server = ? AND instance = ?`,
      row.startMs,
      row.server,
      row.instance,
    );
    this.write(stored === undefined ? row : { ...row, ...merge(resourceRow(stored), row) });
  }

  /** False when there already is such a row; it is left as it is. */
  insertIfAbsent(row: ResourceRow): boolean {
    return this.#insert('IGNORE', row) > 0;
  }

  /**
   * In order of start, server, instance; figures to the thousandth.
   * @param server absent: all
   */
  read({ fromMs, toMs }: TimeRange, server?: string): ResourceRow[] {
    const ofServer = server === undefined ? '' : 'AND server = ?';
    const sql = `SELECT start, ${PACKED_COLUMNS} FROM ${this.level.resourceTable}
      WHERE start >= ? AND start < ? ${ofServer} GROUP BY start ORDER BY start`;
    return this.connection.all(sql, fromMs, toMs, ...(server === undefined ? [] : [server])).flatMap(unpackedRows);
  }

  /** First start at or after `fromMs` that has a row. */
  nextStart(fromMs: number): number | undefined {
    const { next } = this.connection.get(
      `SELECT min(start) next FROM ${this.level.resourceTable} WHERE start >= ?`,
      fromMs,
    )!;
    return next === null ? undefined : Number(next);
  }

  /** Start of the oldest and of the newest row. */
  extent(): { firstMs: number; lastMs: number } | undefined {
    const { resourceTable } = this.level;
    const { first, last } = this.connection.get(
      `SELECT (SELECT min(start) FROM ${resourceTable}) first, (SELECT max(start) FROM ${resourceTable}) last`,
    )!;
    return first === null ? undefined : { firstMs: Number(first), lastMs: Number(last) };
  }

  /** At most `limit` rows in order of start, server, instance, after the given one and starting before `toMs`. */
  page(after: Pick<ResourceRow, 'startMs' | 'server' | 'instance'>, toMs: number, limit: number): ResourceRow[] {
    const { resourceTable } = this.level;
    return this.connection
      .all(
        `SELECT * FROM ${resourceTable} WHERE (start, server, instance) > (?, ?, ?) AND start < ? ORDER BY start, server, instance LIMIT ?`,
        after.startMs,
        after.server,
        after.instance,
        toMs,
        limit,
      )
      .map(resourceRow);
  }

  deleteWithin({ fromMs, toMs }: TimeRange): number {
    return this.connection.run(`DELETE FROM ${this.level.resourceTable} WHERE start >= ? AND start < ?`, fromMs, toMs);
  }

  #insert(conflict: 'REPLACE' | 'IGNORE', row: ResourceRow): number {
    return this.connection.run(
      `INSERT OR ${conflict} INTO ${this.level.resourceTable} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.startMs,
      row.server,
      row.instance,
      row.samples,
      row.minutes,
      row.cpuPercentAvg,
      row.cpuPercentMax,
      row.memoryMbAvg,
      row.memoryMbMax,
      row.memoryPercentAvg,
      row.memoryPercentMax,
      row.diskIoKb,
      row.eventLoopDelayMsAvg,
      row.eventLoopDelayMsMax,
    );
  }
}

/**
 * All rows of a start as one, each column a JSON array: a day of 28 servers is 40,000 rows, and handing those over one by
 * one takes twice as long. Whole thousandths are quicker to write and to parse than floating point.
 */
const PACKED_COLUMNS = [
  'json_group_array(server) server',
  'json_group_array(instance) instance',
  ...RESOURCE_COLUMNS.map((column) => `json_group_array(CAST(round(${column} * 1000) AS INTEGER)) ${column}`),
].join(', ');

function unpackedRows(packed: Row): ResourceRow[] {
  const startMs = Number(packed.start);
  const instances = JSON.parse(packed.instance as string) as string[];
  const figures = RESOURCE_COLUMNS.map((column) => JSON.parse(packed[column] as string) as number[]);
  return (JSON.parse(packed.server as string) as string[]).map((server, i) => {
    const figure = (index: number) => figures[index]![i]! / 1000;
    return {
      startMs,
      server,
      instance: instances[i]!,
      samples: figure(0),
      minutes: figure(1),
      cpuPercentAvg: figure(2),
      cpuPercentMax: figure(3),
      memoryMbAvg: figure(4),
      memoryMbMax: figure(5),
      memoryPercentAvg: figure(6),
      memoryPercentMax: figure(7),
      diskIoKb: figure(8),
      eventLoopDelayMsAvg: figure(9),
      eventLoopDelayMsMax: figure(10),
    };
  });
}

function resourceRow(row: Row): ResourceRow {
  return resourceRowOf(row, String(row.server));
}
