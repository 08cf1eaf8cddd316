/** What a monitor stands on in earnest: the clock, the network and the disk. */
import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import type { Diagnostics } from './diagnostics.ts';
import { findEndpoints } from './endpoint.ts';
import type { MonitorDeps } from './monitor.ts';
import type { ResolvedOptions } from './options.ts';
import type { ProcessUsage } from './resource/usage.ts';
import { HttpTransport } from './transport/http.ts';
import { FileSpool, spoolDirOf } from './transport/spool.ts';
import { TokenSource } from './transport/token.ts';
import { withRetry } from './transport/withRetry.ts';

export function productionDeps(
  options: ResolvedOptions,
  diagnostics: Diagnostics,
  usage: ProcessUsage | undefined,
): MonitorDeps {
  const instance = randomUUID();
  const find = () => findEndpoints(options.endpoint, options.dataDir);
  const http = new HttpTransport({
    clock: systemClock,
    diagnostics,
    token: new TokenSource(options.token, options.dataDir),
    findEndpoints: find,
  });
  const random = Math.random;
  return {
    clock: systemClock,
    diagnostics,
    instance,
    transport: withRetry(http, { clock: systemClock, maxAttempts: 3, firstDelayMs: 200, random }),
    spool: new FileSpool(spoolDirOf(options.dataDir, find()[0]!), instance),
    usage,
    random,
  };
}
