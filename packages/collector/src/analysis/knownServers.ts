/** The servers that an analysis is about, or why there are none. */
import { VitalsError } from '../errors.ts';
import type { ServerInfo } from '../model/series.ts';
import { visibleText } from '../model/visibleText.ts';
import type { Store } from '../store/store.ts';

const MAX_SHOWN = 10;
const MAX_NAME_LENGTH = 80;

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
  throw new VitalsError('not_found', `No server ${quoted(server)} has reported`, { hint: reportedNames(all) });
}

function reportedNames(all: readonly ServerInfo[]): string {
  if (all.length === 0) return 'None has yet: wrap one with withMonitoring(server), or `mcp-vitals wrap`.';
  const more = all.length > MAX_SHOWN ? ` and ${all.length - MAX_SHOWN} more` : '';
  const names = all.slice(0, MAX_SHOWN).map(({ name }) => quoted(name));
  return `There are: ${names.join(', ')}${more}.`;
}

/** A name is a stranger's text: one visible line in quotes. */
function quoted(name: string): string {
  return `"${visibleText(name.slice(0, MAX_NAME_LENGTH + 1).replace(/[\\"]/g, '\\$&'), MAX_NAME_LENGTH)}"`;
}
