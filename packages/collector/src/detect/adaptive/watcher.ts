/**
 * All tools and servers that are watched. It is handed one minute after the other, as the store has closed them, and says
 * what is open after each.
 */
import type { SeenDeploy, Sensitivity } from '../../model/anomaly.ts';
import { DAY_MS, MINUTE_MS, type ResourceRollup } from '../../model/rollup.ts';
import type { ServerInfo } from '../../model/series.ts';
import type { WatchState } from '../../store/store.ts';
import { MetricWatch } from './metricWatch.ts';
import { restore, snapshotOf } from './snapshot.ts';
import { WatchedServer } from './watchedServer.ts';
import type { Sighting } from './watchedTool.ts';

/** A tool in a minute with calls; see `ToolMinute`. */
export interface ObservedTool {
  server: string;
  tool: string;
  calls: number;
  errors: number;
  p50Ms: number;
  meanMs: number;
  maxMs: number;
}

/** A metric that a server measures itself, in a minute with values. */
export interface ObservedMetric {
  server: string;
  kind: string;
  name: string;
  /** Mean. */
  value: number;
}

export interface ObservedMinute {
  atMs: number;
  tools: readonly ObservedTool[];
  metrics: readonly ObservedMetric[];
  resources: readonly ResourceRollup[];
  /** Whether somebody looked: of a minute before the collector ran only what was sent later is known. */
  isObserved: boolean;
}

interface WatchedMetric {
  server: string;
  name: string;
  untilMs: number;
  watch: MetricWatch;
}

export interface Subject {
  server: WatchedServer;
  /** Empty for the whole server. */
  tool: string;
}

export type OpenSighting = Subject & Sighting;

/** Tools that are watched at most: names come from outside, and each takes about 25 KB. */
const MAX_TOOLS = 20_000;
/** Metrics of servers' own that are watched at most: each takes half a megabyte. */
const MAX_METRICS = 100;
/** Longer than a week, after which nothing is remembered anyway. */
const FORGET_MS = 9 * DAY_MS;
/** About 5 ms of work, after which ingest may have its turn. */
const TOOLS_PER_TURN = 100;
/** Each state is written once an hour: what came since is read from the store after a restart. */
const SAVE_EVERY_MINUTES = 60;

const NO_CALLS = { calls: 0, errors: 0, p50Ms: Number.NaN, meanMs: Number.NaN, maxMs: Number.NaN };

export class Watcher {
  private readonly servers = new Map<string, WatchedServer>();
  /** By server, kind and name. They are not written to disk: what they learn takes a day and not weeks. */
  private readonly metrics = new Map<string, WatchedMetric>();
  private tools = 0;
  private slots = 0;

  constructor(private readonly sensitivity: Sensitivity) {}

  /** Minutes before this one have been observed by all; undefined when nothing is watched. */
  get untilMs(): number | undefined {
    let least: number | undefined;
    for (const { memory, tools } of this.servers.values())
      for (const { untilMs } of [memory, ...tools.values()]) if (!(untilMs >= least!)) least = untilMs;
    return least;
  }

  /** Takes in what is known of the servers besides their minutes; returns the deployments that are new. */
  meet(infos: readonly ServerInfo[], atMs: number): SeenDeploy[] {
    const deploys: SeenDeploy[] = [];
    for (const { name, version, hosts, liveInstances } of infos) {
      const server = this.servers.get(name);
      if (server === undefined || liveInstances === 0) continue;
      server.hosts = hosts;
      const deploy = server.memory.versions.observe(version, atMs);
      if (deploy !== undefined) deploys.push({ server: name, ...deploy });
    }
    return deploys;
  }

  /** Observes a minute, a slice at each turn of the generator. */
  *observe({ atMs, tools, metrics, resources, isObserved }: ObservedMinute): Generator<void> {
    for (const metric of metrics) this.observeMetric(atMs, metric);
    const callsOf = new Map<string, Map<string, ObservedTool>>();
    for (const tool of tools) {
      if (this.follow(tool.server, tool.tool)) addTo(callsOf, tool);
    }
    const useOf = new Map(resources.map((use) => [use.server, use]));
    for (const name of useOf.keys()) this.server(name);
    let turn = 0;
    for (const server of this.servers.values()) {
      const calls = callsOf.get(server.name);
      const use = useOf.get(server.name);
      const isKnown = isObserved || calls !== undefined || use !== undefined;
      server.observe(atMs, isKnown, use, sumOfCalls(calls));
      const isClose = server.memory.versions.isNew(atMs);
      for (const [name, tool] of server.tools) {
        if (atMs < tool.untilMs) continue;
        tool.untilMs = atMs + MINUTE_MS;
        if (isKnown && server.isPresent(atMs)) tool.observe({ atMs, ...(calls?.get(name) ?? NO_CALLS) }, isClose);
        turn += 1;
        if (turn % TOOLS_PER_TURN === 0) yield;
      }
    }
  }

