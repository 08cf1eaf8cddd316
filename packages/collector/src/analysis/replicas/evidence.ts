/** What is read to tell how many instances servers need. */

import { parseSeriesName } from '@mcp-vitals/wire/decode';
import { giveWay } from '../../clock.ts';
import { groupBy } from '../../model/groupBy.ts';
import { callCount, DAY_MS, HOUR_MS, MINUTE_MS, type SeriesRollup, startOfMinute } from '../../model/rollup.ts';
import type { ServerInfo } from '../../model/series.ts';
import type { Store } from '../../store/store.ts';
import type { LoadMinute } from './demand.ts';

/** A week has each hour that returns. */
const WEEK_MS = 7 * DAY_MS;

/** How much longer calls take while others of the same tool are under way, than alone. */
export interface Slowdown {
  /** Calls that were not alone. */
  calls: number;
  /** Mean over those calls of their tool's mean duration not alone by that alone. */
  factor: number;
  /** Mean duration of their tools alone. */
  aloneMs: number;
}

export interface ReplicaEvidence {
  server: string;
  instances: number;
  /** The last day, minutes of which both calls and processor are known. */
  minutes: LoadMinute[];
  calls: number;
  reportsCpu: boolean;
  /** Minutes of the last day in which it was called. */
  calledMinutes: number;
  /** Calls in a second, in the busiest minute of the last day. */
  busiestMinute: number;
  /** And what one in a hundred minutes with calls had more than. */
  busyMinute: number;
  /** Calls in a second, in the busiest hour of the last day and of the last week. */
  busiestHour: { day: number; week: number };
  slowdown: Slowdown | undefined;
}

type ReplicaStore = Pick<Store, 'readRollups' | 'readResources'>;

/** Minutes that are read before ingest has its turn: those of 28 servers are a few milliseconds of work. */
const MINUTES_AT_A_TIME = 10;

/**
 * In the order of the servers.
 * @param nowMs the minute it lies in is not over, and left out
 */
export async function readReplicaEvidence(
  store: ReplicaStore,
  servers: readonly ServerInfo[],
  nowMs: number,
): Promise<ReplicaEvidence[]> {
  const toMs = startOfMinute(nowMs);
  const [only, ...others] = servers;
  const loads = await readDay(store, toMs, others.length === 0 ? only?.name : undefined);
  const evidence: ReplicaEvidence[] = [];
  for (const info of servers) {
    evidence.push(await readServer(store, info, loads.get(info.name) ?? NOTHING, toMs));
    await giveWay();
  }
  return evidence;
}

/** The last day of a server by its minutes. */
interface DayOfLoad {
  /** Calls in a second, of minutes with calls. */
  rates: { startMs: number; callsPerSecond: number }[];
  /** In cores. */
  used: { startMs: number; cores: number }[];
}

const NOTHING: DayOfLoad = { rates: [], used: [] };

/** All servers at once: what they used in a minute lies together, and one of them is not read sooner than all. */
async function readDay(store: ReplicaStore, toMs: number, server: string | undefined): Promise<Map<string, DayOfLoad>> {
  const loads = new Map<string, DayOfLoad>();
  const loadOf = (name: string) => {
    const known = loads.get(name) ?? { rates: [], used: [] };
    loads.set(name, known);
    return known;
  };
  const spanMs = MINUTES_AT_A_TIME * MINUTE_MS;
  for (let fromMs = toMs - DAY_MS; fromMs < toMs; fromMs += spanMs) {
    const slice = { fromMs, toMs: Math.min(toMs, fromMs + spanMs) };
    const calls = { ...slice, filter: { server }, scope: 'server', groupBy: 'minute', digests: false } as const;
    const { rollups, usedRange } = await store.readRollups(calls);
    // Where minutes are gone, hours come instead, and an hour's calls are no minute's.
    if (usedRange.fromMs !== slice.fromMs || usedRange.toMs !== slice.toMs) continue;
    for (const minute of rollups) {
      const callsPerSecond = (1000 * callCount(minute)) / MINUTE_MS;
      loadOf(minute.series.server).rates.push({ startMs: minute.startMs, callsPerSecond });
    }
    await giveWay();
    for (const { server: name, startMs, cpuPercentAvg } of await store.readResources(slice, server, 'minute')) {
      loadOf(name).used.push({ startMs, cores: cpuPercentAvg / 100 });
    }
    await giveWay();
  }
  return loads;
}

async function readServer(
  store: ReplicaStore,
  { name: server, liveInstances }: ServerInfo,
  { rates, used }: DayOfLoad,
  toMs: number,
): Promise<ReplicaEvidence> {
  const fromMs = toMs - DAY_MS;
  const ofServer = { filter: { server }, scope: 'server', groupBy: 'hour', digests: false } as const;
  const hours = await store.readRollups({ fromMs: toMs - WEEK_MS, toMs, ...ofServer });
  await giveWay();
  const filter = { server, kinds: ['tool', 'overlapped'] } as const;
  const bySeries = await store.readRollups({ fromMs, toMs, filter, scope: 'series', digests: false });
  const sorted = rates.map(({ callsPerSecond }) => callsPerSecond).sort((a, b) => a - b);
  return {
    server,
    instances: liveInstances,
    minutes: loadMinutes({ rates, used }),
    calls: Math.round(sorted.reduce((sum, rate) => sum + (rate * MINUTE_MS) / 1000, 0)),
    reportsCpu: used.length > 0,
    calledMinutes: rates.length,
    busiestMinute: sorted.at(-1) ?? 0,
    busyMinute: sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0,
    busiestHour: { day: busiestHour(hours.rollups, fromMs), week: busiestHour(hours.rollups, 0) },
    slowdown: slowdownOf(bySeries.rollups),
  };
}

/** A minute without a call tells what the process uses by itself. */
function loadMinutes({ rates, used }: DayOfLoad): LoadMinute[] {
  const calls = new Map(rates.map(({ startMs, callsPerSecond }) => [startMs, callsPerSecond]));
  return used.map(({ startMs, cores }) => ({ startMs, cores, callsPerSecond: calls.get(startMs) ?? 0 }));
}

function busiestHour(hours: readonly SeriesRollup[], fromMs: number): number {
  return hours
    .filter(({ startMs }) => startMs >= fromMs)
    .reduce((most, hour) => Math.max(most, (1000 * callCount(hour)) / HOUR_MS), 0);
}

function slowdownOf(series: readonly SeriesRollup[]): Slowdown | undefined {
  const overlapped = groupBy(
    series.filter(({ series }) => series.kind === 'overlapped'),
    ({ series }) => parseSeriesName(series.name).name,
  );
  let [calls, factors, alonesMs] = [0, 0, 0];
  for (const whole of series.filter(({ series }) => series.kind === 'tool')) {
    const parts = overlapped.get(whole.series.name) ?? [];
    const [together, togetherMs] = [sum(parts, callCount), sum(parts, ({ sumMs }) => sumMs)];
    const [alone, aloneMs] = [callCount(whole) - together, whole.sumMs - togetherMs];
    if (together === 0 || alone <= 0 || aloneMs <= 0) continue;
    calls += together;
    factors += together * (togetherMs / together / (aloneMs / alone));
    alonesMs += together * (aloneMs / alone);
  }
  return calls === 0 ? undefined : { calls, factor: factors / calls, aloneMs: alonesMs / calls };
}

function sum(rollups: readonly SeriesRollup[], of: (rollup: SeriesRollup) => number): number {
  return rollups.reduce((total, rollup) => total + of(rollup), 0);
}
