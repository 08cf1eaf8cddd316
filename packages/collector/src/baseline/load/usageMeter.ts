/** What a server process uses while it is under load, as the operating system tells; nothing where it does not. */
import { childUsage } from '../../childUsage.ts';
import type { Clock } from '../../clock.ts';

export interface Usage {
  /** Of one core, on average. */
  cpuPercent: number;
  cpuMs: number;
  /** The most that was seen. */
  memoryMb: number;
}

export interface UsageMeter {
  /** Ends it. @returns undefined where nothing is known */
  end(): Usage | undefined;
}

const INTERVAL_MS = 500;

/** @param pid undefined: of a process that is not ours to look at */
export function meterUsage(pid: number | undefined, clock: Pick<Clock, 'monotonicMs' | 'every'>): UsageMeter {
  if (pid === undefined) return { end: () => undefined };
  const { read } = childUsage(pid, '');
  const first = read();
  const beginMs = clock.monotonicMs();
  let memoryMb = first?.memoryMb ?? 0;
  let last = first;
  let lastMs = beginMs;
  const look = () => {
    const reading = read();
    if (reading === undefined) return;
    [last, lastMs] = [reading, clock.monotonicMs()];
    memoryMb = Math.max(memoryMb, reading.memoryMb);
  };
  const stop = clock.every(INTERVAL_MS, look);
  return {
    end() {
      stop();
      look();
      if (first === undefined || last === undefined || lastMs === beginMs) return undefined;
      const cpuMs = Math.max(0, last.cpuMs - first.cpuMs);
      return { cpuPercent: (100 * cpuMs) / (lastMs - beginMs), cpuMs, memoryMb };
    },
  };
}
