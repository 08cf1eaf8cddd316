/**
 * What calls of servers that permit something came to, in slices of two seconds: what a policy is judged by, before and after.
 * Minutes, as the store keeps them, would be too coarse to undo anything early.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import { binOf, type LatencyCounts } from '../model/latencyCounts.ts';
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

  /** Takes in what a batch says of those of its servers that are `watched`, by their index. */
  observe(batch: Batch, watched: ReadonlySet<number>, skewMs: number, nowMs: number): void {
    const sender = this.#senderOf(batch.instance, nowMs);
    for (const window of batch.windows) {
      if (window.kind !== 'tool' || !watched.has(window.server)) continue;
      const slices = this.#slicesOf(batch.servers[window.server]!.name);
      if (slices === undefined) continue;
      for (const tool of ['', window.name]) addWindow(sliceAt(slices, tool, window.endMs - skewMs), window);
    }
    const cpuMs = cpuMsOf(batch, sender);
    for (const index of watched) {
      const { name } = batch.servers[index]!;
      const slices = this.#slicesOf(name);
      if (slices === undefined) continue;
      this.#addUnderWay(slices, sender, name, underWayOf(batch, index), nowMs);
      const whole = sliceAt(slices, '', nowMs);
      if (whole !== undefined) whole.cpuMs += cpuMs;
    }
  }

  /** Oldest first; an empty tool is the whole server. */
  slices(server: string, tool: string, { fromMs, toMs }: TimeRange): SliceFigures[] {
    const slices = [...(this.#servers.get(server)?.get(tool) ?? [])];
    return slices
      .filter(([startMs]) => startMs >= fromMs && startMs + SLICE_MS <= toMs)
      .sort(([a], [b]) => a - b)
      .map(([startMs, slice]) => figuresOf(startMs, slice));
  }

  /** @param keptFromMs by server, from when on slices are needed */
  forget(keptFromMs: (server: string) => number, nowMs: number): void {
    for (const [server, tools] of this.#servers) {
      const fromMs = keptFromMs(server);
      for (const [tool, slices] of tools) {
        for (const startMs of slices.keys()) if (startMs < fromMs) slices.delete(startMs);
        if (slices.size === 0) tools.delete(tool);
      }
      if (tools.size === 0) this.#servers.delete(server);
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
  const startMs = Math.floor(atMs / SLICE_MS) * SLICE_MS;
  let slice = slices.get(startMs);
  if (slice === undefined) {
    slice = { ended: 0, ok: 0, growth: 0, underWay: 0, cpuMs: 0, durations: new Map() };
    slices.set(startMs, slice);
  }
  return slice;
}

function addWindow(slice: Slice | undefined, { outcomes, digest }: Batch['windows'][number]): void {
  if (slice === undefined) return;
  const [ok, toolError, protocolError, timeout, cancelled] = outcomes;
  slice.ok += ok;
  slice.ended += ok + toolError + protocolError + timeout + cancelled;
  digest.forEach((mean, calls) => {
    const bin = binOf(mean);
    slice.durations.set(bin, (slice.durations.get(bin) ?? 0) + calls);
  });
}

function underWayOf({ inFlight }: Batch, server: number): Map<string, number> {
  const rows = inFlight.filter((calls) => calls.server === server && calls.kind === 'tool');
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return new Map([['', total], ...rows.map(({ name, count }) => [name, count] as const)]);
}

/** Samples tell what was used since the one before; of the first it is not known since when. */
function cpuMsOf({ resources }: Batch, sender: Sender): number {
  let cpuMs = 0;
  for (const { atMs, cpuPercent } of resources) {
    if (sender.lastResourcesMs > 0) cpuMs += (cpuPercent / 100) * Math.max(0, atMs - sender.lastResourcesMs);
    sender.lastResourcesMs = atMs;
  }
  return cpuMs;
}

function figuresOf(startMs: number, { ended, ok, growth, underWay, cpuMs, durations }: Slice): SliceFigures {
  const counts: LatencyCounts = [...durations].sort(([a], [b]) => a - b);
  return {
    startMs,
    lengthMs: SLICE_MS,
    offered: Math.max(0, ended + growth),
    ok,
    failed: ended - ok,
    underWay,
    cpuMs,
    durations: counts,
  };
}
