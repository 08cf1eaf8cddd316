/** Batches as an SDK makes them, with chosen contents. */
import { randomBytes } from 'node:crypto';
import { Digest } from '@mcp-vitals/sketch';
import { type Batch, encodeBatch, type Window } from '@mcp-vitals/wire/encode';

export interface BatchOptions {
  instance?: string;
  seq?: number;
  server?: string;
  tools?: number;
  samplesPerWindow?: number;
  /** Of the samples of each window. */
  failures?: number;
  /** By which durations are multiplied. */
  factor?: number;
  endMs?: number;
}

export const newInstance = (): string => randomBytes(9).toString('base64url');

export function makeBatch(options: BatchOptions = {}): Batch {
  const {
    instance = newInstance(),
    seq = 1,
    server = 'demo',
    tools = 1,
    samplesPerWindow = 10,
    failures = 0,
    factor = 1,
    endMs = Date.now(),
  } = options;
  const windows = Array.from({ length: tools }, (_, index): Window => {
    const durations = Float64Array.from(
      { length: samplesPerWindow },
      (_, i) => factor * (1 + ((index * 7 + i * 13 + seq) % 50)),
    );
    return {
      server: 0,
      kind: 'tool',
      name: `tool_${index}`,
      startMs: endMs - 1_000,
      endMs,
      outcomes: [samplesPerWindow - failures, failures, 0, 0, 0, 0, 0],
      digest: Digest.ofSorted(durations.sort()),
    };
  });
  return {
    v: 1,
    instance,
    seq,
    process: { host: 'test', pid: process.pid, runtime: `node ${process.versions.node}`, sdk: 'test 1.0.0' },
    servers: [{ name: server, version: '1.0.0' }],
    windows,
    resources: [],
    inFlight: [],
    dropped: {},
  };
}

export const encodedBatch = (options: BatchOptions = {}): Uint8Array => encodeBatch(makeBatch(options));
