/**
 * The minutes that are not written yet, in memory. What they hold is also in the journal; after a crash they are filled
 * again from there. A late window opens its minute again, and what is here is then added to the stored row.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { ResourceUsage } from '../../model/rollup.ts';
import { Accumulator } from '../accumulator.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { minuteOfEnd } from '../levels.ts';
import { mergeSamples, usageOfSample } from '../resources.ts';
import type { SeriesRegistry } from './seriesRegistry.ts';

export class OpenMinute {
  readonly series = new Map<number, Accumulator>();
  /** By server, then by instance. */
  readonly resources = new Map<string, Map<string, ResourceUsage>>();
  /** Sums of whole servers and of everything, where they were made already and nothing has come since. */
  #scopes: ReadonlyMap<number, Accumulator> | undefined;
  #version = 0;

  constructor(readonly startMs: number) {}

  /** Changes when something comes in. */
  get version(): number {
    return this.#version;
  }

  get scopes(): ReadonlyMap<number, Accumulator> | undefined {
    return this.#scopes;
  }

  /** @param version of when they began to be made: if something came since, they are left out */
  keepScopes(scopes: ReadonlyMap<number, Accumulator>, version: number): void {
    if (version === this.#version) this.#scopes = scopes;
  }

  /** For adding to it. */
  accumulator(seriesId: number): Accumulator {
    this.#version += 1;
    this.#scopes = undefined;
    return getOrInsert(this.series, seriesId, () => new Accumulator());
  }

  addResources(server: string, instance: string, usage: ResourceUsage): void {
    const instances = getOrInsert(this.resources, server, () => new Map<string, ResourceUsage>());
    const known = instances.get(instance);
    instances.set(instance, known === undefined ? usage : mergeSamples(known, usage));
  }
}

/** Which minutes a replayed entry still has to go to; undefined: all. */
export type MinuteFilter = (minuteMs: number) => boolean;

export class OpenMinutes {
  readonly #minutes = new Map<number, OpenMinute>();

  constructor(private readonly registry: SeriesRegistry) {}

  /** Adds a batch and returns the minutes it touched. */
  apply(batch: Batch, skewMs: number, wanted?: MinuteFilter): Set<number> {
    const touched = new Set<number>();
    const servers = batch.servers.map(({ name }) => this.registry.server(name));
    let minute: OpenMinute | undefined;
    for (const window of batch.windows) {
      if (!window.outcomes.some((count) => count > 0)) continue;
      const minuteMs = minuteOfEnd(window.endMs - skewMs);
      if (wanted !== undefined && !wanted(minuteMs)) continue;
      if (minute?.startMs !== minuteMs) {
        minute = this.#open(minuteMs);
        touched.add(minuteMs);
      }
      minute.accumulator(this.registry.id(servers[window.server]!, window.kind, window.name)).addWindow(window);
    }
    for (const sample of batch.resources) {
      const minuteMs = minuteOfEnd(sample.atMs - skewMs);
      if (wanted !== undefined && !wanted(minuteMs)) continue;
      touched.add(minuteMs);
      for (const { name } of servers) this.#open(minuteMs).addResources(name, batch.instance, usageOfSample(sample));
    }
    return touched;
  }

  get size(): number {
    return this.#minutes.size;
  }

  /** Open minutes that begin within [fromMs, toMs). */
  *within(fromMs: number, toMs: number): IterableIterator<OpenMinute> {
    for (const minute of this.#minutes.values()) {
      if (minute.startMs >= fromMs && minute.startMs < toMs) yield minute;
    }
  }

  starts(): number[] {
    return [...this.#minutes.keys()].sort((a, b) => a - b);
  }

  get(startMs: number): OpenMinute | undefined {
    return this.#minutes.get(startMs);
  }

  remove(startMs: number): void {
    this.#minutes.delete(startMs);
  }

  #open(startMs: number): OpenMinute {
    return getOrInsert(this.#minutes, startMs, () => new OpenMinute(startMs));
  }
}
