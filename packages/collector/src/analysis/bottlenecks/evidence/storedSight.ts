/** What is no longer at hand second by second: stored rows of minutes or hours, of all processes of a server together. */
import { nextTurn } from '../../../clock.ts';
import { callCount, errorCount, HOUR_MS, MINUTE_MS, type ResourceRollup } from '../../../model/rollup.ts';
import type { Store, TimeRange } from '../../../store/store.ts';
import { EVIDENCE_KINDS, type Measured, SeriesParts } from './seriesParts.ts';
import { emptyResources, type ResourceColumns, type Sight } from './sight.ts';

/** Rows are read in pieces: between them batches are taken in. */
const PIECE_SLOTS = 120;

interface Row extends Measured {
  startMs: number;
}

/** @returns undefined where nothing is stored of the range */
export async function storedSight(
  store: Pick<Store, 'readMinutes' | 'readRollups' | 'readResources'>,
  server: string,
  range: TimeRange,
  resolution: 'minute' | 'hour',
): Promise<Sight | undefined> {
  const slotMs = resolution === 'minute' ? MINUTE_MS : HOUR_MS;
  const read = resolution === 'minute' ? readMinuteRows : readHourRows;
  const rows: Row[] = [];
  const resources: ResourceRollup[] = [];
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += PIECE_SLOTS * slotMs) {
    const piece = { fromMs, toMs: Math.min(range.toMs, fromMs + PIECE_SLOTS * slotMs) };
    rows.push(...(await read(store, server, piece)));
    await nextTurn();
    resources.push(...(await store.readResources(piece, server, resolution)));
    await nextTurn();
  }
  return rows.length === 0 ? undefined : sightOf({ server, resolution, slotMs }, rows, resources);
}

async function readMinuteRows(store: Pick<Store, 'readMinutes'>, server: string, range: TimeRange): Promise<Row[]> {
  const series = await store.readMinutes(range, { server, kinds: EVIDENCE_KINDS });
  return series.flatMap(({ series: { kind, name }, minuteMs, calls, errors, sumMs }) =>
    Array.from(minuteMs, (startMs, i) => {
      return { kind, name, startMs, calls: calls[i]!, errors: errors[i]!, sum: sumMs[i]!, max: Number.NaN };
    }),
  );
}

async function readHourRows(store: Pick<Store, 'readRollups'>, server: string, range: TimeRange): Promise<Row[]> {
  const filter = { server, kinds: EVIDENCE_KINDS };
  const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', groupBy: 'hour', digests: false });
  return rollups.map((rollup) => {
    const { series, startMs, sumMs, maxMs } = rollup;
    const [calls, errors] = [callCount(rollup), errorCount(rollup)];
    return { kind: series.kind, name: series.name, startMs, calls, errors, sum: sumMs, max: maxMs };
  });
}

function sightOf(
  { server, resolution, slotMs }: { server: string; resolution: 'minute' | 'hour'; slotMs: number },
  rows: readonly Row[],
  resources: readonly ResourceRollup[],
): Sight {
  const startMs = Float64Array.from(new Set(rows.map((row) => row.startMs))).sort();
  const slotAt = new Map(Array.from(startMs, (atMs, slot) => [atMs, slot]));
  const parts = new SeriesParts(
    startMs.length,
    new Set(rows.filter(({ kind }) => kind === 'tool').map(({ name }) => name)),
  );
  for (const row of rows) parts.add(slotAt.get(row.startMs)!, row);
  return {
    server,
    instance: '',
    version: '',
    host: '',
    resolution,
    startMs,
    endMs: startMs.map((atMs) => atMs + slotMs),
    tools: parts.tools(),
    resources: resourceColumns(slotAt, resources),
    follows: parts.follows(),
  };
}

/** Rows hold means over samples; what they do not hold stays unknown. */
function resourceColumns(slotAt: ReadonlyMap<number, number>, resources: readonly ResourceRollup[]): ResourceColumns {
  const columns = emptyResources(slotAt.size);
  for (const row of resources) {
    const slot = slotAt.get(row.startMs);
    if (slot === undefined) continue;
    columns.cpuPercent[slot] = row.cpuPercentAvg;
    columns.eventLoopDelayMs[slot] = row.eventLoopDelayMsAvg;
    columns.memoryMb[slot] = row.memoryMbAvg;
    columns.memoryPercent[slot] = row.memoryPercentAvg;
  }
  return columns;
}
