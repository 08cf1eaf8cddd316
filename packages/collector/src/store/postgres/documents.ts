/** What is kept as JSON: anomalies, thresholds, alerts, what the detector has learnt, and small things of other stages. */
import { VitalsError } from '../../errors.ts';
import type { Alert, Threshold } from '../../model/alert.ts';
import type { Anomaly } from '../../model/anomaly.ts';
import type { AlertFilter, Item, ItemKind, TimeRange, WatchState } from '../store.ts';
import { storableText } from './copyWriter.ts';
import { type Database, type Session, sqlStateOf } from './database.ts';
import { shardOf } from './schema.ts';
import { noteChange } from './workShares.ts';

/** Shards that are looked at; undefined: all. */
export type Shards = readonly number[] | undefined;

export async function saveAnomalies(session: Session, anomalies: readonly Anomaly[]): Promise<void> {
  // Of several with the same key the last one counts, and one statement must not touch a row twice.
  const byKey = new Map(anomalies.map((anomaly) => [anomalyKey(anomaly), anomaly]));
  const rows = [...byKey.values()];
  if (rows.length === 0) return;
  await session.run(
    `INSERT INTO anomaly (at_ms, server, tool, type, shard, body)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[])
     ON CONFLICT (at_ms, server, tool, type) DO UPDATE SET body = excluded.body`,
    [
      rows.map(({ atMs }) => atMs),
      rows.map(({ server }) => storableText(server)),
      rows.map(({ tool }) => storableText(tool)),
      rows.map(({ type }) => type),
      rows.map(({ server }) => shardOf(server)),
      rows.map((anomaly) => JSON.stringify(anomaly)),
    ],
  );
}

function anomalyKey({ atMs, server, tool, type }: Anomaly): string {
  return JSON.stringify([atMs, server, tool, type]);
}

/** Newest first. */
export async function readAnomalies(
  database: Database,
  { fromMs, toMs }: TimeRange,
  { server, tool }: { server?: string | undefined; tool?: string | undefined },
  shards: Shards,
): Promise<Anomaly[]> {
  const conditions = new Conditions();
  conditions.add((n) => `at_ms >= ${n}`, Math.ceil(fromMs));
  conditions.add((n) => `at_ms < ${n}`, Math.ceil(toMs));
  if (server !== undefined) conditions.add((n) => `server = ${n}`, storableText(server));
  if (tool !== undefined) conditions.add((n) => `tool = ${n}`, storableText(tool));
  if (shards !== undefined) conditions.add((n) => `shard = ANY(${n})`, shards);
  const sql = `SELECT body FROM anomaly ${conditions.where} ORDER BY at_ms DESC, server, tool, type`;
  return (await database.query(sql, conditions.values)).map(({ body }) => JSON.parse(String(body)) as Anomaly);
}

export async function saveThreshold(session: Session, threshold: Threshold): Promise<void> {
  await session.run(
    'INSERT INTO threshold VALUES ($1, $2) ON CONFLICT (threshold_id) DO UPDATE SET body = excluded.body',
    [threshold.thresholdId, JSON.stringify(threshold)],
  );
  await noteChange(session, 'threshold');
}

export async function deleteThreshold(session: Session, thresholdId: string): Promise<void> {
  await session.run('DELETE FROM threshold WHERE threshold_id = $1', [thresholdId]);
  await noteChange(session, 'threshold');
}

export async function listThresholds(database: Database): Promise<Threshold[]> {
  const rows = await database.query('SELECT body FROM threshold ORDER BY threshold_id');
  return rows.map(({ body }) => JSON.parse(String(body)) as Threshold);
}

const UNIQUE_VIOLATION = '23505';

/** @throws VitalsError `conflict` when somebody has changed the alert, or raised it, meanwhile */
export async function saveAlert(session: Session, alert: Alert): Promise<void> {
  const values = [
    alert.alertId,
    alert.fingerprint,
    Math.round(alert.createdAtMs),
    alert.server,
    shardOf(alert.server),
    alert.severity,
    alert.status,
    alert.resolvedAtMs === null ? null : Math.round(alert.resolvedAtMs),
    alert.revision,
    JSON.stringify(alert),
  ].map((value) => (typeof value === 'string' ? storableText(value) : value));
  const changed = await saveRow(session, values);
  if (changed === 0) throw new VitalsError('conflict', 'The alert was changed by somebody else at the same moment.');
  await noteChange(session, 'alert');
}

async function saveRow(session: Session, values: readonly unknown[]): Promise<number> {
  try {
    return await session.run(
      `INSERT INTO alert (alert_id, fingerprint, created_at_ms, server, shard, severity, status, resolved_at_ms, revision, body)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (alert_id) DO UPDATE SET severity = excluded.severity, status = excluded.status,
         resolved_at_ms = excluded.resolved_at_ms, revision = excluded.revision, body = excluded.body
         WHERE alert.revision = excluded.revision - 1`,
      values,
    );
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    throw new VitalsError('conflict', 'An alert of this condition is open already.', { cause: error });
  }
}

export async function deleteAlert(session: Session, alertId: string): Promise<void> {
  await session.run('DELETE FROM alert WHERE alert_id = $1', [alertId]);
  await noteChange(session, 'alert');
}

export async function getAlert(database: Database, alertId: string): Promise<Alert | undefined> {
  const [row] = await database.query('SELECT body FROM alert WHERE alert_id = $1', [storableText(alertId)]);
  return row && (JSON.parse(String(row.body)) as Alert);
}

