/** What a process uses: cpu, memory, disk I/O and event-loop delay. Read once per window, never on the hot path. */
import { totalmem } from 'node:os';
import type { ResourceSample } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import { EventLoopDelay } from './eventLoopDelay.ts';
import { cpuWaitMs, HostCpu } from './processors.ts';

const MB = 1_048_576;

/** Linux and macOS count disk I/O in blocks of this size; Windows counts operations, which are not reported. */
const BLOCK_KB = 0.5;

/** What a process has used since it started, and its memory now. */
export interface UsageReading {
  cpuMs: number;
  /** Resident memory; 1 MB is 1,048,576 bytes. */
  memoryMb: number;
  diskIoKb: number;
  /** How long its main thread was ready to run and had no core; absent where the system does not tell. */
  cpuWaitMs?: number | undefined;
  /** Of a process whose heap can be read. */
  heap?: HeapReading;
}

/** Heap in use, heap allocated, and memory outside of it that its objects hold. */
export interface HeapReading {
  heapUsedMb: number;
  heapTotalMb: number;
  externalMb: number;
}

/** A process whose use of resources can be read. */
export interface ProcessUsage {
  pid: number;
  /** E.g. `node 20.18.1`, or the command of a process in another language. */
  runtime: string;
  /** Undefined when it cannot be read, e.g. because the process has ended. */
  read(): UsageReading | undefined;
}

export const ownUsage: ProcessUsage = {
  pid: process.pid,
  runtime: `node ${process.versions.node}`,
  read() {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const heap = { heapUsedMb: heapUsed / MB, heapTotalMb: heapTotal / MB, externalMb: external / MB };
    return {
      cpuMs: (user + system) / 1_000,
      memoryMb: rss / MB,
      diskIoKb: ownDiskIoKb(),
      cpuWaitMs: cpuWaitMs('self'),
      heap,
    };
  },
};

export class ResourceUsage {
  readonly eventLoopDelay = new EventLoopDelay();
  readonly #hostCpu = new HostCpu();
  readonly #limitMb = memoryLimitBytes() / MB;
  #lastMonotonicMs: number;
  #last: UsageReading;

  constructor(
    readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>,
    readonly usage: ProcessUsage = ownUsage,
  ) {
    this.#lastMonotonicMs = clock.monotonicMs();
    this.#last = usage.read() ?? { cpuMs: 0, memoryMb: 0, diskIoKb: 0 };
    this.#hostCpu.takePercent();
  }

  /** Whether it is that of this process. */
  get isOwn(): boolean {
    return this.usage === ownUsage;
  }

  /** What was used since the sample before; undefined when nothing can be read. */
  sample(): ResourceSample | undefined {
    const now = this.usage.read();
    if (now === undefined) return undefined;
    const monotonicMs = this.clock.monotonicMs();
    const elapsedMs = Math.max(monotonicMs - this.#lastMonotonicMs, 1);
    const last = this.#last;
    this.#lastMonotonicMs = monotonicMs;
    this.#last = now;
    const hostCpuPercent = this.#hostCpu.takePercent();
    return {
      atMs: this.clock.nowMs(),
      cpuPercent: (100 * Math.max(0, now.cpuMs - last.cpuMs)) / elapsedMs,
      memoryMb: now.memoryMb,
      memoryPercent: (100 * now.memoryMb) / this.#limitMb,
      diskIoKb: Math.max(0, now.diskIoKb - last.diskIoKb),
      // That of another process cannot be seen from here.
      eventLoopDelayMs: this.isOwn ? this.eventLoopDelay.takeMeanMs() : 0,
      ...now.heap,
      ...(now.cpuWaitMs !== undefined &&
        last.cpuWaitMs !== undefined && {
          cpuWaitPercent: (100 * Math.max(0, now.cpuWaitMs - last.cpuWaitMs)) / elapsedMs,
        }),
      ...(hostCpuPercent !== undefined && { hostCpuPercent }),
    };
  }
}

/** What reached the disk. Reads served from the page cache are not disk I/O and are not in it. */
function ownDiskIoKb(): number {
  if (process.platform === 'win32') return 0;
  const { fsRead, fsWrite } = process.resourceUsage();
  return (fsRead + fsWrite) * BLOCK_KB;
}

/** The control group's limit where there is one below the machine's memory, else that memory. */
function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return constrained > 0 && constrained < total ? constrained : total;
}
