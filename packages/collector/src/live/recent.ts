/**
 * What servers reported in the newest minutes, as it came: the store keeps minutes, and whoever watches a server now, or has
 * just changed something about it, wants seconds. It is in memory only, and bounded; the oldest goes first.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import type { Recent, RecentInstance, RecentResources, RecentWindow } from '../serve/ports/recent.ts';
import { Slice } from './slice.ts';

export const KEPT_MS = 15 * MINUTE_MS;

const BYTES_PER_MB = 1_048_576;

/** A slice is full at this part of the memory, so that what is dropped at once is little. */
const SLICES = 16;

/** Processes that are remembered; beyond that, those seen longest ago are forgotten. */
const MAX_INSTANCES = 5_000;

export interface RecentDeps {
  clock: Pick<Clock, 'nowMs'>;
  /** How the store writes names that come from outside, so that a query finds them here as it does there. */
  storedName(name: string): string;
  maxMb: number;
}

export interface RecentFigures extends Recent {
  /** Takes in a batch that was stored. Cheap and synchronous. */
  observe(batch: Batch, skewMs: number): void;
  /** Memory taken, in bytes. */
  bytes(): number;
}

export function createRecent({ clock, storedName, maxMb }: RecentDeps): RecentFigures {
  const maxBytes = maxMb * BYTES_PER_MB;
  const instances = new Map<string, RecentInstance[]>();
  const slices = [new Slice(clock.nowMs())];
  let droppedUntilMs = clock.nowMs();

  const bytes = () => slices.reduce((sum, slice) => sum + slice.bytes, 0);

  /** The slice that is open; makes a new one, and drops the oldest, when it is time. */
  function openSlice(nowMs: number): Slice {
    const newest = slices.at(-1)!;
    if (nowMs - newest.openedMs < MINUTE_MS && newest.bytes < maxBytes / SLICES) return newest;
    const opened = new Slice(nowMs, newest);
    slices.push(opened);
    while (slices.length > 1 && bytes() > maxBytes) drop();
    while (slices.length > 1 && slices[0]!.newestMs < nowMs - KEPT_MS) slices.shift();
    return opened;
  }

  function drop(): void {
    droppedUntilMs = Math.max(droppedUntilMs, Math.min(slices.shift()!.newestMs, clock.nowMs()));
  }

  function remember(batch: Batch, servers: readonly string[], lastSeenMs: number): void {
    const { host, pid, runtime } = batch.process;
    const { instance } = batch;
    // At the end: the first is then the one that was seen longest ago.
    instances.delete(instance);
    instances.set(
      instance,
      batch.servers.map(({ version }, index) => {
        return { instance, server: servers[index]!, version, host, pid, runtime, lastSeenMs };
      }),
    );
    for (const [oldest, [first]] of instances) {
      if (instances.size <= MAX_INSTANCES && first !== undefined && first.lastSeenMs >= lastSeenMs - KEPT_MS) break;
      instances.delete(oldest);
    }
  }

  return {
    observe(batch, skewMs) {
      const nowMs = clock.nowMs();
      const slice = openSlice(nowMs);
      const servers = batch.servers.map(({ name }) => storedName(name));
      const { instance } = batch;
      for (const window of batch.windows) {
        // What was spooled for long is the store's.
        if (window.endMs - skewMs < nowMs - KEPT_MS) continue;
        const { kind, name } = window;
        slice.addWindow({ server: servers[window.server]!, kind, name: storedName(name), instance }, window, skewMs);
      }
      const samples = batch.resources.filter(({ atMs }) => atMs - skewMs >= nowMs - KEPT_MS);
      slice.addSamples({ instance, servers: [...new Set(servers)] }, samples, skewMs);
      remember(batch, servers, nowMs);
    },

    windows(range, filter) {
      const found: RecentWindow[] = [];
      for (const slice of slices) if (slice.newestMs > range.fromMs) slice.pushWindows(found, range, filter);
      return found.sort((a, b) => a.endMs - b.endMs);
    },

    resources(range, server) {
      const found: RecentResources[] = [];
      for (const slice of slices) if (slice.newestMs > range.fromMs) slice.pushSamples(found, range, server);
      return found.sort((a, b) => a.atMs - b.atMs);
    },

    instances(server) {
      const sinceMs = clock.nowMs() - KEPT_MS;
      const known = [...instances.values()].flat().reverse();
      return known.filter((one) => one.lastSeenMs >= sinceMs && (server === undefined || one.server === server));
    },

    keptFromMs: () => Math.max(droppedUntilMs, clock.nowMs() - KEPT_MS),
    bytes,
  };
}
