/**
 * How a process shares the processors of its machine: how long it had to wait for one, and how busy they are. A busy
 * machine does no harm by itself; that this process waits does, and Linux counts it to the nanosecond.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const NS_PER_MS = 1_000_000;

/**
 * How long the main thread of a process has been ready to run without a core to run on, in milliseconds since it started:
 * the second figure of https://docs.kernel.org/scheduler/sched-stats.html. Undefined where the system does not tell.
 */
export function cpuWaitMs(pid: number | 'self'): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const waitNs = Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]);
    return Number.isFinite(waitNs) ? waitNs / NS_PER_MS : undefined;
  } catch {
    return undefined;
  }
}

/** What all processes of the machine used of all its cores from reading to reading. */
export class HostCpu {
  #lastBusyMs = 0;
  #lastTotalMs = 0;

  /** Per cent since the last call, 0 to 100; undefined where no time went by, or the system does not tell. */
  takePercent(): number | undefined {
    let [busyMs, totalMs] = [0, 0];
    for (const { times } of cpus()) {
      const usedMs = times.user + times.nice + times.sys + times.irq;
      busyMs += usedMs;
      totalMs += usedMs + times.idle;
    }
    const [usedMs, elapsedMs] = [busyMs - this.#lastBusyMs, totalMs - this.#lastTotalMs];
    this.#lastBusyMs = busyMs;
    this.#lastTotalMs = totalMs;
    return elapsedMs > 0 ? Math.min(100, Math.max(0, (100 * usedMs) / elapsedMs)) : undefined;
  }
}
