/** Alerts, their thresholds, and the numbers that alert ids are made of. */
import { Steps } from '../../clock.ts';
import { VitalsError } from '../../errors.ts';
import type { Alert, Threshold } from '../../model/alert.ts';
import type { AlertFilter, Item } from '../store.ts';
import type { Connection } from './db/connection.ts';
import type { Row, SqlValue } from './db/engine.ts';
import type { ItemTable } from './itemTable.ts';

export class AlertTable {
  constructor(
    private readonly connection: Connection,
    private readonly items: ItemTable,
  ) {}

  save(alert: Alert, notifications: readonly Item[]): void {
    this.connection.transaction(() => {
      const stored = this.get(alert.alertId);
      if (stored !== undefined && stored.revision !== alert.revision - 1) {
        throw new VitalsError('conflict', 'The alert was changed by somebody else at the same moment.');
      }
      this.#insert(alert);
      this.items.insert('notification', notifications);
    });
  }

  #insert(alert: Alert): void {
    const { alertId, createdAtMs, server, severity, status, resolvedAtMs } = alert;
    this.connection.run(
      'INSERT OR REPLACE INTO alert (alert_id, created_at_ms, server, severity, status, resolved_at_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      alertId,
      createdAtMs,
      server,
      severity,
      status,
      resolvedAtMs,
      JSON.stringify(alert),
    );
  }

  delete(alertId: string): void {
    this.connection.run('DELETE FROM alert WHERE alert_id = ?', alertId);
  }

  get(alertId: string): Alert | undefined {
    const row = this.connection.get('SELECT body FROM alert WHERE alert_id = ?', alertId);
    return row && alertOf(row);
  }

  /** Newest first. */
  read({ statuses, server, severity, createdWithin }: AlertFilter): Promise<Alert[]> {
    const conditions = ['created_at_ms >= ?', 'created_at_ms < ?'];
    const values: SqlValue[] = [
      createdWithin?.fromMs ?? Number.MIN_SAFE_INTEGER,
      createdWithin?.toMs ?? Number.MAX_SAFE_INTEGER,
    ];
    if (statuses !== undefined) {
      conditions.push('status IN (SELECT value FROM json_each(?))');
      values.push(JSON.stringify(statuses));
    }
    if (server !== undefined) {
      conditions.push('server = ?');
      values.push(server);
    }
    if (severity !== undefined) {
      conditions.push('severity = ?');
      values.push(severity);
    }
    const sql = `SELECT body FROM alert WHERE ${conditions.join(' AND ')} ORDER BY created_at_ms DESC, alert_id DESC`;
    return new Steps().map(this.connection.all(sql, ...values), alertOf);
  }

  /** The table's names are those of its first use. */
  nextNumber(name: string): number {
    const sql = 'INSERT INTO alert_number VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last';
    return Number(this.connection.get(sql, name)!.last);
  }

  saveThreshold(threshold: Threshold): void {
    this.connection.run(
      'INSERT OR REPLACE INTO threshold VALUES (?, ?)',
      threshold.thresholdId,
      JSON.stringify(threshold),
    );
  }

  deleteThreshold(thresholdId: string): void {
    this.connection.run('DELETE FROM threshold WHERE threshold_id = ?', thresholdId);
  }

  thresholds(): Threshold[] {
    return this.connection
      .all('SELECT body FROM threshold ORDER BY threshold_id')
      .map(({ body }) => JSON.parse(String(body)) as Threshold);
  }

  deleteResolvedBefore(beforeMs: number): number {
    return this.connection.run("DELETE FROM alert WHERE status = 'resolved' AND resolved_at_ms < ?", beforeMs);
  }
}

function alertOf({ body }: Row): Alert {
  // Alerts of the first versions were not counted.
  return { revision: 0, ...(JSON.parse(String(body)) as Omit<Alert, 'revision'>) };
}
