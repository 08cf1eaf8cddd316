/**
 * The collector as an MCP server. The SDK asks for a server per connection on stdio and per request over HTTP, so all
 * that can be made beforehand is: the lists are constants, and a server is a few handlers around a backend.
 */
import {
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { type AskContext, createAskTool } from './askTool.ts';
import { complete } from './completions.ts';
import { getPrompt, PROMPT_LIST } from './prompts/handlers.ts';
import { RESOURCE_LIST, RESOURCE_TEMPLATE_LIST, readResource } from './resources/handlers.ts';
import { VIEW_MIME_TYPE } from './resources/views.ts';
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
  nowMs(): number;
  /** Told of failures that are ours, once each. */
  onError(error: unknown): void;
}

/** The answer to `tools/list`; the same for everybody, and for as long as the process runs. */
export const TOOL_LIST: ListToolsResult = { tools: TOOLS.map(toListEntry) };

const LIST_TTL_MS = 3_600_000;
const constant = { ttlMs: LIST_TTL_MS, cacheScope: 'public' } as const;

const OPTIONS: ServerOptions = {
  capabilities: {
    tools: {},
    resources: {},
    prompts: {},
    completions: {},
    extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: [VIEW_MIME_TYPE] } },
  },
  cacheHints: {
    'tools/list': constant,
    'resources/list': constant,
    'resources/templates/list': constant,
    'prompts/list': constant,
  },
};

/** A server that is not yet connected; speaks both eras of the protocol. */
export function createMcpServer({ backend, caller, version, nowMs, onError }: McpServerDeps): Server {
  const server = new Server({ name: 'mcp-vitals', title: 'mcp-vitals', version }, OPTIONS);
  const context: AskContext = { ask: createAskTool(backend, caller, onError), nowMs };
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
  server.setRequestHandler('resources/list', () => RESOURCE_LIST);
  server.setRequestHandler('resources/templates/list', () => RESOURCE_TEMPLATE_LIST);
  server.setRequestHandler('resources/read', ({ params }) => readResource(params.uri, context, LIST_TTL_MS, onError));
  server.setRequestHandler('prompts/list', () => PROMPT_LIST);
  server.setRequestHandler('prompts/get', ({ params }) => getPrompt(params.name, params.arguments, context, onError));
  server.setRequestHandler('completion/complete', ({ params }) => complete(params, context));
  return server;
}
