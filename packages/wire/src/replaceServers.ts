/**
 * A batch whose servers are known by other names from here on. Nothing else of it is read or written anew: what it holds may be
 * more than this reader knows, and its digests are most of its bytes and of the time that encoding takes.
 */
import { Packr } from 'msgpackr/pack';
import { Unpackr } from 'msgpackr/unpack';
import type { ServerRow } from './layout.ts';
import type { ServerIdentity } from './types.ts';

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false });
const packr = new Packr({ useRecords: false, variableMapSize: true });

/**
 * @param body that `decodeBatch` has accepted
 * @param servers as many as it names, in the same order
 */
export function replaceServers(body: Uint8Array, servers: readonly ServerIdentity[]): Uint8Array {
  const batch = unpackr.unpack(body) as Map<string, unknown>;
  const rows = servers.map(({ name, version }): ServerRow => [name, version]);
  // The packer uses one buffer again and again, and what it returns is kept.
  return new Uint8Array(packr.pack(batch.set('servers', rows)));
}
