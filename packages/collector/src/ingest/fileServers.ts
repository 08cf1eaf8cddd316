/** Under which names the servers of a batch are known from here on: those of their workspace. */
import type { Batch } from '@mcp-vitals/wire/decode';
import { DEFAULT_WORKSPACE, qualifiedName } from '../model/workspace.ts';

/**
 * @param workspace that all of them belong to, whatever they say: that of the token that sends them
 * @returns the same batch where nothing changes
 */
export function withQualifiedServers(batch: Batch, workspace: string | undefined): Batch {
  let isChanged = false;
  const servers = batch.servers.map((server) => {
    const name = qualifiedName(workspace ?? server.workspace ?? DEFAULT_WORKSPACE, server.name);
    if (name === server.name && server.workspace === undefined) return server;
    isChanged = true;
    return { name, version: server.version };
  });
  return isChanged ? { ...batch, servers } : batch;
}
