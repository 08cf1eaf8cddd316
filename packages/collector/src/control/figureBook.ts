/**
 * What calls of servers that permit something came to, in slices of two seconds: what a policy is judged by, before and after.
 * Minutes, as the store keeps them, would be too coarse to undo anything early.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { SliceFigures } from '../model/optimization/judgement.ts';
import type { TimeRange } from '../store/store.ts';
import { type ResourceSample, ServerSlices } from './serverSlices.ts';

/** A bound on what servers can make it remember. */
const MAX_SERVERS = 500;

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
      slices.addWindow(window, skewMs);
    }
    const samples = samplesOf(batch, sender);
    const cpuMs = samples.reduce((sum, sample) => sum + (sample.cpuPercent / 100) * (sample.toMs - sample.fromMs), 0);
    for (const index of watched) {
      const { name } = batch.servers[index]!;
      const slices = this.#slicesOf(name);
      if (slices === undefined) continue;
      this.#hear(name, batch.controls?.find((row) => row.server === index)?.version ?? 0, nowMs);
      this.#addUnderWay(slices, sender, name, underWayOf(batch, index), nowMs);
      slices.addCpu(cpuMs, nowMs);
      for (const sample of samples) slices.addLoopDelay(sample, skewMs);
    }
  }

  /** Oldest first; an empty tool is the whole server. */
  slices(server: string, tool: string, range: TimeRange): SliceFigures[] {
    return this.#servers.get(server)?.figures(tool, range) ?? [];
  }

  /** When a process of the server first said that the policy is in force; undefined where none has yet, or a newer one is. */
  heardMs(server: string, version: number): number | undefined {
    const heard = this.#heard.get(server);
    return heard?.version === version ? heard.atMs : undefined;
  }

  /** @param keptFromMs by server, from when on slices are needed */
  forget(keptFromMs: (server: string) => number, nowMs: number): void {
    for (const [server, slices] of this.#servers) {
      slices.forget(keptFromMs(server));
      if (!slices.isEmpty) continue;
      this.#servers.delete(server);
      this.#heard.delete(server);
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
    const slices = new ServerSlices();
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
      // Of a process that is new to this collector it is not known how many were under way before.
      const growth = before === undefined ? 0 : now - (before.get(tool) ?? 0);
      slices.addUnderWay(tool, now, growth, nowMs);
    }
  }
}

/** A process that says nothing for this long has ended. */
const GONE_AFTER_MS = 120_000;

function underWayOf({ inFlight }: Batch, server: number): Map<string, number> {
  const rows = inFlight.filter((calls) => calls.server === server && calls.kind === 'tool');
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return new Map([['', total], ...rows.map(({ name, count }) => [name, count] as const)]);
}

/** Samples tell what was used since the one before; of the first it is not known since when. */
function samplesOf({ resources }: Batch, sender: Sender): ResourceSample[] {
  return resources.map(({ atMs, cpuPercent, eventLoopDelayMs }) => {
    const fromMs = sender.lastResourcesMs > 0 ? Math.min(sender.lastResourcesMs, atMs) : atMs;
    sender.lastResourcesMs = atMs;
    return { fromMs, toMs: atMs, cpuPercent, eventLoopDelayMs };
  });
}
