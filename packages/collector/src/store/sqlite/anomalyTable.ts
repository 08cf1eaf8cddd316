/** Anomalies: one per minute, server, tool and type. */
import { Steps } from '../../clock.ts';
import type { Anomaly } from '../../model/anomaly.ts';
import type { TimeRange } from '../store.ts';
import type { Connection } from './db/connection.ts';
import type { SqlValue } from './db/engine.ts';

export class AnomalyTable {
  constructor(private readonly connection: Connection) {}

  save(anomalies: readonly Anomaly[]): void {
    if (anomalies.length === 0) return;
    this.connection.transaction(() => {
      for (const anomaly of anomalies) {
        const { atMs, server, tool, type } = anomaly;
        this.connection.run(
          'INSERT OR REPLACE INTO anomaly VALUES (?, ?, ?, ?, ?)',
          atMs,
          server,
          tool,
          type,
          JSON.stringify(anomaly),
        );
      }
    });
  }

  /** Newest first; many are parsed in pieces, with ingest between them. */
  read(
    { fromMs, toMs }: TimeRange,
    filter: { server?: string | undefined; tool?: string | undefined },
  ): Promise<Anomaly[]> {
    const conditions = ['at_ms >= ?', 'at_ms < ?'];
    const values: SqlValue[] = [fromMs, toMs];
    for (const column of ['server', 'tool'] as const) {
      if (filter[column] === undefined) continue;
      conditions.push(`${column} = ?`);
      values.push(filter[column]);
    }
    const sql = `SELECT body FROM anomaly WHERE ${conditions.join(' AND ')} ORDER BY at_ms DESC, server, tool, type`;
    return new Steps().map(this.connection.all(sql, ...values), ({ body }) => JSON.parse(String(body)) as Anomaly);
  }

  deleteBefore(beforeMs: number): number {
    return this.connection.run('DELETE FROM anomaly WHERE at_ms < ?', beforeMs);
  }
}
