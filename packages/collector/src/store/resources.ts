/**
 * How resource figures of several processes and of several minutes become one. Within a minute the processes of a server
 * add up (two processes of 100 MB use 200 MB), except for what is a share of a limit or a delay, where the worst of them
 * counts. Over time, minutes are averaged and maxima kept.
 */
import type { ResourceSample } from '@mcp-vitals/wire/decode';
import { DAY_MS, HOUR_MS, type ResourceRollup, type ResourceUsage } from '../model/rollup.ts';
import { getOrInsert } from './getOrInsert.ts';
import { floorTo } from './levels.ts';

/** A row as it is stored; above the minute there is one per server, with an empty instance. */
export interface ResourceRow extends ResourceUsage {
  startMs: number;
  server: string;
  instance: string;
}

export function usageOfSample(sample: ResourceSample): ResourceUsage {
  return {
    samples: 1,
    minutes: 1,
    cpuPercentAvg: sample.cpuPercent,
    cpuPercentMax: sample.cpuPercent,
    memoryMbAvg: sample.memoryMb,
    memoryMbMax: sample.memoryMb,
    memoryPercentAvg: sample.memoryPercent,
    memoryPercentMax: sample.memoryPercent,
    diskIoKb: sample.diskIoKb,
    eventLoopDelayMsAvg: sample.eventLoopDelayMs,
    eventLoopDelayMsMax: sample.eventLoopDelayMs,
  };
}

/** More samples of the same process in the same minute. */
export function mergeSamples(a: ResourceUsage, b: ResourceUsage): ResourceUsage {
  return { ...weighted(a, a.samples, b, b.samples), minutes: Math.max(a.minutes, b.minutes) };
}

/** Another span of the same server. */
export function mergeSpans(a: ResourceUsage, b: ResourceUsage): ResourceUsage {
  return weighted(a, a.minutes, b, b.minutes);
}

/** Another process of the same server in the same minute. */
export function mergeProcesses(a: ResourceUsage, b: ResourceUsage): ResourceUsage {
  return {
    samples: a.samples + b.samples,
    minutes: Math.max(a.minutes, b.minutes),
    cpuPercentAvg: a.cpuPercentAvg + b.cpuPercentAvg,
    cpuPercentMax: a.cpuPercentMax + b.cpuPercentMax,
    memoryMbAvg: a.memoryMbAvg + b.memoryMbAvg,
    memoryMbMax: a.memoryMbMax + b.memoryMbMax,
    memoryPercentAvg: Math.max(a.memoryPercentAvg, b.memoryPercentAvg),
    memoryPercentMax: Math.max(a.memoryPercentMax, b.memoryPercentMax),
    diskIoKb: a.diskIoKb + b.diskIoKb,
    eventLoopDelayMsAvg: Math.max(a.eventLoopDelayMsAvg, b.eventLoopDelayMsAvg),
    eventLoopDelayMsMax: Math.max(a.eventLoopDelayMsMax, b.eventLoopDelayMsMax),
  };
}

function weighted(a: ResourceUsage, weightA: number, b: ResourceUsage, weightB: number): ResourceUsage {
  const mean = (x: number, y: number) => (x * weightA + y * weightB) / (weightA + weightB);
  return {
    samples: a.samples + b.samples,
    minutes: a.minutes + b.minutes,
    cpuPercentAvg: mean(a.cpuPercentAvg, b.cpuPercentAvg),
    cpuPercentMax: Math.max(a.cpuPercentMax, b.cpuPercentMax),
    memoryMbAvg: mean(a.memoryMbAvg, b.memoryMbAvg),
    memoryMbMax: Math.max(a.memoryMbMax, b.memoryMbMax),
    memoryPercentAvg: mean(a.memoryPercentAvg, b.memoryPercentAvg),
    memoryPercentMax: Math.max(a.memoryPercentMax, b.memoryPercentMax),
    diskIoKb: a.diskIoKb + b.diskIoKb,
    eventLoopDelayMsAvg: mean(a.eventLoopDelayMsAvg, b.eventLoopDelayMsAvg),
    eventLoopDelayMsMax: Math.max(a.eventLoopDelayMsMax, b.eventLoopDelayMsMax),
  };
}

/** One row per server: processes of a minute are put together first, then the spans. */
export function mergeResources(rows: readonly ResourceRow[], startMs: number): ResourceRow[] {
  const byServer = new Map<string, ResourceUsage>();
  for (const { server, ...usage } of combineProcesses(rows)) {
    const known = byServer.get(server);
    byServer.set(server, known === undefined ? usage : mergeSpans(known, usage));
  }
  return [...byServer].map(([server, usage]) => ({ ...usage, startMs, server, instance: '' }));
}

