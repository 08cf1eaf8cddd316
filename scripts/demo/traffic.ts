/** Drives the servers for a while and counts, on the client's side, what was called and what failed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/client';
import type { CallCounts } from './counts.ts';
import { Random } from './random.ts';
import type { NextCall, ToolCall } from './servers.ts';

const SEED = 20_260_831;
/** When in the run the incident begins, as a share of its length. */
const INCIDENT_FROM = 0.55;
const THINK_MS = [20, 90] as const;

export interface Driven {
  client: Client;
  callers: number;
  nextCall: NextCall;
}

/** Resolves after `durationMs`, when the last call has been answered. Ends early, without an error, on `signal`. */
export async function driveTraffic(
  servers: readonly Driven[],
  durationMs: number,
  counts: CallCounts,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  const elapsed = () => (performance.now() - startMs) / durationMs;
  const callers = servers.flatMap(({ client, callers, nextCall }, index) =>
    Array.from({ length: callers }, async (_, caller) => {
      const random = new Random(SEED + 100 * index + caller);
      const server = client.getServerVersion()?.name ?? '';
      while (elapsed() < 1 && !signal.aborted) {
        const toolCall = nextCall({ random, incident: elapsed() >= INCIDENT_FROM });
        counts.add(server, toolCall.name, await failed(client, toolCall));
        await sleep(random.integer(...THINK_MS));
      }
    }),
  );
  await Promise.all(callers);
}

/** Makes the call; a protocol error is a failed call, a broken connection an error of the demo. */
async function failed(client: Client, toolCall: ToolCall): Promise<boolean> {
  const { isError } = await client.callTool(toolCall);
  return isError === true;
}
