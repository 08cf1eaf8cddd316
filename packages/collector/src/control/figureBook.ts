/**
 * What calls of servers that permit something came to, in slices of two seconds: what a policy is judged by, before and after.
 * Minutes, as the store keeps them, would be too coarse to undo anything early.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import { binOf, type LatencyCounts, middleMs } from '../model/latencyCounts.ts';
import type { SliceFigures } from '../model/optimization/judgement.ts';
import type { TimeRange } from '../store/store.ts';

export const SLICE_MS = 2_000;

/** Bounds on what servers can make it remember. */
const MAX_SERVERS = 500;
const MAX_TOOLS = 100;

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

/** Of a server: its tools, and with an empty name all of them together; each by the start of the slice. */
type ServerSlices = Map<string, Map<number, Slice>>;

/** What a process said last. */
interface Sender {
  lastResourcesMs: number;
  /** Calls under way by server and tool. */
  underWay: Map<string, Map<string, number>>;
  seenMs: number;
}

export class FigureBook {
  readonly #servers = new Map<string, ServerSlices>();
  readonly #senders = new Map<string, Sender>();
  /** By server, the newest policy that a process of it has said to be in force, and when that was said first. */
  readonly #heard = new Map<string, { version: number; atMs: number }>();

  /** Takes in what a batch says of those of its servers that are `watched`, by their index. */
  observe(batch: Batch, watched: ReadonlySet<number>, skewMs: number, nowMs: number): void {
    const sender = this.#senderOf(batch.instance, nowMs);
    for (const window of batch.windows) {
      if (window.kind !== 'tool' || !watched.has(window.server)) continue;
      const slices = this.#slicesOf(batch.servers[window.server]!.name);
      if (slices === undefined) continue;
      for (const tool of ['', window.name]) addWindow(slices, tool, window, skewMs);
    }
    const samples = samplesOf(batch, sender);
    const cpuMs = samples.reduce((sum, sample) => sum + (sample.cpuPercent / 100) * (sample.toMs - sample.fromMs), 0);
    for (const index of watched) {
      const { name } = batch.servers[index]!;
      const slices = this.#slicesOf(name);
      if (slices === undefined) continue;
      this.#hear(name, batch.controls?.find((row) => row.server === index)?.version ?? 0, nowMs);
      this.#addUnderWay(slices, sender, name, underWayOf(batch, index), nowMs);
      const whole = sliceAt(slices, '', nowMs);
      if (whole !== undefined) whole.cpuMs += cpuMs;
      for (const sample of samples) addLoopDelay(slices, sample, skewMs);
    }
  }

  /** Oldest first; an empty tool is the whole server. */
  slices(server: string, tool: string, { fromMs, toMs }: TimeRange): SliceFigures[] {
    const tools = this.#servers.get(server);
    const whole = tools?.get('');
    const slices = [...(tools?.get(tool) ?? [])];
    return slices
      .filter(([startMs]) => startMs >= fromMs && startMs + SLICE_MS <= toMs)
      .sort(([a], [b]) => a - b)
      .map(([startMs, slice]) => figuresOf(startMs, slice, loopDelayMsOf(whole?.get(startMs))));
  }

  /** When a process of the server first said that the policy is in force; undefined where none has yet, or a newer one is. */
  heardMs(server: string, version: number): number | undefined {
    const heard = this.#heard.get(server);
    return heard?.version === version ? heard.atMs : undefined;
  }

  /** @param keptFromMs by server, from when on slices are needed */
  forget(keptFromMs: (server: string) => number, nowMs: number): void {
    for (const [server, tools] of this.#servers) {
      const fromMs = keptFromMs(server);
      for (const [tool, slices] of tools) {
        for (const startMs of slices.keys()) if (startMs < fromMs) slices.delete(startMs);
        if (slices.size === 0) tools.delete(tool);
      }
      if (tools.size === 0) {
        this.#servers.delete(server);
        this.#heard.delete(server);
      }
    }
    for (const [instance, { seenMs }] of this.#senders)
      if (seenMs < nowMs - GONE_AFTER_MS) this.#senders.delete(instance);
  }

  #senderOf(instance: string, nowMs: number): Sender {
    const sender = this.#senders.get(instance) ?? { lastResourcesMs: 0, underWay: new Map(), seenMs: nowMs };
    sender.seenMs = nowMs;
    this.#senders.set(instance, sender);
    return sender;
  }

