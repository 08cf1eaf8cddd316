/**
 * Gathers what is known of a server within a range: the newest minutes window by window, and what is older from stored rows.
 * Runs beside ingest, in small pieces; the work on it is done in another thread.
 */
import { giveWay } from '../../../clock.ts';
import { callCount, DAY_MS, errorCount, HOUR_MS, MINUTE_MS, type ResourceRollup } from '../../../model/rollup.ts';
import type { Recent } from '../../../serve/ports/recent.ts';
import type { Store, TimeRange } from '../../../store/store.ts';
import { type Evidence, MEASURED_COLUMNS, type PackedEvidence, type RowSource } from './evidence.ts';
import { RowPacker } from './packedRows.ts';
import { EVIDENCE_KINDS } from './seriesParts.ts';
import { RESOURCE_FIELDS } from './sight.ts';

export interface EvidenceSources {
  store: Pick<Store, 'readMinutes' | 'readRollups' | 'readResources'>;
  recent: Recent;
  /** Of how many hours minute rows are kept. */
  minuteHours: number;
}

/** A shorter part of the range is not worth rows of minutes. */
const MIN_STORED_MS = 3 * MINUTE_MS;

/** Slots of stored rows that are read at once. */
const PIECE_SLOTS = 60;

export async function readEvidence(
  { store, recent, minuteHours }: EvidenceSources,
  server: string,
  range: TimeRange,
  nowMs: number,
): Promise<Evidence> {
  const recentRange = { fromMs: Math.min(range.toMs, Math.max(range.fromMs, recent.keptFromMs())), toMs: range.toMs };
  const isLong = range.toMs - range.fromMs > DAY_MS || range.fromMs < nowMs - minuteHours * HOUR_MS;
  const resolution = isLong ? 'hour' : 'minute';
  const rowMs = isLong ? HOUR_MS : MINUTE_MS;
  // A row in which the recent part begins would be looked at twice; of a long range, the rest of an hour is left out.
  const storedRange = { fromMs: range.fromMs, toMs: Math.floor(recentRange.fromMs / rowMs) * rowMs };
  const isWorth = storedRange.toMs - storedRange.fromMs >= MIN_STORED_MS;
  return {
    server,
    instances: recent.instances(server),
    clientP95Ms: await readClientP95Ms(store, server, range),
    recent: await readRecent(recent, server, recentRange),
    stored: {
      ...(isWorth ? await readStored(store, server, storedRange, resolution) : newPackers().pack()),
      resolution,
    },
  };
}

/** Slots hold no quantiles. */
async function readClientP95Ms(
  store: Pick<Store, 'readRollups'>,
  server: string,
  range: TimeRange,
): Promise<Map<string, number>> {
  const filter = { server, kinds: ['by_client'] } as const;
  const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', digests: true });
  const called = rollups.filter((rollup) => callCount(rollup) > 0);
  return new Map(called.map(({ series, digest }) => [series.name, digest!.quantile(0.95)]));
}

function newPackers() {
  const measured = new RowPacker<RowSource>(MEASURED_COLUMNS.length);
  const resources = new RowPacker<{ instance: string }>(1 + RESOURCE_FIELDS.length);
  return {
    measured,
    resources,
    pack: (): PackedEvidence => ({ measured: measured.pack(), resources: resources.pack() }),
  };
}

/** Minute by minute. */
async function readRecent(recent: Recent, server: string, { fromMs, toMs }: TimeRange): Promise<PackedEvidence> {
  const packers = newPackers();
  for (let atMs = fromMs; atMs < toMs; atMs += MINUTE_MS) {
    const piece = { fromMs: atMs, toMs: Math.min(toMs, atMs + MINUTE_MS) };
    packers.measured.add(
      recent.windows(piece, { server, kinds: EVIDENCE_KINDS }),
      ({ kind, name, instance }) => ({ kind, name, instance }),
      ({ kind, name, instance }) => `${instance}\0${kind}\0${name}`,
      ({ startMs, endMs, calls, errors, sumMs, maxMs }) => [startMs, endMs, calls, errors, sumMs, maxMs],
    );
    packers.resources.add(
      recent.resources(piece, server),
      ({ instance }) => ({ instance }),
      ({ instance }) => instance,
      (sample) => [sample.atMs, ...RESOURCE_FIELDS.map((field) => sample[field] ?? Number.NaN)],
    );
    await giveWay();
  }
  return packers.pack();
}

async function readStored(
  store: EvidenceSources['store'],
  server: string,
  range: TimeRange,
  resolution: 'minute' | 'hour',
): Promise<PackedEvidence> {
  const slotMs = resolution === 'minute' ? MINUTE_MS : HOUR_MS;
  const readRows = resolution === 'minute' ? readMinuteRows : readHourRows;
  const packers = newPackers();
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += PIECE_SLOTS * slotMs) {
    const piece = { fromMs, toMs: Math.min(range.toMs, fromMs + PIECE_SLOTS * slotMs) };
    packers.measured.add(
      await readRows(store, server, piece),
      ({ kind, name }) => ({ kind, name, instance: '' }),
      ({ kind, name }) => `${kind}\0${name}`,
      ({ startMs, calls, errors, sum, max }) => [startMs, startMs + slotMs, calls, errors, sum, max],
    );
    await giveWay();
    packers.resources.add(
      await store.readResources(piece, server, resolution),
      () => ({ instance: '' }),
      () => '',
      (row) => [row.startMs + slotMs, ...RESOURCE_FIELDS.map((field) => STORED[field]?.(row) ?? Number.NaN)],
    );
    await giveWay();
  }
  return packers.pack();
}

/** Rows hold means over samples; what they do not hold stays unknown. */
const STORED: Partial<Record<(typeof RESOURCE_FIELDS)[number], (row: ResourceRollup) => number>> = {
  cpuPercent: (row) => row.cpuPercentAvg,
  eventLoopDelayMs: (row) => row.eventLoopDelayMsAvg,
  memoryMb: (row) => row.memoryMbAvg,
  memoryPercent: (row) => row.memoryPercentAvg,
};

interface StoredRow extends Omit<RowSource, 'instance'> {
  startMs: number;
  calls: number;
  errors: number;
  sum: number;
  max: number;
}

async function readMinuteRows(
  store: Pick<Store, 'readMinutes'>,
  server: string,
  range: TimeRange,
): Promise<StoredRow[]> {
  const series = await store.readMinutes(range, { server, kinds: EVIDENCE_KINDS });
  return series.flatMap(({ series: { kind, name }, minuteMs, calls, errors, sumMs }) =>
    Array.from(minuteMs, (startMs, i) => {
      return { kind, name, startMs, calls: calls[i]!, errors: errors[i]!, sum: sumMs[i]!, max: Number.NaN };
    }),
  );
}

async function readHourRows(store: Pick<Store, 'readRollups'>, server: string, range: TimeRange): Promise<StoredRow[]> {
  const filter = { server, kinds: EVIDENCE_KINDS };
  const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', groupBy: 'hour', digests: false });
  return rollups.map((rollup) => {
    const { series, startMs, sumMs, maxMs } = rollup;
    const [calls, errors] = [callCount(rollup), errorCount(rollup)];
    return { kind: series.kind, name: series.name, startMs, calls, errors, sum: sumMs, max: maxMs };
  });
}
