/**
 * Which tool used the processor: an estimate, because a process is measured as a whole.
 *
 * What a server used within a step (a minute, an hour, a day) is shared among the requests of that step by their durations.
 * A handler cannot have used more processor than it took time, so no request gets more than its duration: what a process uses
 * while nobody calls it belongs to none. A tool that waits for something else gets too much, and those beside it too little.
 */
import type { CostStep, CpuStep } from './evidence.ts';

export interface SharedCpu {
  /** By tool, seconds. */
  secondsOf: ReadonlyMap<string, number>;
  totalSeconds: number;
  /** What no request can have used. */
  unsharedSeconds: number;
}

export function shareCpu(requests: readonly CostStep[], cpu: readonly CpuStep[]): SharedCpu {
  const busyMs = new Map<number, number>();
  for (const { startMs, totalMs } of requests) busyMs.set(startMs, (busyMs.get(startMs) ?? 0) + totalMs);
  const used = new Map(cpu.map(({ startMs, seconds }) => [startMs, seconds]));
  const secondsOf = new Map<string, number>();
  let sharedSeconds = 0;
  for (const { name, isTool, startMs, totalMs } of requests) {
    const seconds = shareOf(totalMs, busyMs.get(startMs)!, used.get(startMs) ?? 0);
    sharedSeconds += seconds;
    if (isTool) secondsOf.set(name, (secondsOf.get(name) ?? 0) + seconds);
  }
  const totalSeconds = cpu.reduce((sum, { seconds }) => sum + seconds, 0);
  return { secondsOf, totalSeconds, unsharedSeconds: Math.max(0, totalSeconds - sharedSeconds) };
}

function shareOf(ownMs: number, allMs: number, usedSeconds: number): number {
  return allMs === 0 ? 0 : (ownMs / allMs) * Math.min(usedSeconds, allMs / 1000);
}
