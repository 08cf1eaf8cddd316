/**
 * Which workspace a question is about. A caller may be limited to one, by its token or by its own wish; one that is not may
 * still say `team-a::*` where a server can be named, which means all servers of that workspace. Whoever answers gets the
 * services of the workspace and a question that names servers as they are known here.
 */
import { VitalsError } from '../errors.ts';
import { isWorkspaceName, nameWithin, workspaceMeant } from '../model/workspace.ts';
import { notAWorkspace } from './accessTokens.ts';

/** Of every route, whatever else it takes: as if the caller were limited to it. */
export const WORKSPACE_PARAMETER = 'workspace';

/** Parameters of tools and routes that name a server. */
const SERVER_PARAMETERS = ['mcpServer', 'server'] as const;

export interface Asked {
  args: unknown;
  /** Undefined: all. */
  workspace: string | undefined;
}

/**
 * @param limit of the caller
 * @throws VitalsError `not_found` for a server of another workspace than the caller's
 */
export function askedWithin(args: unknown, limit: string | undefined): Asked {
  if (typeof args !== 'object' || args === null) return { args, workspace: limit };
  let workspace = limit;
  const rewritten: Record<string, unknown> = { ...args };
  for (const parameter of SERVER_PARAMETERS) {
    const server = rewritten[parameter];
    if (typeof server !== 'string' || server === '') continue;
    const meant = workspaceMeant(server);
    if (meant !== undefined && (limit === undefined || limit === meant)) {
      workspace = meant;
      delete rewritten[parameter];
    } else if (limit !== undefined) rewritten[parameter] = ownName(limit, server);
  }
  return { args: rewritten, workspace };
}

function ownName(workspace: string, server: string): string {
  const name = nameWithin(workspace, server);
  if (name !== undefined) return name;
  throw new VitalsError('not_found', `You see the workspace ${workspace} only, and this server is of another one`, {
    hint: `Its servers may be named as they are, or as ${workspace}::name.`,
  });
}

/**
 * The limit of a caller who asks for a workspace.
 * @param granted by its token; undefined: none
 * @param wanted in the request, `?workspace=`
 * @throws VitalsError `invalid`, or `forbidden` for another than the token's
 */
export function limitOf(granted: string | undefined, wanted: string | undefined): string | undefined {
  if (wanted === undefined || wanted === '') return granted;
  if (!isWorkspaceName(wanted)) throw notAWorkspace(wanted);
  if (granted === undefined || granted === wanted) return wanted;
  throw new VitalsError('forbidden', `This token is limited to the workspace ${granted}`);
}