/** Rows of the same start and server become one. `rows` are in order of start and server. */
export function combineProcesses(rows: readonly ResourceRow[]): ResourceRow[] {
  const combined: ResourceRow[] = [];
  for (const row of rows) {
    const last = combined.at(-1);
    if (last?.startMs === row.startMs && last.server === row.server) {
      combined[combined.length - 1] = { ...last, ...mergeProcesses(last, row), instance: '' };
    } else {
      combined.push({ ...row, instance: '' });
    }
  }
  return combined;
}

export type ResourceGrouping = 'minute' | 'hour' | 'day' | 'range';

/**
 * What a query answers, in order of server and start.
 * @param rows in order of start and server
 * @param fromMs start of the one group of `range`
 */
export function resourceRollups(
  rows: readonly ResourceRow[],
  groupBy: ResourceGrouping,
  fromMs: number,
): ResourceRollup[] {
  const combined = combineProcesses(rows);
  return byServer(groupBy === 'minute' ? combined : mergeGroups(combined, groupBy, fromMs)).map(toRollup);
}

function mergeGroups(
  rows: readonly ResourceRow[],
  groupBy: Exclude<ResourceGrouping, 'minute'>,
  fromMs: number,
): ResourceRow[] {
  const groups = new Map<number, ResourceRow[]>();
  for (const row of rows) getOrInsert(groups, groupStart(groupBy, row.startMs, fromMs), () => []).push(row);
  return [...groups].flatMap(([startMs, group]) => mergeResources(group, startMs));
}

function groupStart(groupBy: Exclude<ResourceGrouping, 'minute'>, startMs: number, fromMs: number): number {
  return groupBy === 'range' ? fromMs : floorTo({ hour: HOUR_MS, day: DAY_MS }[groupBy], startMs);
}

/** Field by field: there are 40,000 in a day of 28 servers, and copying the rest of an object is ten times as slow. */
function toRollup(row: ResourceRow): ResourceRollup {
  return {
    server: row.server,
    startMs: row.startMs,
    samples: row.samples,
    minutes: row.minutes,
    cpuPercentAvg: row.cpuPercentAvg,
    cpuPercentMax: row.cpuPercentMax,
    memoryMbAvg: row.memoryMbAvg,
    memoryMbMax: row.memoryMbMax,
    memoryPercentAvg: row.memoryPercentAvg,
    memoryPercentMax: row.memoryPercentMax,
    diskIoKb: row.diskIoKb,
    eventLoopDelayMsAvg: row.eventLoopDelayMsAvg,
    eventLoopDelayMsMax: row.eventLoopDelayMsMax,
  };
}

/** In order of server and start; `rows` are in order of start. */
function byServer(rows: readonly ResourceRow[]): ResourceRow[] {
  const groups = new Map<string, ResourceRow[]>();
  for (const row of rows) getOrInsert(groups, row.server, () => []).push(row);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => group);
}

/** The figures of a row, as every engine names them. */
export const RESOURCE_COLUMNS = [
  'samples',
  'minutes',
  'cpu_percent_avg',
  'cpu_percent_max',
  'memory_mb_avg',
  'memory_mb_max',
  'memory_percent_avg',
  'memory_percent_max',
  'disk_io_kb',
  'event_loop_delay_ms_avg',
  'event_loop_delay_ms_max',
] as const;

/** @param row columns as `RESOURCE_COLUMNS` names them, beside `start` and `instance` */
export function resourceRowOf(row: Readonly<Record<string, unknown>>, server: string): ResourceRow {
  return {
    startMs: Number(row.start),
    server,
    instance: String(row.instance),
    samples: Number(row.samples),
    minutes: Number(row.minutes),
    cpuPercentAvg: Number(row.cpu_percent_avg),
    cpuPercentMax: Number(row.cpu_percent_max),
    memoryMbAvg: Number(row.memory_mb_avg),
    memoryMbMax: Number(row.memory_mb_max),
    memoryPercentAvg: Number(row.memory_percent_avg),
    memoryPercentMax: Number(row.memory_percent_max),
    diskIoKb: Number(row.disk_io_kb),
    eventLoopDelayMsAvg: Number(row.event_loop_delay_ms_avg),
    eventLoopDelayMsMax: Number(row.event_loop_delay_ms_max),
  };
}
