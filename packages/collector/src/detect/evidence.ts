/** What else is known of a server in the minute of an anomaly, and what is usual for it: the material of recommendations. */
import type { MinuteColumns, ResourceRollup } from '../model/rollup.ts';
import { indexOfMinute } from './column.ts';

export interface Usual {
  cpuPercent: number;
  memoryMb: number;
  eventLoopDelayMs: number;
  /** Of all tools, per minute in which the server reported its resources. */
  calls: number;
}

/** One server's minutes of the window that was looked at. */
export class ServerEvidence {
  /** Tools that were slow, by minute. */
  readonly #slowTools = new Map<number, number>();
  readonly #resourceMinutes: Float64Array;
  #usual: Usual | undefined;

  constructor(
    readonly series: readonly MinuteColumns[],
    readonly resources: readonly ResourceRollup[],
  ) {
    this.#resourceMinutes = Float64Array.from(resources, (rollup) => rollup.startMs);
  }

  noteSlowTool(atMs: number): void {
    this.#slowTools.set(atMs, this.slowTools(atMs) + 1);
  }

  slowTools(atMs: number): number {
    return this.#slowTools.get(atMs) ?? 0;
  }

  resourcesAt(atMs: number): ResourceRollup | undefined {
    return this.resources[indexOfMinute(this.#resourceMinutes, atMs)];
  }

  /** Means over the window. Computed once: the findings of a window can be many. */
  usual(): Usual {
    this.#usual ??= {
      cpuPercent: meanOf(this.resources, (rollup) => rollup.cpuPercentAvg),
      memoryMb: meanOf(this.resources, (rollup) => rollup.memoryMbAvg),
      eventLoopDelayMs: meanOf(this.resources, (rollup) => rollup.eventLoopDelayMsAvg),
      calls: this.#allCalls() / Math.max(1, this.resources.length),
    };
    return this.#usual;
  }

  /** Calls of all tools in a minute. */
  callsAt(atMs: number): number {
    let calls = 0;
    for (const columns of this.series) calls += columns.calls[indexOfMinute(columns.minuteMs, atMs)] ?? 0;
    return calls;
  }

  #allCalls(): number {
    let calls = 0;
    for (const columns of this.series) for (const inMinute of columns.calls) calls += inMinute;
    return calls;
  }
}

function meanOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += value(item);
  return items.length === 0 ? 0 : sum / items.length;
}
