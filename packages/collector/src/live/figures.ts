/** From what was read and reported to the figures of one sample; pure. */
import { groupBy } from '../model/groupBy.ts';
import type { Figures, MonitorFigure, MonitorMetric } from '../model/monitor.ts';
import { FIGURES_OF_METRIC } from '../model/monitor.ts';
import type { RecentResources, RecentWindow } from '../serve/ports/recent.ts';
import type { TimeRange } from '../store/store.ts';
import type { HostReading } from './hostUsage.ts';

const MS_PER_SECOND = 1_000;

/** Calls that ended within a range, as far as windows tell. */
export interface CallTotals {
  calls: number;
  errors: number;
  sumMs: number;
  maxMs: number;
}

/** A window that lies partly within the range counts with that part. */
export function callTotals(windows: readonly RecentWindow[], { fromMs, toMs }: TimeRange): CallTotals {
  const totals = { calls: 0, errors: 0, sumMs: 0, maxMs: 0 };
  for (const { startMs, endMs, calls, errors, sumMs, maxMs } of windows) {
    const widthMs = endMs - startMs;
    const withinMs = Math.min(endMs, toMs) - Math.max(startMs, fromMs);
    // A window without width is a moment: that of its end.
    const share = widthMs > 0 ? Math.max(0, withinMs) / widthMs : endMs > fromMs && endMs <= toMs ? 1 : 0;
    if (share === 0) continue;
    totals.calls += share * calls;
    totals.errors += share * errors;
    totals.sumMs += share * sumMs;
    totals.maxMs = Math.max(totals.maxMs, maxMs);
  }
  return totals;
}

export function callFigures({ calls, errors, sumMs, maxMs }: CallTotals, { fromMs, toMs }: TimeRange): Figures {
  const isIdle = calls === 0;
  return {
    avgMs: isIdle ? null : sumMs / calls,
    maxMs: isIdle ? null : maxMs,
    callsPerSecond: (calls * MS_PER_SECOND) / (toMs - fromMs),
    errorRatePercent: isIdle ? null : (100 * errors) / calls,
  };
}

/** Of all processes of a server: what they use adds up, and the slowest event loop counts. */
export function resourceFigures(samples: readonly RecentResources[], { fromMs, toMs }: TimeRange): Figures {
  const byInstance = groupBy(samples, ({ instance }) => instance);
  const figures = { cpuPercent: 0, memoryMb: 0, memoryPercent: 0, diskKb: 0, eventLoopDelayMs: 0 };
  for (const own of byInstance.values()) {
    const mean = (pick: (sample: RecentResources) => number) =>
      own.reduce((sum, one) => sum + pick(one), 0) / own.length;
    figures.cpuPercent += mean(({ cpuPercent }) => cpuPercent);
    figures.memoryMb += mean(({ memoryMb }) => memoryMb);
    figures.memoryPercent += mean(({ memoryPercent }) => memoryPercent);
    figures.diskKb += own.reduce((sum, { diskIoKb }) => sum + diskIoKb, 0);
    figures.eventLoopDelayMs = Math.max(figures.eventLoopDelayMs, ...own.map((sample) => sample.eventLoopDelayMs));
  }
  const { diskKb, ...rest } = figures;
  if (byInstance.size === 0) return { ...asNull(Object.keys(rest) as MonitorFigure[]), diskKbPerSecond: null };
  return { ...rest, diskKbPerSecond: (diskKb * MS_PER_SECOND) / (toMs - fromMs) };
}

/** Of the host, between two readings. */
export function hostFigures(before: HostReading, after: HostReading, { fromMs, toMs }: TimeRange): Figures {
  const cpuMs = after.cpuTotalMs - before.cpuTotalMs;
  const perSecond = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : (Math.max(0, to - from) * MS_PER_SECOND) / (toMs - fromMs);
  return {
    // The kernel counts in hundredths of a second: a short interval may hold none.
    cpuPercent: cpuMs > 0 ? (100 * (after.cpuBusyMs - before.cpuBusyMs)) / cpuMs : null,
    memoryMb: after.memoryMb,
    memoryPercent: after.memoryPercent,
    diskKbPerSecond: perSecond(before.diskKb, after.diskKb),
    networkKbPerSecond: perSecond(before.networkKb, after.networkKb),
    eventLoopDelayMs: after.eventLoopDelayMs,
  };
}

/** Only those of the metrics that were asked for, in their order; null for what is not known. */
export function selectFigures(figures: Figures, metrics: readonly MonitorMetric[]): Figures {
  const selected = metrics.flatMap((metric): readonly MonitorFigure[] => FIGURES_OF_METRIC[metric]);
  return Object.fromEntries(selected.map((figure) => [figure, figures[figure] ?? null]));
}

function asNull(names: readonly MonitorFigure[]): Figures {
  return Object.fromEntries(names.map((name) => [name, null]));
}
