/** Servers that go on working while something else is measured: a batch each, every second. */
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, type Batch, encodeBatch } from '@mcp-vitals/wire/encode';
import type { Scenario } from '../../scripts/history/scenario.ts';

const EVERY_MS = 1_000;

/** Returns what ends it. */
export function keepSending(url: string, token: string, { servers }: Scenario): () => Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': BATCH_CONTENT_TYPE };
  let isStopped = false;
  let seq = 0;

  async function round(): Promise<void> {
    seq++;
    const endMs = Date.now();
    for (const { name, version, tools } of servers) {
      const batch: Batch = {
        v: 1,
        instance: `sending-${name}`,
        seq,
        process: { host: 'bench', pid: 1, runtime: 'node', sdk: 'bench' },
        servers: [{ name, version }],
        windows: tools.map((tool) => ({
          server: 0,
          kind: 'tool',
          name: tool.name,
          startMs: endMs - EVERY_MS,
          endMs,
          outcomes: [1, 0, 0, 0, 0, 0, 0],
          digest: Digest.ofSorted(Float64Array.of(tool.medianMs * (0.8 + 0.4 * Math.random()))),
        })),
        resources: [],
        inFlight: [],
        dropped: {},
      };
      await fetch(`${url}/v1/batches`, {
        method: 'POST',
        headers,
        body: encodeBatch(batch) as Uint8Array<ArrayBuffer>,
      });
    }
  }

  const working = (async () => {
    while (!isStopped) {
      await round();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return async () => {
    isStopped = true;
    await working;
  };
}
