/**
 * How resource figures of several processes and of several minutes become one. Within a minute the processes of a server
 * add up (two processes of 100 MB use 200 MB), except for what is a share of a limit or a delay, where the worst of them
 * counts. Over time, minutes are averaged and maxima kept.
 */
import type { ResourceSample } from '@mcp-vitals/wire/decode';

/** Of one process in one minute, of a server in one minute, or of a server over more. */
export interface ResourceUsage {
  samples: number;
  /** Minutes in which there was a sample. */
  minutes: number;
  cpuPercentAvg: number;
  cpuPercentMax: number;
  memoryMbAvg: number;
  memoryMbMax: number;
  memoryPercentAvg: number;
  memoryPercentMax: number;
  diskIoKb: number;
  eventLoopDelayMsAvg: number;
  eventLoopDelayMsMax: number;
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
