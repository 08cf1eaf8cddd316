/**
 * How much each server has to do, and how much of what it has it needs for that. Calls under way at a time follow from Little's
 * law: their number is calls per second times mean duration, which is the sum of all durations over the time that passed.
 */
import { groupBy } from '../model/groupBy.ts';
import type { LastingTrend, ServerCapacity, ServerResources } from '../model/report.ts';
import { callCount, type ResourceRollup, type SeriesRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { TimeRange } from '../store/store.ts';
import { capacityAdvice } from './capacityAdvice.ts';

export interface CapacityEvidence {
  range: TimeRange;
  nowMs: number;
  stepMs: number;
  /** Of scope `server`, step by step. */
  steps: readonly SeriesRollup[];
  /** One per server, over the whole period. */
  resources: readonly ResourceRollup[];
  trends: readonly LastingTrend[];
  servers: readonly ServerInfo[];
}

/** Of what there is: one core per process, the memory that a process may have. */
export const LIMIT_PERCENT = 90;

interface StepLoad {
  startMs: number;
  callsPerSecond: number;
  concurrency: number;
}

/** Of the servers that were called, busiest first. */
export function capacityOf(evidence: CapacityEvidence): ServerCapacity[] {
  const { steps, range, stepMs } = evidence;
  const within = steps.filter(({ startMs }) => startMs + stepMs > range.fromMs && startMs < range.toMs);
  return [...groupBy(within, ({ series }) => series.server)]
    .filter(([, own]) => own.some((step) => callCount(step) > 0))
    .map(([server, own]) => serverCapacity(server, own, evidence))
    .sort((a, b) => b.callsPerSecond.busiest - a.callsPerSecond.busiest);
}

function serverCapacity(server: string, steps: readonly SeriesRollup[], evidence: CapacityEvidence): ServerCapacity {
  const loads = steps.map((step) => loadOf(step, evidence));
  const busiest = loads.reduce((a, b) => (b.callsPerSecond > a.callsPerSecond ? b : a));
  const { range, nowMs, stepMs, resources, servers } = evidence;
  const endMs = Math.min(range.toMs, nowMs);
  const seconds = Math.max(1, (endMs - range.fromMs) / 1000);
  const sum = (of: (step: SeriesRollup) => number) => steps.reduce((total, step) => total + of(step), 0);
  const newest = loads.find(({ startMs }) => startMs + stepMs >= endMs);
  const own = resources.find((resource) => resource.server === server);
  const instances = Math.max(1, servers.find(({ name }) => name === server)?.liveInstances ?? 1);
  const figures = {
    server,
    stepMs,
    callsPerSecond: {
      mean: sum(callCount) / seconds,
      busiest: busiest.callsPerSecond,
      latest: newest?.callsPerSecond ?? 0,
    },
    busiestAtMs: busiest.startMs,
    concurrency: {
      mean: sum(({ sumMs }) => sumMs) / 1000 / seconds,
      busiest: Math.max(...loads.map(({ concurrency }) => concurrency)),
    },
    resources: own ? resourcesOf(own, evidence.trends, instances) : null,
  };
  return { ...figures, advice: capacityAdvice(figures, instances) };
}

/** A step that was hardly begun is no measure of how busy it is: it counts as half a step at least. */
function loadOf(step: SeriesRollup, { range, nowMs, stepMs }: CapacityEvidence): StepLoad {
  const endMs = Math.min(step.startMs + stepMs, range.toMs, nowMs);
  const seconds = Math.max(stepMs / 2, endMs - Math.max(step.startMs, range.fromMs)) / 1000;
  return {
    startMs: step.startMs,
    callsPerSecond: callCount(step) / seconds,
    concurrency: step.sumMs / 1000 / seconds,
  };
}

function resourcesOf(own: ResourceRollup, trends: readonly LastingTrend[], instances: number): ServerResources {
  const { server, cpuPercentAvg, cpuPercentMax, memoryMbAvg, memoryMbMax, memoryPercentMax } = own;
  const trendOf = (metric: LastingTrend['metric']) =>
    trends.find((trend) => trend.server === server && trend.metric === metric && trend.direction === 'degrading');
  return {
    cpuPercentAvg,
    cpuPercentMax,
    memoryMbAvg,
    memoryMbMax,
    memoryPercentMax,
    daysUntilCpuLimit: daysUntil(LIMIT_PERCENT * instances, cpuPercentAvg, trendOf('cpu')),
    daysUntilMemoryLimit: daysUntil(LIMIT_PERCENT, memoryPercentMax, trendOf('memory')),
  };
}

/** At the slope of the trend. Memory counts at its highest: what was once needed will be needed again. */
function daysUntil(limit: number, value: number, trend: LastingTrend | undefined): number | null {
  return trend === undefined ? null : Math.max(0, (limit - value) / trend.slopePerDay);
}
