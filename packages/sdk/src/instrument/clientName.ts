/**
 * What a client calls itself. Before revision 2026-07-28 of the protocol it says so once, in `initialize`, and the server
 * object keeps it; since then each request says it, and SDK v2 hands it over as the envelope of the request. Only the name is
 * looked at. See docs/decisions/0038-clients.md.
 */
import type { Link } from '../record/chain.ts';
import type { Client, MonitoredServer } from '../window/series.ts';
import { isHttp } from './principal.ts';

const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';

interface Named {
  name?: unknown;
}

/** Second argument of a handler, as far as we look into it. */
interface RequestExtra {
  sessionId?: unknown;
  mcpReq?: { envelope?: { [CLIENT_INFO]?: Named } };
}

/** What is called; of a `RequestContext` what is needed here. */
interface Called {
  /** The low-level server. */
  owner?: object | undefined;
  group: { server: MonitoredServer };
  recorder: { clientOf(server: MonitoredServer, name: unknown): Client | undefined };
}

/**
 * Notes in `link` whose calls these are. Never throws.
 * @param extra second argument of the handler
 */
export function noteClient(link: Link, extra: unknown, { owner, group, recorder }: Called): void {
  try {
    const inRequest = (extra as RequestExtra | undefined)?.mcpReq?.envelope?.[CLIENT_INFO]?.name;
    const name = inRequest ?? (owner as { getClientVersion?(): Named | undefined }).getClientVersion?.()?.name;
    if (name === link.clientName) return;
    link.clientName = name;
    const isTheirs = inRequest !== undefined || !isSharedByClients(extra, owner);
    link.client = isTheirs ? recorder.clientOf(group.server, name) : undefined;
  } catch {
    link.client = undefined;
  }
}

/** Over HTTP without sessions a server object may serve anybody: what it keeps is who came last. */
function isSharedByClients(extra: unknown, owner: object | undefined): boolean {
  return (extra as RequestExtra | undefined)?.sessionId === undefined && isHttp(extra, owner);
}
