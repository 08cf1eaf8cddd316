/**
 * What the process uses, from the metrics that OpenTelemetry's conventions for processes and for Node.js name. What is not
 * sent is zero in a sample: shares of a limit are not among them, because the limit is not sent either.
 */
import type { ResourceSample } from '@mcp-vitals/wire/decode';
import type { Metric } from '../protobuf/otlpMessages.ts';
import type { Increase } from './streams.ts';

const BYTES_PER_MB = 1_048_576;
const BYTES_PER_KB = 1_024;

interface ProcessMetric {
  unit: string;
  /** `level`: the newest value of each stream counts; `growth`: what came since the one before. */
  is: 'level' | 'growth';
}

const PROCESS_METRICS: Readonly<Record<string, ProcessMetric>> = {
  'process.memory.usage': { unit: 'By', is: 'level' },
  'process.cpu.time': { unit: 's', is: 'growth' },
  'process.disk.io': { unit: 'By', is: 'growth' },
  'nodejs.eventloop.delay.mean': { unit: 's', is: 'level' },
  'v8js.memory.heap.used': { unit: 'By', is: 'level' },
};

export function processMetric({ name = '', unit }: Metric): ProcessMetric | undefined {
  const known = Object.hasOwn(PROCESS_METRICS, name) ? PROCESS_METRICS[name] : undefined;
  return known?.unit === unit ? known : undefined;
}

export class ProcessFigures {
  /** Sums over the streams of each metric. */
  readonly #levels = new Map<string, number>();
  #cpuPercent: number | undefined;
  #diskIoBytes = 0;
  #atMs = 0;

  addLevel(name: string, value: number, atMs: number): void {
    this.#levels.set(name, (this.#levels.get(name) ?? 0) + value);
    this.#atMs = Math.max(this.#atMs, atMs);
  }

  addGrowth(name: string, { value, startMs, endMs }: Increase<number>): void {
    this.#atMs = Math.max(this.#atMs, endMs);
    if (name === 'process.disk.io') this.#diskIoBytes += value;
    else if (endMs > startMs) this.#cpuPercent = (this.#cpuPercent ?? 0) + (100 * value * 1_000) / (endMs - startMs);
  }

  /** Undefined when neither memory nor CPU is known. */
  sample(): ResourceSample | undefined {
    const memoryBytes = this.#levels.get('process.memory.usage');
    if (memoryBytes === undefined && this.#cpuPercent === undefined) return undefined;
    const heapBytes = this.#levels.get('v8js.memory.heap.used');
    return {
      atMs: this.#atMs,
      cpuPercent: this.#cpuPercent ?? 0,
      memoryMb: (memoryBytes ?? 0) / BYTES_PER_MB,
      memoryPercent: 0,
      diskIoKb: this.#diskIoBytes / BYTES_PER_KB,
      eventLoopDelayMs: 1_000 * (this.#levels.get('nodejs.eventloop.delay.mean') ?? 0),
      ...(heapBytes === undefined ? {} : { heapUsedMb: heapBytes / BYTES_PER_MB }),
    };
  }
}