  #slicesOf(server: string): ServerSlices | undefined {
    const known = this.#servers.get(server);
    if (known !== undefined || this.#servers.size >= MAX_SERVERS) return known;
    const slices: ServerSlices = new Map();
    this.#servers.set(server, slices);
    return slices;
  }

  #hear(server: string, version: number, nowMs: number): void {
    if (version > (this.#heard.get(server)?.version ?? 0)) this.#heard.set(server, { version, atMs: nowMs });
  }

  #addUnderWay(
    slices: ServerSlices,
    sender: Sender,
    server: string,
    underWay: Map<string, number>,
    nowMs: number,
  ): void {
    const before = sender.underWay.get(server);
    sender.underWay.set(server, underWay);
    for (const tool of new Set([...(before?.keys() ?? []), ...underWay.keys()])) {
      const now = underWay.get(tool) ?? 0;
      const slice = sliceAt(slices, tool, nowMs);
      if (slice === undefined) continue;
      // Of a process that is new to this collector it is not known how many were under way before.
      if (before !== undefined) slice.growth += now - (before.get(tool) ?? 0);
      slice.underWay = Math.max(slice.underWay, now);
    }
  }
}

/** A process that says nothing for this long has ended. */
const GONE_AFTER_MS = 120_000;

/** @returns undefined for one tool too many */
function sliceAt(tools: ServerSlices, tool: string, atMs: number): Slice | undefined {
  let slices = tools.get(tool);
  if (slices === undefined) {
    if (tools.size >= MAX_TOOLS) return undefined;
    slices = new Map();
    tools.set(tool, slices);
  }
  const startMs = floorToSlice(atMs);
  let slice = slices.get(startMs);
  if (slice === undefined) {
    slice = {
      ended: 0,
      ok: 0,
      growth: 0,
      underWay: 0,
      cpuMs: 0,
      loopDelay: { sumMs: 0, samples: 0 },
      durations: new Map(),
    };
    slices.set(startMs, slice);
  }
  return slice;
}

/** Most windows lie in one slice. Those of a process whose event loop is late are long, and are spread over the slices they cover. */
function addWindow(slices: ServerSlices, tool: string, window: Batch['windows'][number], skewMs: number): void {
  const [ok, toolError, protocolError, timeout, cancelled] = window.outcomes;
  const range = { fromMs: window.startMs - skewMs, toMs: window.endMs - skewMs };
  for (const [atMs, share] of slicesWithin(range)) {
    const slice = sliceAt(slices, tool, atMs);
    if (slice === undefined) return;
    slice.ok += share * ok;
    slice.ended += share * (ok + toolError + protocolError + timeout + cancelled);
    window.digest.forEach((mean, calls) => {
      const bin = binOf(mean);
      slice.durations.set(bin, (slice.durations.get(bin) ?? 0) + share * calls);
    });
  }
}

/** A longer time than this is told by nothing that is spread over it. */
const MAX_SPREAD_MS = 60_000;

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

function addLoopDelay(slices: ServerSlices, { fromMs, toMs, eventLoopDelayMs }: Sample, skewMs: number): void {
  for (const [atMs] of slicesWithin({ fromMs: fromMs - skewMs, toMs: toMs - skewMs })) {
    const slice = sliceAt(slices, '', atMs);
    if (slice === undefined) return;
    slice.loopDelay.sumMs += eventLoopDelayMs;
    slice.loopDelay.samples += 1;
  }
}

function loopDelayMsOf(whole: Slice | undefined): number {
  return whole === undefined || whole.loopDelay.samples === 0 ? 0 : whole.loopDelay.sumMs / whole.loopDelay.samples;
}

function underWayOf({ inFlight }: Batch, server: number): Map<string, number> {
  const rows = inFlight.filter((calls) => calls.server === server && calls.kind === 'tool');
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return new Map([['', total], ...rows.map(({ name, count }) => [name, count] as const)]);
}

interface Sample extends TimeRange {
  cpuPercent: number;
  eventLoopDelayMs: number;
}

/** Samples tell what was used since the one before; of the first it is not known since when. */
function samplesOf({ resources }: Batch, sender: Sender): Sample[] {
  return resources.map(({ atMs, cpuPercent, eventLoopDelayMs }) => {
    const fromMs = sender.lastResourcesMs > 0 ? Math.min(sender.lastResourcesMs, atMs) : atMs;
    sender.lastResourcesMs = atMs;
    return { fromMs, toMs: atMs, cpuPercent, eventLoopDelayMs };
  });
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
