/**
 * Lives through a scenario: batches go through the real ingest, store, detector and alerts, minute by minute on a clock
 * that is moved by hand. What it leaves in the data directory is what a collector would have, had it been there.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, OutcomeCounts, Window } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { createAlertManager } from '../../packages/collector/src/alert/manager.ts';
import type { Clock } from '../../packages/collector/src/clock.ts';
import { type Config, configSchema } from '../../packages/collector/src/config/schema.ts';
import { prepareDataDir } from '../../packages/collector/src/daemon/ownership.ts';
import { createDetection } from '../../packages/collector/src/detect/service.ts';
import { createIngest } from '../../packages/collector/src/ingest/ingest.ts';
import { createLogger } from '../../packages/collector/src/logger.ts';
import { HOUR_MS, MINUTE_MS } from '../../packages/collector/src/model/rollup.ts';
import { openSqliteStore } from '../../packages/collector/src/store/sqlite/sqliteStore.ts';
import { Random } from '../demo/random.ts';
import type { Incident, MadeUpServer, MadeUpTool, Scenario } from './scenario.ts';

export interface PlayOptions {
  dataDir: string;
  scenario: Scenario;
  hours: number;
  /** Epoch ms of the end; asked again, since living through a day takes its time. */
  untilMs(): number;
  seed: number;
}

class HandClock implements Clock {
  timeMs = 0;
  nowMs = () => this.timeMs;
  monotonicMs = () => this.timeMs;
  every = () => () => {};
  after = () => () => {};
}

/** Resolves when the store is closed; a collector can be started on the directory then. */
export async function playHistory({ dataDir, scenario, hours, untilMs, seed }: PlayOptions): Promise<void> {
  prepareDataDir(dataDir);
  const clock = new HandClock();
  const startOfMinute = () => Math.floor(untilMs() / MINUTE_MS) * MINUTE_MS;
  const lastMs = startOfMinute();
  clock.timeMs = lastMs - hours * HOUR_MS;
  const config = configSchema.parse({ dataDir, alerts: { dedupMinutes: 60 } });
  const pipeline = await openPipeline(config, clock);
  const sender = new Sender(scenario, new Random(seed), lastMs);
  for (; clock.timeMs < startOfMinute(); clock.timeMs += MINUTE_MS) await pipeline.live(sender.batches(clock.timeMs));
  clock.timeMs = untilMs();
  await pipeline.close();
}

async function openPipeline(config: Config, clock: HandClock) {
  const logger = createLogger('silent');
  const store = await openSqliteStore({ dataDir: config.dataDir, config, clock, ballastBytes: 0 });
  const alerts = createAlertManager({ store, clock, config, logger, detectionIntervalMs: MINUTE_MS });
  await alerts.load();
  const detection = createDetection({ store, clock, config });
  const ingest = createIngest({ store, clock, config, observe: alerts.observe });
  return {
    async live(batches: readonly Batch[]): Promise<void> {
      await Promise.all(batches.map((batch) => ingest.accept(batch, encodeBatch(batch))));
      await alerts.settled();
      await store.closeMinutes(clock.nowMs());
      await alerts.raiseFromAnomalies(await detection.runInBackground());
      await alerts.tick();
      await store.rollUp(clock.nowMs());
    },
    async close(): Promise<void> {
      await alerts.settled();
      await store.close();
    },
  };
}

/** What the SDKs of the fleet send. */
class Sender {
  #seq = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly random: Random,
    private readonly lastMs: number,
  ) {}

  /** Of the minute that ends at `atMs`, one batch per server. */
  batches(atMs: number): Batch[] {
    const seq = ++this.#seq;
    const minutesAgo = (this.lastMs - atMs) / MINUTE_MS;
    const now = this.scenario.incidents.filter(
      ({ fromMinutesAgo, toMinutesAgo = Number.NEGATIVE_INFINITY }) =>
        minutesAgo <= fromMinutesAgo && minutesAgo > toMinutesAgo,
    );
    return this.scenario.servers.map((server) => {
      const incidents = now.filter((incident) => incident.server === server.name);
      return this.#batch(server, incidents, atMs, minutesAgo, seq);
    });
  }

  #batch(server: MadeUpServer, incidents: readonly Incident[], atMs: number, minutesAgo: number, seq: number): Batch {
    const version = incidents.findLast((incident) => incident.version !== undefined)?.version ?? server.version;
    const grown = incidents.reduce(
      (sum, { memoryMbPerMinute = 0, fromMinutesAgo }) => sum + memoryMbPerMinute * (fromMinutesAgo - minutesAgo),
      0,
    );
    const windows = server.tools.flatMap((tool) => this.#window(tool, incidents, atMs) ?? []);
    const memoryMb = server.memoryMb + grown + 4 * this.random.next();
    return {
      v: 1,
      // A new version is a new process.
      instance: `history-${server.name}-${version.replaceAll('.', '-')}`,
      seq,
      process: { host: 'build-7', pid: 4_100, runtime: 'node 22.14.0', sdk: '@mcp-vitals/sdk 1.0.0' },
      servers: [{ name: server.name, version }],
      windows,
      resources: [
        {
          atMs,
          cpuPercent: 2 + windows.length * 3 * this.random.next(),
          memoryMb,
          memoryPercent: memoryMb / 20.48,
          diskIoKb: 30 * this.random.next(),
          eventLoopDelayMs: 0.2 + this.random.next(),
        },
      ],
      inFlight: [],
      dropped: {},
    };
  }

  #window(tool: MadeUpTool, incidents: readonly Incident[], atMs: number): Window | undefined {
    const own = incidents.filter((incident) => incident.tool === undefined || incident.tool === tool.name);
    const slower = own.reduce((product, incident) => product * (incident.slower ?? 1), 1);
    const failing = own.find(({ errorShare }) => errorShare !== undefined);
    const calls = Math.round(tool.callsPerMinute * daytime(atMs) * (0.7 + 0.6 * this.random.next()));
    if (calls === 0) return undefined;
    const medianMs = tool.medianMs * slower;
    const durationsMs = Float64Array.from({ length: calls }, () => medianMs * Math.exp(tool.spread * this.#normal()));
    const errorShare = failing?.errorShare ?? tool.errorShare ?? 0;
    const failures = durationsMs.filter(() => this.random.chance(errorShare)).length;
    const outcomes: OutcomeCounts = [calls - failures, failures, 0, 0, 0, 0, 0];
    const errorClass = failing?.errorClass ?? tool.errorClass ?? 'Error';
    return {
      server: 0,
      kind: 'tool',
      name: tool.name,
      startMs: atMs - MINUTE_MS,
      endMs: atMs,
      outcomes,
      digest: Digest.ofSorted(durationsMs.sort()),
      errors: Array.from({ length: Math.min(5, failures) }, () => ({ atMs: atMs - 20_000, errorClass, code: '' })),
    };
  }

  /** Standard normal (Box and Muller). */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random.next())) * Math.cos(2 * Math.PI * this.random.next());
  }
}

/** Between 0.25 at night and 1 in the afternoon, UTC. */
function daytime(atMs: number): number {
  const hour = (atMs % (24 * HOUR_MS)) / HOUR_MS;
  return 0.625 + 0.375 * Math.cos(((hour - 15) / 24) * 2 * Math.PI);
}
