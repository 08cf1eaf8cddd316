/** What this process uses: cpu, memory, disk I/O and event-loop delay. Read once per window, never on the hot path. */
import { totalmem } from 'node:os';
import type { ResourceSample } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import { EventLoopDelay } from './eventLoopDelay.ts';

const MB = 1_048_576;

/** Linux and macOS count disk I/O in blocks of this size; Windows counts operations, which are not reported. */
const BLOCK_KB = 0.5;

export class ResourceUsage {
  readonly eventLoopDelay = new EventLoopDelay();
  readonly #limitBytes = memoryLimitBytes();
  #lastMonotonicMs: number;
  #lastCpu = process.cpuUsage();
  #lastDiskBlocks = diskBlocks();

  constructor(readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>) {
    this.#lastMonotonicMs = clock.monotonicMs();
  }

  /** What was used since the sample before. */
  sample(): ResourceSample {
    const monotonicMs = this.clock.monotonicMs();
    const elapsedMs = Math.max(monotonicMs - this.#lastMonotonicMs, 1);
    const cpu = process.cpuUsage();
    const cpuMs = (cpu.user + cpu.system - this.#lastCpu.user - this.#lastCpu.system) / 1_000;
    const blocks = diskBlocks();
    const diskIoKb = (blocks - this.#lastDiskBlocks) * BLOCK_KB;
    const memoryBytes = process.memoryUsage.rss();
    this.#lastMonotonicMs = monotonicMs;
    this.#lastCpu = cpu;
    this.#lastDiskBlocks = blocks;
    return {
      atMs: this.clock.nowMs(),
      cpuPercent: (100 * cpuMs) / elapsedMs,
      memoryMb: memoryBytes / MB,
      memoryPercent: (100 * memoryBytes) / this.#limitBytes,
      diskIoKb,
      eventLoopDelayMs: this.eventLoopDelay.takeMeanMs(),
    };
  }
}

/** Blocks that reached the disk. Reads served from the page cache are not disk I/O and are not in it. */
function diskBlocks(): number {
  if (process.platform === 'win32') return 0;
  const { fsRead, fsWrite } = process.resourceUsage();
  return fsRead + fsWrite;
}

/** The control group's limit where there is one below the machine's memory, else that memory. */
function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return constrained > 0 && constrained < total ? constrained : total;
}
