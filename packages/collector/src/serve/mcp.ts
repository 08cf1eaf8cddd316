/**
 * The collector as an MCP server. The SDK asks for a server per connection on stdio and per request over HTTP, so all
 * that can be made beforehand is: the lists are constants, and a server is a few handlers around a backend.
 */
import {
  type CallToolRequest,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { type AskContext, createAskTool } from './askTool.ts';
import { complete } from './completions.ts';
import { getPrompt, PROMPT_LIST } from './prompts/handlers.ts';
import { RESOURCE_LIST, RESOURCE_TEMPLATE_LIST, readResource } from './resources/handlers.ts';
import { VIEW_MIME_TYPE } from './resources/views.ts';
import type { CallControl, ToolBackend, ToolCaller } from './toolBackend.ts';
import { errorResult } from './toolCall.ts';
import { findTool, TOOLS, TOOLSETS, type Toolset } from './tools/index.ts';
import { toListEntry } from './tools/toolList.ts';
import { quoteUntrusted } from './tools/untrusted.ts';

export interface McpServerDeps {
  backend: ToolBackend;
  /** Whom the connection or request belongs to. */
  caller: ToolCaller;
  version: string;
  /** What is listed beyond the default tools. */
  toolsets?: readonly Toolset[];
  nowMs(): number;
  /** Told of failures that are ours, once each. */
  onError(error: unknown): void;
}

/** The answer to `tools/list` by default; the same for everybody, and for as long as the process runs. */
export const TOOL_LIST: ListToolsResult = { tools: TOOLS.map(toListEntry) };

const TOOL_LISTS = Object.fromEntries(
  Object.entries(TOOLSETS).map(([name, tools]) => [name, tools.map(toListEntry)]),
) as Record<Toolset, ListToolsResult['tools']>;

function listOf(toolsets: readonly Toolset[]): ListToolsResult {
  if (toolsets.length === 0) return TOOL_LIST;
  return { tools: [...TOOL_LIST.tools, ...[...new Set(toolsets)].flatMap((toolset) => TOOL_LISTS[toolset])] };
}

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

/** What the protocol gives a call that takes its time: progress goes to a client that gave a token for it. */
function callControl({ _meta }: CallToolRequest['params'], { mcpReq }: ServerContext): CallControl {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return { signal: mcpReq.signal };
  return {
    signal: mcpReq.signal,
    onProgress(progress) {
      const params = { progressToken, ...progress };
      // A client that has gone does not hear how far we are, and the call ends by its signal.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}

/** A server that is not yet connected; speaks both eras of the protocol. */
export function createMcpServer({ backend, caller, version, toolsets = [], nowMs, onError }: McpServerDeps): Server {
  const toolList = listOf(toolsets);
  const server = new Server({ name: 'mcp-vitals', title: 'mcp-vitals', version }, OPTIONS);
  const context: AskContext = { ask: createAskTool(backend, caller, onError), nowMs };
  server.setRequestHandler('tools/list', () => toolList);
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    if (findTool(params.name) === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${quoteUntrusted(params.name)} not found`);
    }
    try {
      return await backend.call(params.name, params.arguments, caller, callControl(params, ctx));
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
