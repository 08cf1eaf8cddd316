/** The servers that an analysis is about, or why there are none. */
import { VitalsError } from '../errors.ts';
import type { ServerInfo } from '../model/series.ts';
import { quoteUntrusted, quoteUntrustedList } from '../model/untrusted.ts';
import type { Store } from '../store/store.ts';

/**
 * @param server the one that is wanted; undefined: all of them, which may be none
 * @throws VitalsError `not_found` with the names that there are
 */
export async function knownServers(
  store: Pick<Store, 'listServers'>,
  server: string | undefined,
): Promise<ServerInfo[]> {
  const all = await store.listServers();
  if (server === undefined) return all;
  const found = all.filter(({ name }) => name === server);
  if (found.length > 0) return found;
  const hint =
    all.length === 0
      ? 'None has yet: wrap one with withMonitoring(server), or `mcp-vitals wrap`.'
      : `There are: ${quoteUntrustedList(all.map(({ name }) => name))}.`;
  throw new VitalsError('not_found', `No server ${quoteUntrusted(server)} has reported`, { hint });
}
