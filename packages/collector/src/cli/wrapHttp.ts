/** `mcp-vitals wrap --http URL --listen PORT`: the proxy before a server that is reached over HTTP. */
import type { ServerMonitor } from '@mcp-vitals/sdk';
import type { Command } from 'commander';
import { VitalsError } from '../errors.ts';
import type { ServerInfo } from '../wrap/messageHead.ts';
import { httpAddress } from './httpAddress.ts';
import { onSignal } from './signals.ts';

/** Options of `wrap` that matter here. Ports and URLs are as they were typed. */
export interface HttpWrapOptions {
  http: string;
  listen: string;
  host: string;
  allowHost: string[];
  /** Name to monitor the server under, instead of its own. */
  name?: string | undefined;
  workspace?: string | undefined;
}

/** How long calls that are open when a signal arrives have to be answered. */
const GRACE_MS = 5_000;
const FLUSH_MS = 2_000;

export function withHttpOptions(command: Command): Command {
  return command
    .option('--http <url>', 'wrap the server at this address instead of a command')
    .option('--listen <port>', 'with --http: the port to listen on, 0 for a free one', '6849')
    .option('--host <address>', 'with --http: the address to listen on', '127.0.0.1')
    .option('--allow-host <name...>', 'with --http: names besides localhost that requests may come by', []);
}

/** Runs until a signal ends it. */
export async function wrapHttp(options: HttpWrapOptions): Promise<void> {
  const upstream = httpAddress('--http', options.http);
  const [{ createMonitor }, { startHttpProxy }] = await Promise.all([
    import('@mcp-vitals/sdk'),
    import('../wrap/httpProxy.ts'),
  ]);
  let monitor: ServerMonitor | undefined;
  const monitorOf = (info: ServerInfo | undefined): ServerMonitor => {
    monitor = createMonitor({
      serverName: options.name ?? info?.name ?? upstream.host,
      serverVersion: info?.version,
      workspace: options.workspace,
      // The server runs elsewhere, and what this process uses is not what the server uses.
      usage: { pid: process.pid, runtime: 'http', read: () => undefined },
    });
    return monitor;
  };
  const proxy = await startHttpProxy({
    upstream,
    monitorOf,
    host: options.host,
    port: portOf(options.listen),
    allowedHosts: [options.host, ...options.allowHost],
  });
  onSignal(async () => {
    await proxy.close(GRACE_MS);
    await monitor?.shutdown(FLUSH_MS);
  });
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  console.log(`mcp-vitals wraps ${upstream.href} at http://${host}:${proxy.port}${upstream.pathname}`);
}

function portOf(typed: string): number {
  const port = /^\d{1,5}$/.test(typed) ? Number(typed) : Number.NaN;
  if (port <= 65_535) return port;
  throw new VitalsError('invalid', '--listen needs a port, 0 to 65535');
}
