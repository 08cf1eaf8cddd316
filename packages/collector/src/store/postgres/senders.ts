/**
 * The sending processes: which of their batches are stored, what they are, what servers they run and what they have in flight.
 * One row each, which the newest batch writes anew; a batch is counted once because its process's row is locked while it is.
 */
import type { Batch, SeriesKind } from '@mcp-vitals/wire/decode';
import type { SeriesFilter, SeriesKey, ServerInfo } from '../../model/series.ts';
import { workspaceOf } from '../../model/workspace.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { addDropped, LIVE_MS } from '../kept.ts';
import { storedName } from '../names.ts';
import { type SequenceRange, SequenceSet } from '../sequenceSet.ts';
import type { IncomingBatch, InFlightCalls, StoredSenders } from '../store.ts';
import { storableText } from './copyWriter.ts';
import type { Database, Row, Session } from './database.ts';

/** What a process said of one of its servers; names as they are stored. */
export interface SentServer {
  name: string;
  version: string;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Whether the newest batch names it. */
  isCurrent: boolean;
  /** Samples lost, by reason, booked on the first server of a batch: losses are the process's. */
  dropped: Record<string, number>;
}

interface SentCalls {
  server: string;
  kind: SeriesKind;
  name: string;
  count: number;
  oldestAgeMs: number;
}

export interface Sender {
  id: string;
  seqs: SequenceSet;
  lastSeenMs: number;
  process: Batch['process'];
  skewMs: number;
  servers: SentServer[];
  inFlight: SentCalls[];
}

export function senderId({ instance }: Pick<Batch, 'instance'>): string {
  return storableText(instance);
}

/** Makes rows for processes that are new; by itself, so that no transaction holds some rows while it waits for others. */
export async function insertSenders(database: Database, ids: readonly string[]): Promise<void> {
  await database.run(
    `INSERT INTO instance (id, last_seen_ms, highest_seq, gaps, host, pid, runtime, sdk, skew_ms, servers, in_flight)
     SELECT id, 0, 0, '[]', '', 0, '', '', 0, '[]', '[]' FROM unnest($1::text[]) id ORDER BY id ON CONFLICT (id) DO NOTHING`,
    [ids],
    'ingest',
  );
}

