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
  const handler = createMcpHandler(
    ({ authInfo }) => createServer({ client: authInfo!.clientId, scope: authInfo!.scopes[0] as ToolCaller['scope'] }),
    { onerror: onError },
  );
  return {
    handle: (request, { client, scope }) =>
      handler.fetch(request, { authInfo: { token: '', clientId: client, scopes: [scope] } }),
    close: () => handler.close(),
  };
}
