/**
 * A group of batches in one transaction: which of them are new, what they say, and who said it. A window that waited a
 * moment with others of its minute and series becomes one row with them. Batches of one process are told apart by a lock on
 * its row: whichever collector comes second finds the number taken.
 */
import { type Sketch, sketchOf } from '@mcp-vitals/sketch';
import type { Window } from '@mcp-vitals/wire/decode';
import type { ResourceUsage } from '../../model/rollup.ts';
import { Accumulator } from '../accumulator.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { ERRORS_PER_SERIES } from '../kept.ts';
import { minuteOfEnd } from '../levels.ts';
import { mergeSamples, RESOURCE_COLUMNS, usageOfSample } from '../resources.ts';
import type { AppendResult, IncomingBatch } from '../store.ts';
import {
  RESOURCE_COLUMN_COUNT,
  RESOURCE_KEY,
  ROLLUP_COLUMN_COUNT,
  ROLLUP_COLUMNS,
  type RollupValues,
  writeResources,
  writeRollup,
} from './columns.ts';
import { CopyWriter, storableText } from './copyWriter.ts';
import type { Session } from './database.ts';
import type { DigestColumn } from './digestColumn.ts';
import { insertItems } from './documents.ts';
import { SKETCH_COLUMNS, writeSketch } from './histogramColumn.ts';
import type { PostgresParts } from './parts.ts';
import { insertSenders, lockSenders, noteBatch, saveSenders, senderId } from './senders.ts';
import type { SentSeries, SeriesTable } from './seriesTable.ts';

/** What became of each batch, in their order. */
export async function appendBatches(parts: PostgresParts, batches: readonly IncomingBatch[]): Promise<AppendResult[]> {
  const ids = [...new Set(batches.map(({ batch }) => senderId(batch)))];
  for (;;) {
    await ensureSeries(parts, batches);
    const results = await tryAppend(parts, batches, ids);
    if (results !== undefined) return results;
    await insertSenders(parts.database, ids);
  }
}

/** Undefined when one of the senders has no row yet, or one of the series none any more. */
function tryAppend(
  parts: PostgresParts,
  batches: readonly IncomingBatch[],
  ids: readonly string[],
): Promise<AppendResult[] | undefined> {
  return parts.database.transaction('ingest', async (session) => {
    if (!(await parts.series.keep(session))) return undefined;
    const located = batches.map((incoming) => locate(parts.series, incoming));
    if (!located.every((each) => each !== undefined)) return undefined;
    const senders = await lockSenders(session, ids);
    if (senders.size < ids.length) return undefined;
    const results: AppendResult[] = [];
    const stored: Located[] = [];
    for (const each of located) {
      const sender = senders.get(senderId(each.incoming.batch))!;
      const isNew = !sender.seqs.has(each.incoming.batch.seq);
      results.push(isNew ? 'stored' : 'duplicate');
      if (!isNew) continue;
      noteBatch(sender, each.incoming, parts.config.ingest.maxNameLength);
      stored.push(each);
    }
    if (stored.length === 0) return results;
    await copyWindows(parts.column, session, stored);
    await copyResources(session, stored);
    await insertErrors(session, stored);
    for (const { incoming } of stored) {
      if (incoming.items !== undefined) await insertItems(session, incoming.items.kind, incoming.items.items, null);
    }
    const changed = new Set(stored.map(({ incoming }) => senders.get(senderId(incoming.batch))!));
    await saveSenders(session, [...changed]);
    return results;
  });
}

async function ensureSeries({ series }: PostgresParts, batches: readonly IncomingBatch[]): Promise<void> {
  const servers = new Set<string>();
  const sent: SentSeries[] = [];
  for (const { batch } of batches) {
    const names = batch.servers.map(({ name }) => name);
    for (const name of names) servers.add(name);
    for (const { server, kind, name, outcomes } of batch.windows) {
      if (outcomes.some((count) => count > 0)) sent.push({ server: names[server]!, kind, name });
    }
  }
  await series.ensure(servers, sent);
}

interface Place {
  scopeId: number;
  shard: number;
}

/** A batch with the places of what it names. */
interface Located {
  incoming: IncomingBatch;
  /** Of its servers. */
  servers: Place[];
  /** Ids of the series of its windows; 0 for one that counts nothing. */
  series: number[];
}

/** Undefined when something has no place yet. */
function locate(table: SeriesTable, incoming: IncomingBatch): Located | undefined {
  const { servers, windows } = incoming.batch;
  const known = servers.map(({ name }) => table.index.server(name));
  if (!known.every((server) => server !== undefined)) return undefined;
  const series = windows.map(({ server, kind, name, outcomes }) =>
    outcomes.some((count) => count > 0) ? table.index.find(known[server]!, kind, name) : 0,
  );
  if (!series.every((id) => id !== undefined)) return undefined;
  const places = known.map((server) => ({ scopeId: server.scopeId, shard: table.shardOfServer(server) }));
  return { incoming, servers: places, series };
}