/** Those of `ids` that have a row, locked in the order of their ids, so that no two collectors wait for each other. */
export async function lockSenders(session: Session, ids: readonly string[]): Promise<Map<string, Sender>> {
  const rows = await session.query('SELECT * FROM instance WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
  return new Map(rows.map((row) => [String(row.id), senderOf(row)]));
}

/** Notes what a batch says of its process. */
export function noteBatch(sender: Sender, { batch, receivedAtMs, skewMs }: IncomingBatch, maxNameLength: number): void {
  // A batch from a spool file may come late: it says nothing about now.
  const isNewest = batch.seq > sender.seqs.highest;
  if (isNewest) {
    sender.inFlight = batch.inFlight.map(({ server, kind, name, count, oldestAgeMs }) => ({
      server: storedName(batch.servers[server]?.name ?? '', maxNameLength),
      kind,
      name: storedName(name, maxNameLength),
      count,
      oldestAgeMs,
    }));
    sender.process = batch.process;
    sender.skewMs = skewMs;
    for (const server of sender.servers) server.isCurrent = false;
  }
  batch.servers.forEach(({ name, version }, index) => {
    const server = serverOf(sender, storedName(name, maxNameLength), receivedAtMs);
    // Who tracks calls of a server by hand does not know its version.
    if (version !== '' && receivedAtMs >= server.lastSeenMs) server.version = storableText(version);
    server.firstSeenMs = Math.min(server.firstSeenMs, receivedAtMs);
    server.lastSeenMs = Math.max(server.lastSeenMs, receivedAtMs);
    server.isCurrent ||= isNewest;
    if (index === 0) addDropped(server.dropped, batch.dropped);
  });
  sender.seqs.add(batch.seq);
  sender.lastSeenMs = Math.max(sender.lastSeenMs, receivedAtMs);
}

export async function saveSenders(session: Session, senders: readonly Sender[]): Promise<void> {
  const column = <T>(of: (sender: Sender) => T): T[] => senders.map(of);
  await session.run(
    `UPDATE instance SET last_seen_ms = n.last_seen_ms, highest_seq = n.highest_seq, gaps = n.gaps, host = n.host, pid = n.pid,
       runtime = n.runtime, sdk = n.sdk, skew_ms = n.skew_ms, servers = n.servers, in_flight = n.in_flight
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::float8[],
       $10::text[], $11::text[]) n (id, last_seen_ms, highest_seq, gaps, host, pid, runtime, sdk, skew_ms, servers, in_flight)
     WHERE instance.id = n.id`,
    [
      column(({ id }) => id),
      column(({ lastSeenMs }) => Math.round(lastSeenMs)),
      column(({ seqs }) => seqs.highest),
      column(({ seqs }) => JSON.stringify(seqs.gaps)),
      column(({ process }) => storableText(process.host)),
      column(({ process }) => process.pid),
      column(({ process }) => storableText(process.runtime)),
      column(({ process }) => storableText(process.sdk)),
      column(({ skewMs }) => skewMs),
      column(({ servers }) => JSON.stringify(servers)),
      column(({ inFlight }) => JSON.stringify(inFlight)),
    ],
  );
}

/** Servers in the order of their names, from all processes there ever were. */
export async function readServers(database: Database, nowMs: number): Promise<ServerInfo[]> {
  const [gone, senders] = await database.session('answer', async (session) => [
    await session.query(
      'SELECT name, version, first_seen_ms, last_seen_ms, dropped FROM server WHERE last_seen_ms IS NOT NULL',
    ),
    await session.query('SELECT * FROM instance WHERE last_seen_ms > 0 ORDER BY last_seen_ms'),
  ]);
  const servers = new Map<string, ServerInfo>();
  for (const row of gone!) {
    servers.set(String(row.name), {
      name: String(row.name),
      version: String(row.version),
      firstSeenMs: Number(row.first_seen_ms),
      lastSeenMs: Number(row.last_seen_ms),
      liveInstances: 0,
      hosts: [],
      dropped: JSON.parse(String(row.dropped)) as Record<string, number>,
    });
  }
  for (const sender of senders!.map(senderOf)) {
    for (const sent of sender.servers) addSender(servers, sender, sent, nowMs);
  }
  return [...servers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readStoredSenders(database: Database, nowMs: number): Promise<StoredSenders> {
  const rows = await database.query('SELECT * FROM instance WHERE last_seen_ms > 0 ORDER BY id');
  const senders = rows.map(senderOf).map(({ id, seqs, lastSeenMs, process, skewMs, servers }) => ({
    instance: id,
    lastSeenMs,
    highestSeq: seqs.highest,
    gaps: seqs.gaps,
    process,
    skewMs,
    servers: servers.filter(({ isCurrent }) => isCurrent).map(({ name }) => name),
  }));
  const servers = await readServers(database, nowMs);
  return { senders, servers: servers.map(({ liveInstances: _live, hosts: _hosts, ...server }) => server) };
}

/** Adds those that are not known yet; the servers must have their rows. Within the caller's transaction. */
export async function importSenders(session: Session, { senders, servers }: StoredSenders): Promise<void> {
  const versions = new Map(servers.map(({ name, version }) => [name, version]));
  for (const { instance, highestSeq, gaps, lastSeenMs, process, skewMs, servers: names } of senders) {
    const sent = names.map((name): SentServer => {
      const version = versions.get(name) ?? '';
      return { name, version, firstSeenMs: lastSeenMs, lastSeenMs, isCurrent: true, dropped: {} };
    });
    await session.run(
      `INSERT INTO instance (id, last_seen_ms, highest_seq, gaps, host, pid, runtime, sdk, skew_ms, servers, in_flight)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]') ON CONFLICT (id) DO NOTHING`,
      [
        storableText(instance),
        lastSeenMs,
        highestSeq,
        JSON.stringify(gaps),
        storableText(process.host),
        process.pid,
        storableText(process.runtime),
        storableText(process.sdk),
        skewMs,
        JSON.stringify(sent),
      ],
    );
  }
  for (const { name, version, firstSeenMs, lastSeenMs, dropped } of servers) {
    await session.run(
      `UPDATE server SET version = $2, first_seen_ms = $3, last_seen_ms = $4, dropped = $5 WHERE name = $1 AND last_seen_ms IS NULL`,
      [name, storableText(version), firstSeenMs, lastSeenMs, JSON.stringify(dropped)],
    );
  }
}

/** Oldest call first. */
export async function readInFlight(
  database: Database,
  filter: SeriesFilter,
  maxNameLength: number,
  nowMs: number,
): Promise<InFlightCalls[]> {
  const rows = await database.query(`SELECT * FROM instance WHERE last_seen_ms >= $1 AND in_flight <> '[]'`, [
    nowMs - LIVE_MS,
  ]);
  const kinds = filter.kinds ?? ['tool'];
  const matches = (wanted: string | undefined, name: string) =>
    wanted === undefined || storedName(wanted, maxNameLength) === name;
  const bySeries = new Map<string, InFlightCalls>();
  for (const { inFlight, lastSeenMs } of rows.map(senderOf)) {
    const sinceMs = Math.max(0, nowMs - lastSeenMs);
    for (const { server, kind, name, count, oldestAgeMs } of inFlight) {
      if (!kinds.includes(kind) || !matches(filter.server, server) || !matches(filter.name, name)) continue;
      if (filter.workspace !== undefined && workspaceOf(server) !== filter.workspace) continue;
      const series: SeriesKey = { server, kind, name };
      const calls = getOrInsert(bySeries, JSON.stringify(series), () => ({ series, count: 0, oldestAgeMs: 0 }));
      calls.count += count;
      calls.oldestAgeMs = Math.max(calls.oldestAgeMs, oldestAgeMs + sinceMs);
    }
  }
  return [...bySeries.values()].sort((a, b) => b.oldestAgeMs - a.oldestAgeMs);
}

/**
 * Forgets processes that were last heard of before `beforeMs`; what they said of their servers stays with the servers.
 * @returns how many
 */
export async function forgetSenders(session: Session, beforeMs: number): Promise<number> {
  const rows = await session.query('DELETE FROM instance WHERE last_seen_ms < $1 RETURNING *', [beforeMs]);
  for (const sender of rows.map(senderOf)) for (const sent of sender.servers) await foldInto(session, sent);
  return rows.length;
}

async function foldInto(session: Session, sent: SentServer): Promise<void> {
  const [row] = await session.query(
    'SELECT version, first_seen_ms, last_seen_ms, dropped FROM server WHERE name = $1 FOR UPDATE',
    [sent.name],
  );
  if (row === undefined) return;
  const dropped = JSON.parse(String(row.dropped)) as Record<string, number>;
  addDropped(dropped, sent.dropped);
  const lastSeenMs = Number(row.last_seen_ms ?? 0);
  const firstSeenMs = Number(row.first_seen_ms ?? Number.POSITIVE_INFINITY);
  await session.run(
    'UPDATE server SET version = $2, first_seen_ms = $3, last_seen_ms = $4, dropped = $5 WHERE name = $1',
    [
      sent.name,
      sent.lastSeenMs >= lastSeenMs ? sent.version : row.version,
      Math.min(firstSeenMs, sent.firstSeenMs),
      Math.max(lastSeenMs, sent.lastSeenMs),
      JSON.stringify(dropped),
    ],
  );
}

function addSender(
  servers: Map<string, ServerInfo>,
  { lastSeenMs, process }: Sender,
  sent: SentServer,
  nowMs: number,
): void {
  const server = getOrInsert(
    servers,
    sent.name,
    (): ServerInfo => ({
      name: sent.name,
      version: sent.version,
      firstSeenMs: sent.firstSeenMs,
      lastSeenMs: 0,
      liveInstances: 0,
      hosts: [],
      dropped: {},
    }),
  );
  if (sent.version !== '' && (server.version === '' || sent.lastSeenMs >= server.lastSeenMs))
    server.version = sent.version;
  server.firstSeenMs = Math.min(server.firstSeenMs, sent.firstSeenMs);
  server.lastSeenMs = Math.max(server.lastSeenMs, sent.lastSeenMs);
  addDropped(server.dropped, sent.dropped);
  // A clock that went back makes none of them disappear.
  if (!sent.isCurrent || nowMs - lastSeenMs > LIVE_MS) return;
  server.liveInstances += 1;
  if (!server.hosts.includes(process.host)) server.hosts.push(process.host);
}

function serverOf(sender: Sender, name: string, nowMs: number): SentServer {
  const known = sender.servers.find((server) => server.name === name);
  if (known !== undefined) return known;
  const server = { name, version: '', firstSeenMs: nowMs, lastSeenMs: 0, isCurrent: false, dropped: {} };
  sender.servers.push(server);
  return server;
}

function senderOf(row: Row): Sender {
  return {
    id: String(row.id),
    seqs: new SequenceSet(Number(row.highest_seq), JSON.parse(String(row.gaps)) as SequenceRange[]),
    lastSeenMs: Number(row.last_seen_ms),
    process: { host: String(row.host), pid: Number(row.pid), runtime: String(row.runtime), sdk: String(row.sdk) },
    skewMs: Number(row.skew_ms),
    servers: JSON.parse(String(row.servers)) as SentServer[],
    inFlight: JSON.parse(String(row.in_flight)) as SentCalls[],
  };
}
