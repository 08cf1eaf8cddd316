/** Collects sealed windows until a batch leaves, and writes the batch down. */
import type { Batch, ControlState, InFlight, ResourceSample, Window } from '@mcp-vitals/wire/encode';
import { encodeBatch, WIRE_LIMITS, WIRE_VERSION } from '@mcp-vitals/wire/encode';
import type { Diagnostics } from '../diagnostics.ts';
import type { SealedBatch } from '../transport/transport.ts';
import type { MonitoredServer, SealedSeries } from '../window/series.ts';

/** A batch with this many windows leaves at once. */
export const MAX_BATCH_WINDOWS = 100;

/** Calls in flight as the recorder sees them. */
interface InFlightSeries {
  series: { server: MonitoredServer; kind: Window['kind']; name: string };
  count: number;
  oldestAgeMs: number;
}

/** What batches say of servers and their calls. */
export type BatchContent = Pick<Batch, 'servers' | 'windows' | 'inFlight'>;

export interface BatcherDeps {
  diagnostics: Diagnostics;
  instance: string;
  process: Batch['process'];
  /** Of all servers of this process; undefined: the default one. */
  workspace?: string | undefined;
  /** Every server of this process; a batch names them all, so that an idle one is seen too. */
  servers(): readonly MonitoredServer[];
  inFlight(): readonly InFlightSeries[];
  /** What the authors of servers permit; undefined where none does. */
  controls(servers: readonly MonitoredServer[]): ControlState[] | undefined;
}

export class Batcher {
  #windows: SealedSeries[] = [];
  #resources: ResourceSample[] = [];
  #seq = 0;

  constructor(readonly deps: BatcherDeps) {}

  get isEmpty(): boolean {
    return this.#windows.length === 0;
  }

  /** Adds what a window held; returns the batches that became full by it. */
  add(windows: readonly SealedSeries[], resources: ResourceSample | undefined): SealedBatch[] {
    if (resources !== undefined) this.#resources.push(resources);
    if (this.#resources.length > WIRE_LIMITS.maxResources) this.#resources.shift();
    const full: SealedBatch[] = [];
    for (const window of windows) {
      this.#windows.push(window);
      if (this.#windows.length === MAX_BATCH_WINDOWS) full.push(...this.seal());
    }
    return full;
  }

  /** Writes down what was collected; without any windows it is a heartbeat. Empty only when encoding failed. */
  seal(): SealedBatch[] {
    const windows = this.#windows;
    const resources = this.#resources;
    this.#windows = [];
    this.#resources = [];
    const samples = windows.reduce((sum, { outcomes }) => sum + outcomes.reduce((a, b) => a + b, 0), 0);
    const dropped = this.deps.diagnostics.takeUnreported();
    try {
      this.#seq += 1;
      // A copy, because what the encoder returns may be a small part of a large buffer that it would keep alive.
      const body = new Uint8Array(encodeBatch(this.#batch(windows, resources, dropped)));
      return [{ body, samples, dropped }];
    } catch (error) {
      this.deps.diagnostics.warnOnce('encode', `a batch could not be encoded: ${String(error)}`);
      this.deps.diagnostics.restoreUnreported(dropped);
      this.deps.diagnostics.dropped('encode_failed', samples);
      return [];
    }
  }

  /** Windows as a batch would have them, and what is under way now. */
  contentOf(sealed: readonly SealedSeries[]): BatchContent {
    const { workspace } = this.deps;
    const servers = this.deps.servers();
    const indexOf = new Map(servers.map((server, index) => [server, index]));
    const inFlight: InFlight[] = this.deps.inFlight().map(({ series, count, oldestAgeMs }) => {
      return { server: indexOf.get(series.server)!, kind: series.kind, name: series.name, count, oldestAgeMs };
    });
    return {
      servers: servers.map(({ name, version }) =>
        workspace === undefined ? { name, version } : { name, version, workspace },
      ),
      windows: sealed.map((window) => ({ ...window, server: indexOf.get(window.server)! })),
      inFlight: inFlight.slice(0, WIRE_LIMITS.maxInFlight),
    };
  }

  #batch(sealed: readonly SealedSeries[], resources: ResourceSample[], dropped: Record<string, number>): Batch {
    const { servers, windows, inFlight } = this.contentOf(sealed);
    const { instance, process } = this.deps;
    // Keys in their usual order: the same batch always has the same bytes.
    const batch: Batch = {
      v: WIRE_VERSION,
      instance,
      seq: this.#seq,
      process,
      servers,
      windows,
      resources,
      inFlight,
      dropped,
    };
    const controls = this.deps.controls(this.deps.servers());
    return controls === undefined ? batch : { ...batch, controls };
  }
}
