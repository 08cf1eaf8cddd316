/** What is read of one server to tell how many instances it needs. */
import { parseSeriesName } from '@mcp-vitals/wire/decode';
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
  /** Calls in a second, in the busiest minute of the last day. */
  busiestMinute: number;
  /** And what one in a hundred minutes with calls had more than. */
  busyMinute: number;
  /** Calls in a second, in the busiest hour of the last day and of the last week. */
  busiestHour: { day: number; week: number };
  slowdown: Slowdown | undefined;
}

type ReplicaStore = Pick<Store, 'readRollups' | 'readResources'>;

/** @param nowMs the minute it lies in is not over, and left out */
export async function readReplicaEvidence(
  store: ReplicaStore,
  { name: server, liveInstances }: ServerInfo,
  nowMs: number,
): Promise<ReplicaEvidence> {
  const toMs = startOfMinute(nowMs);
  const day = { fromMs: toMs - DAY_MS, toMs };
  const ofServer = { filter: { server }, scope: 'server', digests: false } as const;
  const [minutes, hours, resources, bySeries] = await Promise.all([
    store.readRollups({ ...day, ...ofServer, groupBy: 'minute' }),
    store.readRollups({ fromMs: toMs - WEEK_MS, toMs, ...ofServer, groupBy: 'hour' }),
    store.readResources(day, server, 'minute'),
    store.readRollups({ ...day, filter: { server, kinds: ['tool', 'overlapped'] }, scope: 'series', digests: false }),
  ]);
  const used = new Map(resources.map(({ startMs, cpuPercentAvg }) => [startMs, cpuPercentAvg / 100]));
  const rates = minutes.rollups.map((minute) => (1000 * callCount(minute)) / MINUTE_MS).sort((a, b) => a - b);
  return {
    server,
    instances: liveInstances,
    minutes: loadMinutes(minutes.rollups, used),
    calls: minutes.rollups.reduce((sum, minute) => sum + callCount(minute), 0),
    reportsCpu: used.size > 0,
    busiestMinute: rates.at(-1) ?? 0,
    busyMinute: rates[Math.floor(0.99 * (rates.length - 1))] ?? 0,
    busiestHour: { day: busiestHour(hours.rollups, day.fromMs), week: busiestHour(hours.rollups, 0) },
    slowdown: slowdownOf(bySeries.rollups),
  };
}

/** A minute without a call tells what the process uses by itself. */
function loadMinutes(minutes: readonly SeriesRollup[], used: ReadonlyMap<number, number>): LoadMinute[] {
  const calls = new Map(minutes.map((minute) => [minute.startMs, callCount(minute)]));
  return [...used].map(([startMs, cores]) => ({
    startMs,
    cores,
    callsPerSecond: (1000 * (calls.get(startMs) ?? 0)) / MINUTE_MS,
  }));
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
