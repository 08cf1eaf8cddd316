/** Batches from a few words. For tests. */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, OutcomeCounts, ResourceSample, SeriesKind, Window } from '@mcp-vitals/wire/encode';

export const NOW_MS = 1_750_000_000_000;

export interface WindowWords {
  server?: number;
  kind?: SeriesKind;
  name?: string;
  endMs?: number;
  /** Of calls that went well. */
  okMs?: readonly number[];
  /** Of calls that failed. */
  failedMs?: readonly number[];
  timeouts?: number;
  others?: readonly [number, number, number];
  errorClasses?: readonly string[];
  exemplar?: Window['exemplar'];
}

export function windowOf(words: WindowWords): Window {
  const { okMs = [], failedMs = [], timeouts = 0, others = [0, 0, 0], endMs = NOW_MS } = words;
  const samples = Float64Array.from([...okMs, ...failedMs]).sort();
  const outcomes: OutcomeCounts = [okMs.length, failedMs.length - timeouts, 0, timeouts, ...others];
  const errors = words.errorClasses?.map((errorClass) => ({ atMs: endMs, errorClass, code: '' }));
  return {
    server: words.server ?? 0,
    kind: words.kind ?? 'tool',
    name: words.name ?? 'read',
    startMs: endMs - 1000,
    endMs,
    outcomes,
    digest: Digest.ofSorted(samples),
    ...(errors && { errors }),
    ...(words.exemplar && { exemplar: words.exemplar }),
  };
}

export function batchOf(
  windows: readonly WindowWords[],
  { servers = ['files'], ...rest }: { servers?: readonly string[] } & Partial<Omit<Batch, 'servers' | 'windows'>> = {},
): Batch {
  return {
    v: 1,
    instance: 'one',
    seq: 1,
    process: { host: 'h', pid: 1, runtime: 'node', sdk: 'test' },
    servers: servers.map((name) => ({ name, version: '1' })),
    windows: windows.map(windowOf),
    resources: [],
    inFlight: [],
    dropped: {},
    ...rest,
  };
}

export function resourcesOf(resources: Partial<ResourceSample>): ResourceSample {
  return { atMs: NOW_MS, cpuPercent: 0, memoryMb: 0, memoryPercent: 0, diskIoKb: 0, eventLoopDelayMs: 0, ...resources };
}
