/** Names of servers and tools on their way into labels, addresses and file names. */
import { createHash } from 'node:crypto';
import { labelValue } from '@mcp-vitals/prometheus';
import { DEFAULT_WORKSPACE, WORKSPACE_PATTERN, workspaceMeant } from '../model/workspace.ts';
import { exactly, type Matcher } from './promql.ts';

export interface ToolName {
  server: string;
  tool: string;
}

/** An empty name matches anything, and `team-a::*` all servers of a workspace. */
export function matchersOf({ server, tool }: ToolName): Matcher[] {
  const workspace = workspaceMeant(server);
  return [
    ...(workspace === undefined ? [] : [everyServer(workspace)]),
    ...(server === '' || workspace !== undefined ? [] : [exactly('server', labelValue(server))]),
    ...(tool === '' ? [] : [exactly('tool', labelValue(tool))]),
  ];
}

/** Those of the default workspace have nothing before their names. */
function everyServer(workspace: string): Matcher {
  if (workspace === DEFAULT_WORKSPACE) return ['server', '!~', `${WORKSPACE_PATTERN}::.*`];
  return ['server', '=~', `${workspace}::.*`];
}

/** The collector's own page of a tool. @param collectorUrl without a slash at its end */
export function toolPage(collectorUrl: string, { server, tool }: ToolName): string {
  return `${collectorUrl}/tool?${new URLSearchParams({ server, name: tool }).toString()}`;
}

export function withoutSlash({ href }: URL): string {
  return href.replace(/\/+$/, '');
}

/** The same for the same names, ever; letters, digits and dashes, so that it may stand anywhere. */
export function stableId({ server, tool }: ToolName): string {
  return createHash('sha256')
    .update(JSON.stringify([server, tool]))
    .digest('hex')
    .slice(0, 16);
}

const MAX_READABLE_LENGTH = 60;

/** For people who look into the directory; what tells files apart is the id at its end. */
export function fileStem({ server, tool }: ToolName): string {
  const readable = `${server}-${tool}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_READABLE_LENGTH);
  return `${readable === '' ? 'tool' : readable}-${stableId({ server, tool })}`;
}
