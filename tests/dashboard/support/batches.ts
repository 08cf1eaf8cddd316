/** Batches of a server, as its SDK would send them, for tests that need something to happen now. */
import { Digest } from '@mcp-vitals/sketch';
import { type Batch, encodeBatch } from '@mcp-vitals/wire/encode';

export interface CallsNow {
  server: string;
  tool: string;
  version?: string;
  workspace?: string;
  durationsMs: readonly number[];
  /** Of these, how many failed. */
  failures?: number;
  errorClass?: string;
}

let batches = 0;

/** The bytes of a batch about calls that ended just now. */
export function batchOf({
  server,
  tool,
  version = '1.0.0',
  workspace,
  durationsMs,
  failures = 0,
  errorClass = 'Error',
}: CallsNow): Uint8Array {
  const nowMs = Date.now();
  const batch: Batch = {
    v: 1,
    instance: `test-${++batches}`,
    seq: 1,
    process: { host: 'test', pid: 1, runtime: 'node', sdk: 'test' },
    servers: [{ name: server, version, ...(workspace !== undefined && { workspace }) }],
    windows: [
      {
        server: 0,
        kind: 'tool',
        name: tool,
        startMs: nowMs,
        endMs: nowMs,
        outcomes: [durationsMs.length - failures, failures, 0, 0, 0, 0, 0],
        digest: Digest.ofSorted(Float64Array.from(durationsMs).sort()),
        errors: failures > 0 ? [{ atMs: nowMs, errorClass, code: '' }] : [],
      },
    ],
    resources: [],
    inFlight: [],
    dropped: {},
  };
  return encodeBatch(batch);
}
