/**
 * MCP over Streamable HTTP. Each request is served by a server of its own from the same factory, so there are no
 * sessions to lose; both eras of the protocol are spoken.
 */
import { createMcpHandler, type Server } from '@modelcontextprotocol/server';
import type { ToolCaller } from './toolBackend.ts';

export interface McpHttp {
  handle(request: Request, caller: ToolCaller): Promise<Response>;
  close(): Promise<void>;
}

export function createMcpHttp(createServer: (caller: ToolCaller) => Server, onError: (error: Error) => void): McpHttp {
  const handler = createMcpHandler(({ authInfo }) => createServer(authInfo!.extra!.caller as ToolCaller), {
    onerror: onError,
  });
  return {
    handle: (request, caller) =>
      handler.fetch(request, {
        authInfo: { token: '', clientId: caller.client, scopes: [caller.scope], extra: { caller } },
      }),
    close: () => handler.close(),
  };
}
