/**
 * The one seam: the `tools/call` entry in the low-level server's map of request handlers. It is the same in SDK v1 and
 * v2, behind `McpServer` and `Server`, and every way of registering, changing and removing a tool passes by it without
 * noticing. See docs/decisions/0004-one-seam.md.
 */
import { types } from 'node:util';

const TOOLS_CALL = 'tools/call';

/** A request handler as both SDKs keep it: (request, extra or context) => answer or promise of it. */
export type RequestHandler = (this: unknown, ...args: unknown[]) => unknown;

/** A server as far as we look into it. Everything is optional, because it comes from outside. */
interface ServerShape {
  server?: unknown;
  _requestHandlers?: unknown;
  _serverInfo?: unknown;
}

export interface FoundServer {
  handlers: Map<string, RequestHandler>;
  /** What the server calls itself; empty where it does not say. */
  name: string;
  version: string;
}

/** The low-level server in or behind `server`; undefined when it is not a server that we know. */
export function findServer(server: object): FoundServer | undefined {
  const outer: ServerShape = server;
  const lowLevel = (isObject(outer.server) ? outer.server : outer) as ServerShape;
  const handlers = lowLevel._requestHandlers;
  if (!types.isMap(handlers)) return undefined;
  const info = (isObject(lowLevel._serverInfo) ? lowLevel._serverInfo : {}) as { name?: unknown; version?: unknown };
  return { handlers: handlers as Map<string, RequestHandler>, name: textOr(info.name), version: textOr(info.version) };
}

/** Wraps the `tools/call` handler, the one that is there and each one that is set later. */
export function interceptToolCalls(
  handlers: Map<string, RequestHandler>,
  wrap: (original: RequestHandler) => RequestHandler,
): void {
  const existing = handlers.get(TOOLS_CALL);
  const originalSet = handlers.set;
  const set = function (this: Map<string, RequestHandler>, method: string, handler: RequestHandler) {
    return originalSet.call(
      this,
      method,
      method === TOOLS_CALL && typeof handler === 'function' ? wrap(handler) : handler,
    );
  };
  // Like the method it stands before: not enumerable, and whoever comes later may replace it.
  Object.defineProperty(handlers, 'set', { value: set, writable: true, configurable: true, enumerable: false });
  if (existing !== undefined) handlers.set(TOOLS_CALL, existing);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
