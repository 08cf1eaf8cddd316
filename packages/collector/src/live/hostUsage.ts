/**
 * What the collector's host and its own process use, as counters that only grow and levels. Read when somebody watches the
 * system, and at no other time. Linux tells all of it; elsewhere disk and network are not known.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const KB = 1024;
const MB = 1_048_576;
/** The kernel counts disk transfers in sectors of this size, whatever the disk's own is. */
const SECTOR_BYTES = 512;

/** Resolution of the timer that the event-loop delay is measured with; it is part of what is measured. */
const DELAY_RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

export interface HostReading {
  /** Of all cores, since the machine started. */
  cpuBusyMs: number;
  cpuTotalMs: number;
  memoryMb: number;
  memoryPercent: number;
  /** Reads and writes of all disks. */
  diskKb: number | undefined;
  /** Received and sent, without the loopback. */
  networkKb: number | undefined;
  /** Of the collector, since the reading before. */
  eventLoopDelayMs: number;
}

export class HostUsage {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });

  constructor() {
    this.#delay.enable();
  }

  read(): HostReading {
    const total = totalmem();
    const used = total - availableBytes();
    const { mean } = this.#delay;
    this.#delay.reset();
    return {
      ...cpuTimes(),
      memoryMb: used / MB,
      memoryPercent: (100 * used) / total,
      diskKb: readOf(diskKb),
      networkKb: readOf(networkKb),
      // Not a number before the timer has fired once.
      eventLoopDelayMs: Math.max(0, (mean || 0) / NANOSECONDS - DELAY_RESOLUTION_MS),
    };
  }

  stop(): void {
    this.#delay.disable();
  }
}

function cpuTimes(): { cpuBusyMs: number; cpuTotalMs: number } {
  let [cpuBusyMs, cpuTotalMs] = [0, 0];
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    cpuTotalMs += total;
    cpuBusyMs += total - times.idle;
  }
  return { cpuBusyMs, cpuTotalMs };
}

/** Memory that programs could have; what the kernel uses for caches is free. */
function availableBytes(): number {
  const available = readOf(() => /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  return available === undefined ? freemem() : Number(available) * KB;
}

/** Fields of https://www.kernel.org/doc/Documentation/admin-guide/iostats.rst: name, then the 3rd and 7th number. */
function diskKb(): number {
  // Partitions are not listed there, and would be counted twice; neither are devices that stand before others.
  const disks = new Set(readdirSync('/sys/block').filter((name) => !/^(loop|ram|zram|dm-|md)/.test(name)));
  let sectors = 0;
  for (const line of readFileSync('/proc/diskstats', 'utf8').split('\n')) {
    const [, , name = '', , , read, , , , written] = line.trim().split(/\s+/);
    if (disks.has(name)) sectors += Number(read) + Number(written);
  }
  return (sectors * SECTOR_BYTES) / KB;
}

/** Per interface: its name and a colon, 8 numbers of what was received, bytes first, and the same of what was sent. */
function networkKb(): number {
  let bytes = 0;
  for (const line of readFileSync('/proc/net/dev', 'utf8').split('\n')) {
    const [name, numbers] = line.split(':');
    if (numbers === undefined || name!.trim() === 'lo') continue;
    const fields = numbers.trim().split(/\s+/);
    bytes += Number(fields[0]) + Number(fields[8]);
  }
  return bytes / KB;
}

/** Undefined where the system does not tell. */
function readOf<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