/** What is written for one series and minute: most times a single window, which needs no adding up. */
interface OpenRow {
  shard: number;
  window: Window;
  sum: Accumulator | undefined;
}

async function copyWindows(column: DigestColumn, session: Session, stored: readonly Located[]): Promise<void> {
  const minutes = new Map<number, Map<number, OpenRow>>();
  for (const { incoming, servers, series } of stored) {
    const { windows } = incoming.batch;
    for (let i = 0; i < windows.length; i++) {
      const [id, window] = [series[i]!, windows[i]!];
      if (id === 0) continue;
      const startMs = minuteOfEnd(window.endMs - incoming.skewMs);
      const rows = getOrInsert(minutes, startMs, () => new Map<number, OpenRow>());
      const row = rows.get(id);
      if (row === undefined) rows.set(id, { shard: servers[window.server]!.shard, window, sum: undefined });
      else addTo(row, window);
    }
  }
  const rows = new CopyWriter(ROLLUP_COLUMN_COUNT);
  for (const [startMs, open] of minutes) {
    for (const [series, { shard, window, sum }] of open) {
      const values = sum === undefined ? valuesOf(window) : sum.toRollup(!sum.empty);
      writeRollup(rows, { startMs, series, shard }, values, 'integer');
      writeSketch(rows, column, values.digest);
    }
  }
  await rows.copyTo(session, `rollup_open (${ROLLUP_COLUMNS}, ${SKETCH_COLUMNS})`);
}

function addTo(row: OpenRow, window: Window): void {
  if (row.sum === undefined) {
    row.sum = new Accumulator();
    row.sum.addWindow(row.window);
  }
  row.sum.addWindow(window);
}

function valuesOf(window: Window): RollupValues & { digest: Sketch } {
  const sketch = sketchOf(window);
  return { outcomes: window.outcomes, sumMs: sketch.sum, minMs: sketch.min, maxMs: sketch.max, digest: sketch };
}

async function copyResources(session: Session, stored: readonly Located[]): Promise<void> {
  const rows = new CopyWriter(RESOURCE_COLUMN_COUNT);
  for (const { incoming, servers } of stored) {
    const minutes = new Map<number, ResourceUsage>();
    for (const sample of incoming.batch.resources) {
      const startMs = minuteOfEnd(sample.atMs - incoming.skewMs);
      const known = minutes.get(startMs);
      const usage = usageOfSample(sample);
      minutes.set(startMs, known === undefined ? usage : mergeSamples(known, usage));
    }
    for (const [startMs, usage] of minutes) {
      for (const { scopeId, shard } of servers) {
        writeResources(rows, { startMs, server: scopeId, shard, instance: senderId(incoming.batch) }, usage);
      }
    }
  }
  await rows.copyTo(session, `resource_open (${RESOURCE_KEY}, ${RESOURCE_COLUMNS.join(', ')})`);
}

interface ErrorRow {
  series: number;
  shard: number;
  atMs: number;
  errorClass: string;
  code: string;
  message: string | null;
}

async function insertErrors(session: Session, stored: readonly Located[]): Promise<void> {
  const bySeries = new Map<number, ErrorRow[]>();
  for (const { incoming, servers, series } of stored) {
    for (const [i, { server, errors = [] }] of incoming.batch.windows.entries()) {
      const id = series[i]!;
      if (errors.length === 0 || id === 0) continue;
      const rows = getOrInsert(bySeries, id, () => []);
      for (const { atMs, errorClass, code, message } of errors) {
        rows.push({
          series: id,
          shard: servers[server]!.shard,
          atMs: atMs - incoming.skewMs,
          errorClass: storableText(errorClass),
          code: storableText(code),
          message: message === undefined ? null : storableText(message),
        });
      }
    }
  }
  const rows = [...bySeries.values()].flatMap((each) =>
    each.sort((a, b) => b.atMs - a.atMs).slice(0, ERRORS_PER_SERIES),
  );
  if (rows.length === 0) return;
  await session.run(
    `INSERT INTO recent_error (series, shard, at_ms, error_class, code, message)
     SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::float8[], $4::text[], $5::text[], $6::text[])`,
    [
      rows.map((row) => row.series),
      rows.map((row) => row.shard),
      rows.map((row) => row.atMs),
      rows.map((row) => row.errorClass),
      rows.map((row) => row.code),
      rows.map((row) => row.message),
    ],
  );
}
