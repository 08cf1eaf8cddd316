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
  type ServerCapabilities,
  type ServerContext,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { quoteUntrusted } from '../model/untrusted.ts';
import { type AskContext, createAskTool } from './askTool.ts';
import { complete } from './completions.ts';
import { getPrompt, PROMPT_LIST } from './prompts/handlers.ts';
import { RESOURCE_LIST, RESOURCE_TEMPLATE_LIST, readResource } from './resources/handlers.ts';
import { VIEW_MIME_TYPE } from './resources/views.ts';
import { answerTaskMethods, TASK_CAPABILITIES, taskCreated, taskDurationMs } from './tasks/taskMethods.ts';
import type { TaskRuns } from './tasks/taskRuns.ts';
import type { CallControl, ToolBackend, ToolCaller } from './toolBackend.ts';
import { errorResult } from './toolCall.ts';
import { findTool, TOOLS, TOOLSETS, type Toolset } from './tools/index.ts';
import { toListEntry } from './tools/toolList.ts';

export interface McpServerDeps {
  backend: ToolBackend;
  /** Whom the connection or request belongs to. */
  caller: ToolCaller;
  version: string;
  /** What is listed beyond the default tools. */
  toolsets?: readonly Toolset[];
  /** Where calls go on that became tasks; absent where none may. */
  tasks?: TaskRuns | undefined;
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

function optionsOf(tasks: TaskRuns | undefined): ServerOptions {
  return tasks === undefined ? OPTIONS : { ...OPTIONS, capabilities: withTasks(OPTIONS.capabilities!) };
}

function withTasks(capabilities: ServerCapabilities): ServerCapabilities {
  const { tasks, extensions } = TASK_CAPABILITIES;
  return { ...capabilities, tasks, extensions: { ...capabilities.extensions, ...extensions } };
}

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
export function createMcpServer(deps: McpServerDeps): Server {
  const { backend, caller, version, toolsets = [], tasks, nowMs, onError } = deps;
  const toolList = listOf(toolsets);
  const server = new Server({ name: 'mcp-vitals', title: 'mcp-vitals', version }, optionsOf(tasks));
  const context: AskContext = { ask: createAskTool(backend, caller, onError), nowMs };
  server.setRequestHandler('tools/list', () => toolList);
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const tool = findTool(params.name);
    if (tool === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${quoteUntrusted(params.name)} not found`);
    }
    const call = (control: CallControl) =>
      backend.call(params.name, params.arguments, caller, control).catch((error) => errorResult(error, onError));
    const taskMs = tasks && taskDurationMs(tool, params, ctx);
    if (tasks === undefined || taskMs === undefined) return call(callControl(params, ctx));
    try {
      return taskCreated(tasks.start(caller, taskMs, call), ctx);
    } catch (error) {
      return errorResult(error, onError);
    }
  });
  if (tasks !== undefined) answerTaskMethods(server, tasks, caller);
  server.setRequestHandler('resources/list', () => RESOURCE_LIST);
  server.setRequestHandler('resources/templates/list', () => RESOURCE_TEMPLATE_LIST);
  server.setRequestHandler('resources/read', ({ params }) => readResource(params.uri, context, LIST_TTL_MS, onError));
  server.setRequestHandler('prompts/list', () => PROMPT_LIST);
  server.setRequestHandler('prompts/get', ({ params }) => getPrompt(params.name, params.arguments, context, onError));
  server.setRequestHandler('completion/complete', ({ params }) => complete(params, context));
  return server;
}
