/**
 * The calls of one server in slices of two seconds, by tool. What a process says of a longer time, because its event loop was
 * held up, is spread over the slices that it covers.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import { binOf, type LatencyCounts, middleMs } from '../model/latencyCounts.ts';
import type { SliceFigures } from '../model/optimization/judgement.ts';
import type { TimeRange } from '../store/store.ts';

export const SLICE_MS = 2_000;

/** A bound on what a server can make it remember. */
const MAX_TOOLS = 100;
/** A longer time than this is told by nothing that is spread over it. */
const MAX_SPREAD_MS = 60_000;
/** The name of all tools together. */
const WHOLE = '';

/** What a process used in a time, on its own clock. */
export interface ResourceSample extends TimeRange {
  cpuPercent: number;
  eventLoopDelayMs: number;
}

interface Slice {
  ended: number;
  ok: number;
  /** By how many more are under way at its end than at its beginning. */
  growth: number;
  /** The most of one process. */
  underWay: number;
  cpuMs: number;
  /** How late the event loop was, in milliseconds: the sum of what processes said, and how often they said it. */
  loopDelay: { sumMs: number; samples: number };
  durations: Map<number, number>;
}

export class ServerSlices {
  /** By tool, then by the start of the slice. */
  readonly #tools = new Map<string, Map<number, Slice>>();

  get isEmpty(): boolean {
    return this.#tools.size === 0;
  }

  /** @param skewMs sender's clock minus ours */
  addWindow(window: Batch['windows'][number], skewMs: number): void {
    const [ok, toolError, protocolError, timeout, cancelled] = window.outcomes;
    const ended = ok + toolError + protocolError + timeout + cancelled;
    const range = { fromMs: window.startMs - skewMs, toMs: window.endMs - skewMs };
    for (const [atMs, share] of slicesWithin(range)) {
      for (const tool of [WHOLE, window.name]) {
        const slice = this.#at(tool, atMs);
        if (slice === undefined) continue;
        slice.ok += share * ok;
        slice.ended += share * ended;
        addDurations(slice, window, share);
      }
    }
  }

  addUnderWay(tool: string, count: number, growth: number, atMs: number): void {
    const slice = this.#at(tool, atMs);
    if (slice === undefined) return;
    slice.growth += growth;
    slice.underWay = Math.max(slice.underWay, count);
  }

  addCpu(cpuMs: number, atMs: number): void {
    const slice = this.#at(WHOLE, atMs);
    if (slice !== undefined) slice.cpuMs += cpuMs;
  }

  addLoopDelay({ fromMs, toMs, eventLoopDelayMs }: ResourceSample, skewMs: number): void {
    for (const [atMs] of slicesWithin({ fromMs: fromMs - skewMs, toMs: toMs - skewMs })) {
      const slice = this.#at(WHOLE, atMs);
      if (slice === undefined) continue;
      slice.loopDelay.sumMs += eventLoopDelayMs;
      slice.loopDelay.samples += 1;
    }
  }

  /** Of a tool, or with an empty name of all; oldest first. */
  figures(tool: string, { fromMs, toMs }: TimeRange): SliceFigures[] {
    const whole = this.#tools.get(WHOLE);
    const slices = [...(this.#tools.get(tool) ?? [])];
    return slices
      .filter(([startMs]) => startMs >= fromMs && startMs + SLICE_MS <= toMs)
      .sort(([a], [b]) => a - b)
      .map(([startMs, slice]) => figuresOf(startMs, slice, loopDelayMsOf(whole?.get(startMs))));
  }

  /** Everything from before. */
  forget(beforeMs: number): void {
    for (const [tool, slices] of this.#tools) {
      for (const startMs of slices.keys()) if (startMs < beforeMs) slices.delete(startMs);
      if (slices.size === 0) this.#tools.delete(tool);
    }
  }

  /** @returns undefined for one tool too many */
  #at(tool: string, atMs: number): Slice | undefined {
    let slices = this.#tools.get(tool);
    if (slices === undefined) {
      if (this.#tools.size >= MAX_TOOLS) return undefined;
      slices = new Map();
      this.#tools.set(tool, slices);
    }
    const startMs = floorToSlice(atMs);
    let slice = slices.get(startMs);
    if (slice === undefined) {
      slice = emptySlice();
      slices.set(startMs, slice);
    }
    return slice;
  }
}

function emptySlice(): Slice {
  const loopDelay = { sumMs: 0, samples: 0 };
  return { ended: 0, ok: 0, growth: 0, underWay: 0, cpuMs: 0, loopDelay, durations: new Map() };
}

function addDurations({ durations }: Slice, { digest }: Batch['windows'][number], share: number): void {
  digest.forEach((mean, calls) => {
    const bin = binOf(mean);
    durations.set(bin, (durations.get(bin) ?? 0) + share * calls);
  });
}

/** Slices that a range lies in, each with its share of the range; the shares come to 1. */
function slicesWithin({ fromMs, toMs }: TimeRange): [atMs: number, share: number][] {
  const startMs = Math.max(fromMs, toMs - MAX_SPREAD_MS);
  if (floorToSlice(startMs) === floorToSlice(toMs)) return [[toMs, 1]];
  const found: [number, number][] = [];
  for (let atMs = startMs; atMs < toMs; atMs = floorToSlice(atMs) + SLICE_MS) {
    const endMs = Math.min(toMs, floorToSlice(atMs) + SLICE_MS);
    found.push([atMs, (endMs - atMs) / (toMs - startMs)]);
  }
  return found;
}

function floorToSlice(atMs: number): number {
  return Math.floor(atMs / SLICE_MS) * SLICE_MS;
}

function loopDelayMsOf(whole: Slice | undefined): number {
  return whole === undefined || whole.loopDelay.samples === 0 ? 0 : whole.loopDelay.sumMs / whole.loopDelay.samples;
}

/**
 * What a client waited for is told, not what the handler took: a call that comes in while the event loop is late has waited about
 * so long in the socket. Without that, a limit that lets it wait in a queue instead would seem to have made it slow.
 */
function figuresOf(startMs: number, slice: Slice, loopDelayMs: number): SliceFigures {
  const { ended, ok, growth, underWay, cpuMs, durations } = slice;
  return {
    startMs,
    lengthMs: SLICE_MS,
    offered: Math.max(0, ended + growth),
    ok,
    failed: ended - ok,
    underWay,
    cpuMs,
    loopDelayMs,
    durations: delayed(durations, loopDelayMs),
  };
}

function delayed(durations: ReadonlyMap<number, number>, delayMs: number): LatencyCounts {
  const counts = new Map<number, number>();
  for (const [bin, calls] of durations) {
    const whole = delayMs === 0 ? bin : binOf(middleMs(bin) + delayMs);
    counts.set(whole, (counts.get(whole) ?? 0) + calls);
  }
  return [...counts].sort(([a], [b]) => a - b);
}
