/** The servers and tools that a question is about, or why there are none: one answer for all who are asked of something unknown. */
import { VitalsError } from './errors.ts';
import type { SeriesKey, ServerInfo } from './model/series.ts';
import { quoteUntrusted, quoteUntrustedList } from './model/untrusted.ts';
import type { Store } from './store/store.ts';

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

/**
 * @param server undefined: any
 * @returns the series of the tool, one for each server that has it
 * @throws VitalsError `not_found`
 */
export async function knownTools(
  store: Pick<Store, 'listSeries'>,
  tool: string,
  server: string | undefined,
): Promise<SeriesKey[]> {
  const series = await store.listSeries({ server, name: tool, kinds: ['tool'] });
  if (series.length > 0) return series;
  const of = server === undefined ? '' : ` of ${quoteUntrusted(server)}`;
  throw new VitalsError('not_found', `No tool ${quoteUntrusted(tool)}${of} was called`, {
    hint: 'A tool is known from its first call on; get_metrics names those that were called.',
  });
}