  /** Everything that is open now. */
  *sightings(): Generator<OpenSighting> {
    for (const server of this.servers.values()) {
      for (const sighting of server.sightings()) yield { server, tool: '', ...sighting };
      for (const [tool, watched] of server.tools)
        for (const sighting of watched.sightings()) yield { server, tool, ...sighting };
    }
    for (const { server, name, watch } of this.metrics.values())
      if (watch.isOpen)
        yield { server: this.server(server), tool: name, type: 'metric_change', reading: watch.reading! };
  }

  /** What is to be written in this minute: each state once an hour, and not all of them at once. */
  *dueStates(atMs: number): Generator<WatchState> {
    const minute = Math.floor(atMs / MINUTE_MS);
    for (const { name: server, memory, tools } of this.servers.values()) {
      for (const [tool, state] of [['', memory] as const, ...tools])
        if ((minute + state.slot) % SAVE_EVERY_MINUTES === 0) yield { server, tool, snapshot: snapshotOf(state) };
    }
  }

  /** Takes up what was written; what cannot be read is learnt anew. */
  restore({ server: name, tool, snapshot }: WatchState): void {
    if (tool === '') restore(this.server(name).memory, snapshot);
    else if (this.follow(name, tool)) restore(this.server(name).tool(tool), snapshot);
  }

  /** Forgets what nobody has called, or heard of, for long; returns it. */
  forget(atMs: number): Pick<WatchState, 'server' | 'tool'>[] {
    const forgotten: Pick<WatchState, 'server' | 'tool'>[] = [];
    for (const server of this.servers.values()) {
      for (const [tool, { lastCallMs }] of server.tools) {
        if (atMs - lastCallMs < FORGET_MS) continue;
        server.tools.delete(tool);
        this.tools -= 1;
        forgotten.push({ server: server.name, tool });
      }
      if (server.tools.size > 0 || atMs - server.memory.lastReportMs < FORGET_MS) continue;
      this.servers.delete(server.name);
      forgotten.push({ server: server.name, tool: '' });
    }
    for (const [key, { untilMs }] of this.metrics) if (atMs - untilMs >= FORGET_MS) this.metrics.delete(key);
    return forgotten;
  }

  private observeMetric(atMs: number, { server, kind, name, value }: ObservedMetric): void {
    const key = JSON.stringify([server, kind, name]);
    let metric = this.metrics.get(key);
    if (metric === undefined) {
      if (this.metrics.size >= MAX_METRICS) return;
      metric = { server, name, untilMs: Number.NEGATIVE_INFINITY, watch: new MetricWatch() };
      this.metrics.set(key, metric);
    }
    if (atMs < metric.untilMs || !Number.isFinite(value)) return;
    metric.untilMs = atMs + MINUTE_MS;
    metric.watch.observe(atMs, value);
  }

  private server(name: string): WatchedServer {
    let server = this.servers.get(name);
    if (server === undefined) {
      server = new WatchedServer(name, this.sensitivity);
      server.memory.slot = this.slots++;
      this.servers.set(name, server);
    }
    return server;
  }

  /** Whether there is, or now is, a watch on the tool. */
  private follow(serverName: string, toolName: string): boolean {
    const server = this.server(serverName);
    if (server.tools.has(toolName)) return true;
    if (this.tools >= MAX_TOOLS) return false;
    server.tool(toolName).slot = this.slots++;
    this.tools += 1;
    return true;
  }
}

function addTo(callsOf: Map<string, Map<string, ObservedTool>>, tool: ObservedTool): void {
  const ofServer = callsOf.get(tool.server);
  if (ofServer) ofServer.set(tool.tool, tool);
  else callsOf.set(tool.server, new Map([[tool.tool, tool]]));
}

function sumOfCalls(tools: Map<string, ObservedTool> | undefined): number {
  let calls = 0;
  for (const tool of tools?.values() ?? []) calls += tool.calls;
  return calls;
}
