/** Answers about the senders: servers, recent errors, calls in flight. All of it is in memory. */
import type { SeriesFilter, SeriesKey, ServerInfo } from '../../model/series.ts';
import { workspaceOf } from '../../model/workspace.ts';
import { getOrInsert } from '../getOrInsert.ts';
import { storedName } from '../names.ts';
import type { InFlightCalls, RecentError } from '../store.ts';
import type { StoreParts } from './parts.ts';

export function readServers({ servers, instances, registry }: StoreParts, nowMs: number): ServerInfo[] {
  const hostsOf = new Map<string, string[]>();
  for (const instance of instances.live(nowMs)) {
    for (const name of new Set(instance.servers.map((sentName) => registry.server(sentName).name)))
      getOrInsert(hostsOf, name, () => []).push(instance.process.host);
  }
  return servers.list().map((server) => {
    const hosts = hostsOf.get(server.name) ?? [];
    return { ...server, dropped: { ...server.dropped }, liveInstances: hosts.length, hosts: [...new Set(hosts)] };
  });
}

/** Newest first. */
export function readRecentErrors(
  { registry, recentErrors }: StoreParts,
  filter: SeriesFilter,
  limit: number,
): RecentError[] {
  return registry
    .select(filter)
    .flatMap((id) => recentErrors.of(id).map((error) => ({ series: registry.key(id)!, message: undefined, ...error })))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, limit);
}

/** Oldest call first. */
export function readInFlight({ instances, config }: StoreParts, filter: SeriesFilter, nowMs: number): InFlightCalls[] {
  const { maxNameLength } = config.ingest;
  const kinds = filter.kinds ?? ['tool'];
  const server = filter.server === undefined ? undefined : storedName(filter.server, maxNameLength);
  const name = filter.name === undefined ? undefined : storedName(filter.name, maxNameLength);
  const bySeries = new Map<string, InFlightCalls>();
  for (const instance of instances.live(nowMs)) {
    const sinceMs = Math.max(0, nowMs - instance.lastSeenMs);
    for (const calls of instance.inFlight) {
      const series: SeriesKey = {
        server: storedName(instance.servers[calls.server] ?? '', maxNameLength),
        kind: calls.kind,
        name: storedName(calls.name, maxNameLength),
      };
      if (
        !kinds.includes(series.kind) ||
        (server ?? series.server) !== series.server ||
        (filter.workspace !== undefined && workspaceOf(series.server) !== filter.workspace) ||
        (name ?? series.name) !== series.name
      )
        continue;
      addCalls(bySeries, series, calls.count, calls.oldestAgeMs + sinceMs);
    }
  }
  return [...bySeries.values()].sort((a, b) => b.oldestAgeMs - a.oldestAgeMs);
}

function addCalls(bySeries: Map<string, InFlightCalls>, series: SeriesKey, count: number, oldestAgeMs: number): void {
  const key = JSON.stringify([series.server, series.kind, series.name]);
  const known = bySeries.get(key) ?? { series, count: 0, oldestAgeMs: 0 };
  bySeries.set(key, { series, count: known.count + count, oldestAgeMs: Math.max(known.oldestAgeMs, oldestAgeMs) });
}
