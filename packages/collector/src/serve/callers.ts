/** Who sent a request: by a token in its header, or by the session of a browser. */
import type { IncomingMessage } from 'node:http';
import { VitalsError } from '../errors.ts';
import { type Authenticator, allows, type Grant } from './auth.ts';
import type { Sessions } from './sessions.ts';
import type { Scope, ToolCaller } from './toolBackend.ts';
import { limitOf, WORKSPACE_PARAMETER } from './workspaceAsked.ts';

export class Callers {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
  ) {}

  /** What came with it that proves a right. @throws VitalsError `forbidden` when it is the session of another page */
  grantOf(request: IncomingMessage): Grant | undefined {
    return this.authenticator.grantOf(request.headers.authorization) ?? this.#session(request);
  }

  /** @throws VitalsError `unauthorized` or `forbidden` */
  require(needed: Scope, request: IncomingMessage): ToolCaller & Grant {
    const grant = this.#session(request) ?? this.authenticator.require(needed, request.headers.authorization);
    const { scope, tokenId } = grant;
    if (!allows(scope, needed))
      throw new VitalsError('forbidden', 'This session may look, and change nothing', {
        hint: '`mcp-vitals dashboard` prints a link that may change things as well.',
      });
    const workspace = limitOf(grant.workspace, workspaceIn(request.url!));
    return { client: clientOf(request, grant), scope, workspace, tokenId };
  }

  /** A token that is given explicitly comes before the cookie that a browser adds to everything. */
  #session(request: IncomingMessage): Grant | undefined {
    if (request.headers.authorization !== undefined) return undefined;
    const grant = this.sessions.grantOf(request.headers.cookie);
    if (grant !== undefined && !isReading(request)) requireSameOrigin(request);
    return grant;
  }
}

function workspaceIn(url: string): string | undefined {
  const query = url.indexOf('?');
  return query < 0 ? undefined : (new URLSearchParams(url.slice(query + 1)).get(WORKSPACE_PARAMETER) ?? undefined);
}

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * To a browser a page on another port of this machine is the same site, and its requests bring our cookie.
 * @throws VitalsError `forbidden`
 */
function requireSameOrigin({ headers: { origin, host } }: IncomingMessage): void {
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return;
  throw new VitalsError('forbidden', 'This Origin may not use the session of the page');
}

/**
 * Attached processes name themselves, so that each has its own rate limit; others are told apart by address. Whoever has a token of
 * his own is known by it.
 */
function clientOf(request: IncomingMessage, { scope, workspace, tokenId }: Grant): string {
  if (tokenId !== undefined) return `token ${tokenId}`;
  if (workspace !== undefined) return `${scope} of ${workspace} ${request.socket.remoteAddress ?? 'socket'}`;
  const named = request.headers['x-mcp-vitals-client'];
  return typeof named === 'string'
    ? `process ${named.slice(0, 64)}`
    : `${scope} ${request.socket.remoteAddress ?? 'socket'}`;
}
