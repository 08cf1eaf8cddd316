/**
 * Counts what batches bring, in the form in which Prometheus wants it: totals since the beginning that never fall. A restart
 * begins anew, which `rate` understands. What is counted here is bounded, whatever strangers send.
 */
import type { Batch, Window } from '@mcp-vitals/wire/encode';
import { CustomFamilies } from './customFamilies.ts';
import { SERVER_FAMILIES } from './families.ts';
import { FamilyBuilder } from './familyBuilder.ts';
import { type Instance, Instances, LIVE_MS } from './instances.ts';
import { labelValue, OTHER } from './labels.ts';
import type { FamilySamples } from './sample.ts';
import { SeriesBudget } from './seriesBudget.ts';
import { ServerTotals } from './serverTotals.ts';
import type { Arrival } from './toolTotals.ts';

export interface MetricTotalsOptions {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Tools, prompts, methods and metrics of servers' own, of all servers together; the rest is counted as `__other__`. */
  maxSeries?: number;
  /** The name that a server, a tool or a metric is shown under; it is cut to the length of a label afterwards. */
  nameOf?(name: string): string;
}

/** The parts of a batch that are counted. */
export type ObservedBatch = Pick<Batch, 'instance' | 'servers' | 'windows' | 'resources' | 'inFlight' | 'dropped'>;

/** Enough for 5,000 tools; each takes about 40 lines of a scrape, or 4 kB. */
export const DEFAULT_MAX_SERIES = 5_000;

const FORGET_SERVER_MS = 24 * 3_600_000;
/** Who has not scraped for so long does not scrape. */
const WATCHED_MS = 10 * 60_000;
const SWEEP_EVERY_MS = 60_000;
const BYTES_PER_KB = 1024;

export class MetricTotals {
  readonly #servers = new Map<string, ServerTotals>();
  readonly #families = new CustomFamilies();
  readonly #budget: SeriesBudget;
  readonly #instances: Instances;
  readonly #nowMs: () => number;
  readonly #nameOf: (name: string) => string;
  #sweptMs = 0;
  #collectedMs = Number.NEGATIVE_INFINITY;

  constructor({ nowMs, maxSeries = DEFAULT_MAX_SERIES, nameOf = (name) => name }: MetricTotalsOptions) {
    this.#nowMs = nowMs;
    this.#nameOf = nameOf;
    this.#budget = new SeriesBudget(maxSeries);
    this.#instances = new Instances(maxSeries);
  }

  /** Windows that were counted as `__other__`, or not at all, because there are too many series. */
  get limited(): number {
    return this.#budget.limited;
  }

