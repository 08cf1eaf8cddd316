/** What is usual of the figures that are watched: the last 24 whole hours, from the store. */
import { groupBy } from '../model/groupBy.ts';
import type { FigureSummary, MonitorFigure, MonitorRequest } from '../model/monitor.ts';
import { callCount, errorCount, HOUR_MS, type ResourceRollup, type SeriesRollup } from '../model/rollup.ts';
import type { Store, TimeRange } from '../store/store.ts';

export type Usual = Partial<Record<MonitorFigure, NonNullable<FigureSummary['usual']>>>;

const HOURS = 24;
const SECONDS_PER_HOUR = 3_600;

/** Values by hour, and the weight of each in the mean. */
interface HourlyValue {
  value: number;
  weight: number;
}

/** Hours in which nothing was called or reported do not count. */
export async function readUsual(
  store: Pick<Store, 'readRollups' | 'readResources'>,
  { scope, server, tool }: Pick<MonitorRequest, 'scope' | 'server' | 'tool'>,
  nowMs: number,
): Promise<Usual> {
  const toMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const range: TimeRange = { fromMs: toMs - HOURS * HOUR_MS, toMs };
  const [{ rollups }, resources] = await Promise.all([
    store.readRollups({
      ...range,
      filter: { server, name: tool },
      scope: tool !== undefined ? 'series' : server !== undefined ? 'server' : 'all',
      groupBy: 'hour',
      digests: false,
    }),
    // The host has no history of its own, and a tool that several servers have no process of its own.
    server === undefined || scope === 'system' ? [] : store.readResources(range, server, 'hour'),
  ]);
  return { ...usualCalls(rollups), ...usualResources(resources) };
}

function usualCalls(rollups: readonly SeriesRollup[]): Usual {
  const hours = [...groupBy(rollups, ({ startMs }) => startMs).values()].map((group) => ({
    calls: group.reduce((sum, rollup) => sum + callCount(rollup), 0),
    errors: group.reduce((sum, rollup) => sum + errorCount(rollup), 0),
    sumMs: group.reduce((sum, rollup) => sum + rollup.sumMs, 0),
    maxMs: Math.max(...group.map((rollup) => rollup.maxMs || 0)),
  }));
  const called = hours.filter(({ calls }) => calls > 0);
  return withoutEmpty({
    avgMs: called.map(({ calls, sumMs }) => ({ value: sumMs / calls, weight: calls })),
    maxMs: called.map(({ maxMs }) => ({ value: maxMs, weight: 1 })),
    callsPerSecond: called.map(({ calls }) => ({ value: calls / SECONDS_PER_HOUR, weight: 1 })),
    errorRatePercent: called.map(({ calls, errors }) => ({ value: (100 * errors) / calls, weight: calls })),
  });
}

function usualResources(rows: readonly ResourceRollup[]): Usual {
  const hourly = (pick: (row: ResourceRollup) => number) =>
    rows.map((row) => ({ value: pick(row), weight: row.samples }));
  return withoutEmpty({
    cpuPercent: hourly(({ cpuPercentAvg }) => cpuPercentAvg),
    memoryMb: hourly(({ memoryMbAvg }) => memoryMbAvg),
    memoryPercent: hourly(({ memoryPercentAvg }) => memoryPercentAvg),
    diskKbPerSecond: rows.map(({ diskIoKb }) => ({ value: diskIoKb / SECONDS_PER_HOUR, weight: 1 })),
    eventLoopDelayMs: hourly(({ eventLoopDelayMsAvg }) => eventLoopDelayMsAvg),
  });
}

function withoutEmpty(hourly: Partial<Record<MonitorFigure, HourlyValue[]>>): Usual {
  const usual = Object.entries(hourly).flatMap(([figure, hours]) => {
    const weight = hours.reduce((sum, hour) => sum + hour.weight, 0);
    if (weight === 0) return [];
    const values = hours.map(({ value }) => value);
    const avg = hours.reduce((sum, hour) => sum + hour.value * hour.weight, 0) / weight;
    return [[figure, { avg, low: Math.min(...values), high: Math.max(...values) }]];
  });
  return Object.fromEntries(usual);
}
