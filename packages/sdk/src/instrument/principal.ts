/**
 * Who asks: what must not be given to anybody else is kept under this. A token stands for its bearer, because clients of
 * one kind share their id; a session for its client. Over HTTP with neither nobody can tell clients apart, for servers may
 * look at any header.
 */

interface V1Extra {
  authInfo?: AuthInfo;
  sessionId?: unknown;
  requestInfo?: unknown;
}

/** In SDK v2 what is known of the HTTP request lies together. */
interface V2Context {
  sessionId?: unknown;
  http?: { authInfo?: AuthInfo } | null;
}

interface AuthInfo {
  token?: unknown;
  clientId?: unknown;
}

/**
 * JSON values that say who asks; undefined where that cannot be told.
 * @param extra second argument of the handler
 * @param owner the low-level server
 */
export function principalOf(extra: unknown, owner: object): unknown[] | undefined {
  const { authInfo: ofV1, sessionId } = (extra ?? {}) as V1Extra;
  const { http } = (extra ?? {}) as V2Context;
  const authInfo = ofV1 ?? http?.authInfo;
  const isNamed = authInfo?.token !== undefined || sessionId !== undefined;
  if (isHttp(extra, owner) && !isNamed) return undefined;
  return [text(authInfo?.token), text(authInfo?.clientId), text(sessionId)];
}

/** Whether a request came over HTTP; parameters as of `principalOf`. */
export function isHttp(extra: unknown, owner: object | undefined): boolean {
  const { requestInfo } = (extra ?? {}) as V1Extra;
  const { http } = (extra ?? {}) as V2Context;
  if (requestInfo !== undefined || http != null) return true;
  // Early versions of SDK v1 do not hand over anything of the HTTP request.
  const { transport } = (owner ?? {}) as { transport?: { handleRequest?: unknown } };
  return typeof transport?.handleRequest === 'function';
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
