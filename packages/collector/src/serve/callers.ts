/** Who sent a request: by a token in its header, or by the session of a browser. */
import type { IncomingMessage } from 'node:http';
import { VitalsError } from '../errors.ts';
import { type Authenticator, allows } from './auth.ts';
import type { Sessions } from './sessions.ts';
import type { Scope, ToolCaller } from './toolBackend.ts';

export class Callers {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
  ) {}

  /** Whether anything that proves a right came with it. @throws VitalsError `forbidden` when it is the session of another page */
  isKnown(request: IncomingMessage): boolean {
    return (
      this.authenticator.scopeOf(request.headers.authorization) !== undefined || this.#session(request) !== undefined
    );
  }

  /** @throws VitalsError `unauthorized` or `forbidden` */
  require(needed: Scope, request: IncomingMessage): ToolCaller {
    const scope = this.#session(request) ?? this.authenticator.require(needed, request.headers.authorization);
    if (!allows(scope, needed))
      throw new VitalsError('forbidden', 'This session may look, and change nothing', {
        hint: '`mcp-vitals dashboard` prints a link that may change things as well.',
      });
    return { client: clientOf(request, scope), scope };
  }

  /** A token that is given explicitly comes before the cookie that a browser adds to everything. */
  #session(request: IncomingMessage): Scope | undefined {
    if (request.headers.authorization !== undefined) return undefined;
    const scope = this.sessions.scopeOf(request.headers.cookie);
    if (scope !== undefined && !isReading(request)) requireSameOrigin(request);
    return scope;
  }
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

/** Attached processes name themselves, so that each has its own rate limit; others are told apart by address. */
function clientOf(request: IncomingMessage, scope: Scope): string {
  const named = request.headers['x-mcp-vitals-client'];
  return typeof named === 'string'
    ? `process ${named.slice(0, 64)}`
    : `${scope} ${request.socket.remoteAddress ?? 'socket'}`;
}
