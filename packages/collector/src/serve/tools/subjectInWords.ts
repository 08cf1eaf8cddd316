/** What a threshold or a rule is for. */
import { quoteUntrusted } from '../../model/untrusted.ts';
import { workspaceMeant } from '../../model/workspace.ts';

/** E.g. `tool "read" of server "files"`. @param server @param tool empty and `*` stand for all; of servers, `team-a::*` for a workspace */
export function subjectInWords(server: string, tool: string): string {
  const parts = [isAll(tool) ? '' : `tool ${quoteUntrusted(tool)}`, isAll(server) ? '' : serverInWords(server)];
  return parts.filter((part) => part !== '').join(' of ') || 'everything';
}

function isAll(name: string): boolean {
  return name === '' || name === '*';
}

function serverInWords(server: string): string {
  const workspace = workspaceMeant(server);
  return workspace === undefined ? `server ${quoteUntrusted(server)}` : `the workspace ${workspace}`;
}
