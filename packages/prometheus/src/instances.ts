/**
 * What only a running process has: calls under way, resources in use, gauges. It is shown while the process reports, and
 * gone with it, so that what a dead process said last does not stay true for ever.
 */
import type { ResourceSample } from '@mcp-vitals/wire/encode';
import type { CustomTotals } from './customTotals.ts';
import { SERVER_FAMILIES } from './families.ts';
import type { FamilyBuilder } from './familyBuilder.ts';
import type { ToolTotals } from './toolTotals.ts';

/** An idle process reports once a minute. */
export const LIVE_MS = 120_000;

const BYTES_PER_MB = 1_048_576;

/** One process; it may monitor several servers. */
export interface Instance {
  firstSeenMs: number;
  lastSeenMs: number;
  /** Names of its servers, as labels' values. */
  servers: ReadonlySet<string>;
  resources: ResourceSample | undefined;
  inFlight: Map<ToolTotals, number>;
  gauges: Map<CustomTotals, number>;
}

interface Usage {
  memory: Map<string, number>;
  memoryRatio: number;
  cpuRatio: number;
  eventLoopDelayS: number;
}

export class Instances {
  readonly #instances = new Map<string, Instance>();

  /** @param most processes that are remembered at a time; beyond that, those seen longest ago are forgotten */
  constructor(private readonly most: number) {}

  /** The instance as it is now, seen at `nowMs`. */
  seen(id: string, servers: ReadonlySet<string>, nowMs: number): Instance {
    const known = this.#instances.get(id);
    const instance = known ?? newInstance(nowMs);
    instance.lastSeenMs = nowMs;
    instance.servers = servers;
    // At the end: the first is then the one that was seen longest ago.
    this.#instances.delete(id);
    this.#instances.set(id, instance);
    if (this.#instances.size > this.most) this.#instances.delete(this.#instances.keys().next().value!);
    return instance;
  }

  forgetGone(nowMs: number): void {
    for (const [id, { lastSeenMs }] of this.#instances) {
      if (nowMs - lastSeenMs <= LIVE_MS) return;
      this.#instances.delete(id);
    }
  }

  /** Gauges of servers that are forgotten, while the process goes on with others. */
  forgetServers(servers: ReadonlySet<string>): void {
    for (const { gauges } of this.#instances.values()) {
      for (const gauge of gauges.keys()) if (servers.has(gauge.server)) gauges.delete(gauge);
    }
  }

  /** When the oldest process of each server was first seen, epoch milliseconds. */
  oldestFirstSeenMs(): Map<string, number> {
    const oldest = new Map<string, number>();
    for (const { firstSeenMs, servers } of this.#instances.values()) {
      for (const server of servers) oldest.set(server, Math.min(firstSeenMs, oldest.get(server) ?? firstSeenMs));
    }
    return oldest;
  }

  /** Calls under way, by tool. */
  inFlight(): Map<ToolTotals, number> {
    return summed([...this.#instances.values()].map(({ inFlight }) => inFlight));
  }

  pushGauges(into: FamilyBuilder): void {
    const gauges = summed([...this.#instances.values()].map((instance) => instance.gauges));
    for (const [gauge, value] of gauges) gauge.pushGauge(into, value);
  }

  pushResources(into: FamilyBuilder): void {
    for (const [server, usage] of this.#usageByServer()) {
      for (const [type, value] of usage.memory) {
        into.of(SERVER_FAMILIES.memoryUsage).push({ labels: { server, type }, value });
      }
      const labels = { server };
      into.of(SERVER_FAMILIES.memoryUsageRatio).push({ labels, value: usage.memoryRatio });
      into.of(SERVER_FAMILIES.cpuUsageRatio).push({ labels, value: usage.cpuRatio });
      into.of(SERVER_FAMILIES.eventLoopDelay).push({ labels, value: usage.eventLoopDelayS });
    }
  }

  #usageByServer(): Map<string, Usage> {
    const usages = new Map<string, Usage>();
    for (const { servers, resources } of this.#instances.values()) {
      if (resources === undefined) continue;
      for (const server of servers) {
        const usage = usages.get(server) ?? { memory: new Map(), memoryRatio: 0, cpuRatio: 0, eventLoopDelayS: 0 };
        addUsage(usage, resources);
        usages.set(server, usage);
      }
    }
    return usages;
  }
}

function newInstance(nowMs: number): Instance {
  return {
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    servers: new Set(),
    resources: undefined,
    inFlight: new Map(),
    gauges: new Map(),
  };
}

/** Processes add up, except for what is a share of a limit or a delay, where the worst of them counts. */
function addUsage(usage: Usage, resources: ResourceSample): void {
  for (const [type, bytes] of memoryOf(resources)) usage.memory.set(type, (usage.memory.get(type) ?? 0) + bytes);
  usage.cpuRatio += resources.cpuPercent / 100;
  usage.memoryRatio = Math.max(usage.memoryRatio, resources.memoryPercent / 100);
  usage.eventLoopDelayS = Math.max(usage.eventLoopDelayS, resources.eventLoopDelayMs / 1000);
}

function memoryOf({ memoryMb, heapUsedMb, heapTotalMb, externalMb }: ResourceSample): [string, number][] {
  const byType = { rss: memoryMb, heap_used: heapUsedMb, heap_total: heapTotalMb, external: externalMb };
  return Object.entries(byType).flatMap(([type, megabytes]) =>
    megabytes === undefined ? [] : [[type, Math.round(megabytes * BYTES_PER_MB)]],
  );
}

function summed<Key>(maps: readonly Map<Key, number>[]): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const map of maps) for (const [key, value] of map) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}
