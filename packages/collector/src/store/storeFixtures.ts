/** What the tests of a store need: a clock moved by hand, batches made from a few words, a model to compare with. */
import { Digest, Histogram } from '@mcp-vitals/sketch';
import type { Batch, OutcomeCounts, SeriesKind, Window } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { type Clock, systemClock } from '../clock.ts';
import { type Config, type ConfigInput, configSchema } from '../config/schema.ts';
import type { IncomingBatch } from './store.ts';

export class ManualClock implements Clock {
  constructor(public timeMs: number) {}
  nowMs = () => this.timeMs;
  monotonicMs = systemClock.monotonicMs;
  every = systemClock.every;
  after = systemClock.after;
}

export function testConfig(dataDir: string, settings: Partial<ConfigInput> = {}): Config {
  return configSchema.parse({ dataDir, ...settings });
}

export interface WindowSpec {
  server?: string;
  kind?: SeriesKind;
  name?: string;
  /** Default: a second before its end. */
  startMs?: number;
  endMs: number;
  /** Durations of calls that went well. */
  durationsMs?: readonly number[];
  /** Durations of calls that failed. */
  failuresMs?: readonly number[];
  cancelled?: number;
  /** Durations of calls that went well, of which only the buckets are known. */
  countedMs?: readonly number[];
  errors?: Window['errors'];
}

export interface BatchSpec {
  instance?: string;
  seq: number;
  receivedAtMs: number;
  skewMs?: number;
  windows?: readonly WindowSpec[];
  resources?: Batch['resources'];
  inFlight?: Batch['inFlight'];
  dropped?: Batch['dropped'];
  servers?: Batch['servers'];
}

export function incomingBatch(spec: BatchSpec): IncomingBatch {
  const names = [
    ...new Set([
      ...(spec.windows ?? []).map(({ server = 'server' }) => server),
      ...(spec.servers ?? []).map(({ name }) => name),
    ]),
  ];
  const servers = names.map(
    (name) => spec.servers?.find((server) => server.name === name) ?? { name, version: '1.0.0' },
  );
  const batch: Batch = {
    v: 1,
    instance: spec.instance ?? 'instance-1',
    seq: spec.seq,
    process: { host: 'host', pid: 1, runtime: 'node 20.18.1', sdk: '@mcp-vitals/sdk 1.0.0' },
    servers,
    windows: (spec.windows ?? []).map((window) => windowOf(window, names)),
    resources: spec.resources ?? [],
    inFlight: spec.inFlight ?? [],
    dropped: spec.dropped ?? {},
  };
  return { batch, body: encodeBatch(batch), receivedAtMs: spec.receivedAtMs, skewMs: spec.skewMs ?? 0 };
}

function windowOf(spec: WindowSpec, servers: readonly string[]): Window {
  const {
    server = 'server',
    kind = 'tool',
    name = 'tool',
    endMs,
    startMs = endMs - 1000,
    durationsMs = [],
    failuresMs = [],
    cancelled = 0,
    countedMs = [],
    errors,
  } = spec;
  const outcomes: OutcomeCounts = [durationsMs.length + countedMs.length, failuresMs.length, 0, 0, cancelled, 0, 0];
  const digest = Digest.ofSorted(Float64Array.from([...durationsMs, ...failuresMs]).sort());
  const window: Window = {
    server: servers.indexOf(server),
    kind,
    name,
    startMs,
    endMs,
    outcomes,
    digest,
  };
  if (errors !== undefined) window.errors = errors;
  if (countedMs.length > 0) window.histogram = histogramOf(countedMs);
  return window;
}

/** Upper edges of the buckets that tests count in. */
export const BOUNDS_MS: readonly number[] = [10, 50, 100, 200];

export function histogramOf(samples: readonly number[], boundsMs = BOUNDS_MS): Histogram {
  const counts = new Array<number>(boundsMs.length + 1).fill(0);
  for (const sample of samples) counts[boundsMs.filter((bound) => sample > bound).length]! += 1;
  const sum = samples.reduce((total, sample) => total + sample, 0);
  return Histogram.explicit(boundsMs, counts, { sum, min: Math.min(...samples), max: Math.max(...samples) });
}
