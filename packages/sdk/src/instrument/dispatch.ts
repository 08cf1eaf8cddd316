/**
 * The one seam: the low-level server's map of request handlers. It is the same in SDK v1 and v2, behind `McpServer` and
 * `Server`, and every way of registering, changing and removing a tool passes by it without noticing. See
 * docs/decisions/0004-one-seam.md.
 */
import { types } from 'node:util';

/** A request handler as both SDKs keep it: (request, extra or context) => answer or promise of it. */
export type RequestHandler = (this: unknown, ...args: unknown[]) => unknown;

/** A server as far as we look into it. Everything is optional, because it comes from outside. */
interface ServerShape {
  server?: unknown;
  _requestHandlers?: unknown;
  _serverInfo?: unknown;
}

export interface FoundServer {
  /** The object that was given: high-level or low-level. */
  given: object;
  lowLevel: object;
  handlers: Map<string, RequestHandler>;
  /** What the server calls itself; empty where it does not say. */
  name: string;
  version: string;
}

/** The low-level server in or behind `server`; undefined when it is not a server that we know. */
export function findServer(server: object): FoundServer | undefined {
  const given: ServerShape = server;
  const lowLevel = (isObject(given.server) ? given.server : given) as ServerShape;
  const handlers = lowLevel._requestHandlers;
  if (!types.isMap(handlers)) return undefined;
  const info = (isObject(lowLevel._serverInfo) ? lowLevel._serverInfo : {}) as { name?: unknown; version?: unknown };
  return {
    given,
    lowLevel,
    handlers: handlers as Map<string, RequestHandler>,
    name: textOr(info.name),
    version: textOr(info.version),
  };
}

/** Wraps request handlers, those that are there and those that are set later; `wrap` may return what it was given. */
export function interceptRequests(
  handlers: Map<string, RequestHandler>,
  wrap: (method: string, original: RequestHandler) => RequestHandler,
): void {
  const existing = [...handlers];
  const originalSet = handlers.set;
  const set = function (this: Map<string, RequestHandler>, method: string, handler: RequestHandler) {
    return originalSet.call(this, method, typeof handler === 'function' ? wrap(method, handler) : handler);
  };
  // Like the method it stands before: not enumerable, and whoever comes later may replace it.
  Object.defineProperty(handlers, 'set', { value: set, writable: true, configurable: true, enumerable: false });
  for (const [method, handler] of existing) handlers.set(method, handler);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