  /**
   * Counts a batch that is new: whoever calls this has recognised repeats.
   * @param skewMs sender's clock minus ours, milliseconds
   */
  observe(batch: ObservedBatch, skewMs = 0): void {
    const nowMs = this.#nowMs();
    this.#sweep(nowMs);
    const servers = batch.servers.map(({ name }) => this.#server(name, nowMs));
    const names = new Set(servers.map(({ name }) => name));
    const isLive = isCurrent(batch, nowMs + skewMs);
    const instance = isLive ? this.#instances.seen(batch.instance, names, nowMs) : undefined;
    const isWatched = nowMs - this.#collectedMs < WATCHED_MS;
    const arrival = { nowMs, skewMs, isWatched };
    for (const window of batch.windows) this.#addWindow(window, servers[window.server]!, instance, arrival);
    // Losses are of the process; counted once, they add up to what was lost.
    for (const [reason, count] of Object.entries(batch.dropped)) servers[0]?.dropped.add(reason, count);
    for (const { diskIoKb } of batch.resources) {
      for (const server of new Set(servers)) server.diskIoBytes += diskIoKb * BYTES_PER_KB;
    }
    if (instance === undefined) return;
    instance.resources = batch.resources.at(-1) ?? instance.resources;
    instance.inFlight = this.#inFlightOf(batch, servers);
  }

  /** When the oldest process that reports was first seen, by server as a label's value; epoch milliseconds. */
  startedMs(): ReadonlyMap<string, number> {
    this.#instances.forgetGone(this.#nowMs());
    return this.#instances.oldestFirstSeenMs();
  }

  /** The samples of `SERVER_FAMILIES` and of the servers' own metrics, as they are now. */
  collect(): FamilySamples[] {
    const nowMs = this.#nowMs();
    this.#collectedMs = nowMs;
    this.#sweep(nowMs);
    this.#instances.forgetGone(nowMs);
    const into = new FamilyBuilder();
    for (const family of Object.values(SERVER_FAMILIES)) into.of(family);
    const inFlight = this.#instances.inFlight();
    for (const server of this.#servers.values()) server.pushSamples(into, inFlight, nowMs);
    this.#instances.pushResources(into);
    this.#instances.pushGauges(into);
    return into.built();
  }

  #addWindow(window: Window, server: ServerTotals, instance: Instance | undefined, arrival: Arrival): void {
    const { kind, exemplar } = window;
    const name = this.#nameOf(window.name);
    switch (kind) {
      case 'tool':
        server.tool(name)?.addCalls(window, arrival);
        return;
      case 'wait':
        server.tool(name)?.addWait(window);
        return;
      case 'result_bytes':
        server.tool(name)?.addResultSize(window);
        return;
      case 'gauge': {
        const gauge = server.custom(kind, name);
        if (gauge !== undefined && window.digest.count > 0) instance?.gauges.set(gauge, window.digest.max);
        return;
      }
      case 'counter':
      case 'custom':
        server.custom(kind, name)?.add(window);
        return;
      case 'overlapped':
      case 'follows':
      case 'queued':
      case 'by_client':
        // For the collector's analyses: one label more on each tool would multiply its series.
        return;
      default: {
        const operation = server.operation(kind, name);
        operation?.add(window);
        if (exemplar !== undefined) operation?.addExemplar(exemplar, arrival.skewMs);
      }
    }
  }

  #server(name: string, nowMs: number): ServerTotals {
    const shown = labelValue(this.#nameOf(name));
    let server = this.#servers.get(shown);
    if (server === undefined) {
      const isOther = shown === OTHER || !this.#budget.take();
      if (isOther && shown !== OTHER) return this.#server(OTHER, nowMs);
      server = new ServerTotals(shown, this.#budget, this.#families);
      this.#servers.set(shown, server);
    }
    server.lastSeenMs = nowMs;
    return server;
  }

  #inFlightOf({ inFlight }: ObservedBatch, servers: readonly ServerTotals[]): Instance['inFlight'] {
    const counts: Instance['inFlight'] = new Map();
    for (const { server, kind, name, count } of inFlight) {
      if (kind !== 'tool') continue;
      const tool = servers[server]!.tool(this.#nameOf(name));
      if (tool !== undefined) counts.set(tool, (counts.get(tool) ?? 0) + count);
    }
    return counts;
  }

  #sweep(nowMs: number): void {
    if (Math.abs(nowMs - this.#sweptMs) < SWEEP_EVERY_MS) return;
    this.#sweptMs = nowMs;
    const gone = [...this.#servers.values()].filter(({ lastSeenMs }) => nowMs - lastSeenMs > FORGET_SERVER_MS);
    if (gone.length === 0) return;
    for (const server of gone) {
      this.#servers.delete(server.name);
      this.#budget.giveBack(server.seriesCount);
    }
    this.#instances.forgetServers(new Set(gone.map(({ name }) => name)));
    this.#families.keepOnly(new Set([...this.#servers.values()].flatMap((server) => [...server.customFamilies()])));
  }
}

/** Whether a batch tells of now: one that waited in a spool says nothing about calls under way and memory in use. */
function isCurrent({ windows, resources }: ObservedBatch, senderNowMs: number): boolean {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { endMs } of windows) newestMs = Math.max(newestMs, endMs);
  for (const { atMs } of resources) newestMs = Math.max(newestMs, atMs);
  return newestMs === Number.NEGATIVE_INFINITY || newestMs >= senderNowMs - LIVE_MS;
}
