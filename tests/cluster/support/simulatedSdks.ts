/**
 * Many servers with the real SDK in one process: each has a monitor, a queue and a connection of its own, and makes calls.
 * How many were made, it counts by itself.
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../packages/sdk/src/clock.ts';
import { Diagnostics } from '../../../packages/sdk/src/diagnostics.ts';
import { findEndpoints } from '../../../packages/sdk/src/endpoint.ts';
import { Monitor } from '../../../packages/sdk/src/monitor.ts';
import { MonitorOfServer } from '../../../packages/sdk/src/monitorOfServer.ts';
import { resolveOptions } from '../../../packages/sdk/src/options.ts';
import { HttpTransport } from '../../../packages/sdk/src/transport/http.ts';
import { TokenSource } from '../../../packages/sdk/src/transport/token.ts';
import type { Spool } from '../../../packages/sdk/src/transport/transport.ts';
import { withRetry } from '../../../packages/sdk/src/transport/withRetry.ts';

export interface SimulatedSdksOptions {
  count: number;
  url: string;
  token: string;
  /** Names of servers; SDK number i is one of server i modulo their number. */
  servers: number;
  toolsPerServer: number;
  windowMs: number;
  /** Whether a call of this server fails. */
  fails?: (server: string) => boolean;
}

export interface SimulatedSdks {
  /** Calls made so far, by server. */
  readonly made: ReadonlyMap<string, number>;
  /** Each SDK makes one call of each of its tools. */
  callAll(): void;
  /** Batches that wait in all SDKs together. */
  queued(): number;
  /** Sends what there is, again and again, until everything was acknowledged or dropped. */
  drain(timeoutMs: number): Promise<void>;
  /** Samples the SDKs say they lost. */
  dropped(): number;
  stop(): Promise<void>;
}

/** Nothing goes to the disk: what has no room in memory is dropped, and counted. */
const NO_SPOOL: Spool = { write: () => false, claim: async () => undefined, giveBack() {} };

export function startSimulatedSdks(options: SimulatedSdksOptions): SimulatedSdks {
  const made = new Map<string, number>();
  const sdks = Array.from({ length: options.count }, (_, i) => {
    const name = `server-${i % options.servers}`;
    const resolved = resolveOptions(
      { serverName: name, endpoint: options.url, token: options.token, windowMs: options.windowMs },
      {},
      () => {},
    );
    const diagnostics = new Diagnostics(() => {});
    const http = new HttpTransport({
      clock: systemClock,
      diagnostics,
      token: new TokenSource(options.token, '/nowhere'),
      findEndpoints: () => findEndpoints(options.url, '/nowhere'),
    });
    const monitor = new Monitor(resolved, {
      clock: systemClock,
      diagnostics,
      instance: randomUUID(),
      transport: withRetry(http, { clock: systemClock, maxAttempts: 3, firstDelayMs: 200, random: Math.random }),
      spool: NO_SPOOL,
      random: Math.random,
    });
    return { name, monitor, server: new MonitorOfServer(monitor, monitor.serverFor(name, '1.0.0')) };
  });
  const queued = () => sdks.reduce((sum, { monitor }) => sum + monitor.status.queuedBatches, 0);
  const hasUnsent = () => sdks.some(({ monitor }) => monitor.hasUnsent);

  return {
    made,
    queued,
    callAll() {
      for (const { name, server } of sdks) {
        const isFailing = options.fails?.(name) ?? false;
        for (let tool = 0; tool < options.toolsPerServer; tool++) {
          server.begin(`tool-${tool}`).end(isFailing ? 'tool_error' : 'ok', { durationMs: 5 + ((tool * 7) % 40) });
        }
        made.set(name, (made.get(name) ?? 0) + options.toolsPerServer);
      }
    },
    async drain(timeoutMs) {
      const deadlineMs = Date.now() + timeoutMs;
      while (hasUnsent()) {
        if (Date.now() > deadlineMs) throw new Error(`${queued()} batches were not acknowledged in time`);
        await Promise.all(sdks.map(({ monitor }) => monitor.flush(2_000)));
      }
    },
    dropped: () =>
      sdks.reduce(
        (sum, { monitor }) => sum + Object.values(monitor.status.counters.dropped).reduce((a, b) => a + b, 0),
        0,
      ),
    async stop() {
      await Promise.all(sdks.map(({ server }) => server.shutdown(100)));
    },
  };
}
