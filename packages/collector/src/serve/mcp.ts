/**
 * The collector as an MCP server. The SDK asks for a server per connection on stdio and per request over HTTP, so all
 * that can be made beforehand is: the list of tools is one constant, and a server is two handlers around a backend.
 */
import { type ListToolsResult, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import type { ToolBackend, ToolCaller } from './toolBackend.ts';
import { errorResult } from './toolCall.ts';
import { findTool, TOOLS } from './tools/index.ts';
import { toListEntry } from './tools/toolList.ts';
import { quoteUntrusted } from './tools/untrusted.ts';

export interface McpServerDeps {
  backend: ToolBackend;
  /** Whom the connection or request belongs to. */
  caller: ToolCaller;
  version: string;
  /** Told of failures that are ours, once each. */
  onError(error: unknown): void;
}

/** The answer to `tools/list`; the same for everybody, and for as long as the process runs. */
export const TOOL_LIST: ListToolsResult = { tools: TOOLS.map(toListEntry) };

const LIST_TTL_MS = 3_600_000;

/** A server that is not yet connected; speaks both eras of the protocol. */
export function createMcpServer({ backend, caller, version, onError }: McpServerDeps): Server {
  const server = new Server(
    { name: 'mcp-vitals', title: 'mcp-vitals', version },
    { capabilities: { tools: {} }, cacheHints: { 'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'public' } } },
  );
  server.setRequestHandler('tools/list', () => TOOL_LIST);
  server.setRequestHandler('tools/call', async ({ params }) => {
    if (findTool(params.name) === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${quoteUntrusted(params.name)} not found`);
    }
    try {
      return await backend.call(params.name, params.arguments, caller);
    } catch (error) {
      return errorResult(error, onError);
    }
  });
  return server;
}