/** Newest first. */
export async function readAlerts(
  database: Database,
  { statuses, server, severity, createdWithin }: AlertFilter,
  shards: Shards,
): Promise<Alert[]> {
  const conditions = new Conditions();
  if (createdWithin !== undefined) {
    conditions.add((n) => `created_at_ms >= ${n}`, Math.ceil(createdWithin.fromMs));
    conditions.add((n) => `created_at_ms < ${n}`, Math.ceil(createdWithin.toMs));
  }
  if (statuses !== undefined) conditions.add((n) => `status = ANY(${n})`, statuses);
  if (server !== undefined) conditions.add((n) => `server = ${n}`, storableText(server));
  if (severity !== undefined) conditions.add((n) => `severity = ${n}`, severity);
  if (shards !== undefined) conditions.add((n) => `shard = ANY(${n})`, shards);
  const sql = `SELECT body FROM alert ${conditions.where} ORDER BY created_at_ms DESC, alert_id DESC`;
  return (await database.query(sql, conditions.values)).map(({ body }) => JSON.parse(String(body)) as Alert);
}

export async function nextNumber(database: Database, name: string): Promise<number> {
  const [row] = await database.query(
    'INSERT INTO alert_number VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET last = alert_number.last + 1 RETURNING last',
    [storableText(name)],
  );
  return Number(row!.last);
}

export async function saveWatchStates(session: Session, states: readonly WatchState[]): Promise<void> {
  await session.run(
    `INSERT INTO watch_state SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bytea[])
     ON CONFLICT (server, tool) DO UPDATE SET snapshot = excluded.snapshot`,
    [
      states.map(({ server }) => server),
      states.map(({ tool }) => tool),
      states.map(({ server }) => shardOf(server)),
      states.map(({ snapshot }) => Buffer.from(snapshot)),
    ],
  );
}

export async function readWatchStates(database: Database, shards: Shards): Promise<WatchState[]> {
  const [where, values] = shards === undefined ? ['', []] : ['WHERE shard = ANY($1)', [shards]];
  const rows = await database.query(
    `SELECT server, tool, snapshot FROM watch_state ${where} ORDER BY server, tool`,
    values,
  );
  return rows.map(({ server, tool, snapshot }) => ({
    server: String(server),
    tool: String(tool),
    snapshot: snapshot as Uint8Array,
  }));
}

export async function deleteWatchStates(
  session: Session,
  subjects: readonly Pick<WatchState, 'server' | 'tool'>[],
): Promise<void> {
  await session.run(
    'DELETE FROM watch_state w USING unnest($1::text[], $2::text[]) d (server, tool) WHERE w.server = d.server AND w.tool = d.tool',
    [subjects.map(({ server }) => server), subjects.map(({ tool }) => tool)],
  );
}

/** Change every minute, and are read anew by whoever needs them. */
const UNWATCHED_KINDS: ReadonlySet<ItemKind> = new Set<ItemKind>(['forward', 'late', 'policy_figures', 'permission']);

/** @param collector who is to deal with them; null: whoever looks after their server */
export async function saveItems(
  session: Session,
  kind: ItemKind,
  items: readonly Item[],
  collector: string | null,
): Promise<void> {
  await insertItems(session, kind, items, collector);
  if (!UNWATCHED_KINDS.has(kind)) await noteChange(session, kind);
}

/** The same, of which other collectors need not be told. */
export async function insertItems(
  session: Session,
  kind: ItemKind,
  items: readonly Item[],
  collector: string | null,
): Promise<void> {
  for (const { key, value, server = '' } of items) {
    await session.run(
      `INSERT INTO item (kind, key, shard, collector, body) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body`,
      [kind, storableText(key), shardOf(server), collector, JSON.stringify(value)],
    );
  }
}

/** In the order of their keys; of those with one of `keys`, where they are given. */
export async function readItems(
  database: Database,
  kind: ItemKind,
  shards: Shards,
  keys?: readonly string[],
): Promise<Item[]> {
  const conditions = new Conditions();
  conditions.add((value) => `kind = ${value}`, kind);
  if (shards !== undefined) conditions.add((value) => `shard = ANY(${value})`, shards);
  if (keys !== undefined) conditions.add((value) => `key = ANY(${value})`, keys.map(storableText));
  const rows = await database.query(
    `SELECT key, body FROM item ${conditions.where} ORDER BY key COLLATE "C"`,
    conditions.values,
  );
  return rows.map(itemOf);
}

/** Those that are this collector's, and those that nobody who lives deals with, which become this collector's. */
export async function adoptItems(database: Database, kind: ItemKind, collector: string): Promise<Item[]> {
  return database.session('work', async (session) => {
    await session.run(
      `UPDATE item SET collector = $2 WHERE kind = $1
         AND (collector IS NULL OR collector <> $2 AND collector NOT IN (SELECT id FROM collector))`,
      [kind, collector],
    );
    const rows = await session.query(
      'SELECT key, body FROM item WHERE kind = $1 AND collector = $2 ORDER BY key COLLATE "C"',
      [kind, collector],
    );
    return rows.map(itemOf);
  });
}

export async function deleteItems(session: Session, kind: ItemKind, keys: readonly string[]): Promise<void> {
  await session.run('DELETE FROM item WHERE kind = $1 AND key = ANY($2)', [kind, keys.map(storableText)]);
  if (!UNWATCHED_KINDS.has(kind)) await noteChange(session, kind);
}

function itemOf({ key, body }: Record<string, unknown>): Item {
  return { key: String(key), value: JSON.parse(String(body)) };
}

/** Conditions that come together as they are needed. */
class Conditions {
  readonly values: unknown[] = [];
  readonly #texts: string[] = [];

  add(text: (placeholder: string) => string, value: unknown): void {
    this.values.push(value);
    this.#texts.push(text(`$${this.values.length}`));
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.join(' AND ')}`;
  }
}
