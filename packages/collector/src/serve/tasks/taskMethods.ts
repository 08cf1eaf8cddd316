/**
 * Tasks as the protocol has them, which the SDK leaves to the server. In revision 2025-11-25 they are part of it, and the client
 * asks for one; from 2026-07-28 on they are the extension `io.modelcontextprotocol/tasks`, and the server makes one where the client
 * knows them (https://modelcontextprotocol.io/seps/2663-tasks-extension).
 */
import {
  type CallToolRequest,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  RELATED_TASK_META_KEY,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { isoTime } from '../params.ts';
import type { ToolCaller } from '../toolBackend.ts';
import type { ToolDefinition } from '../tools/defineTool.ts';
import type { TaskRun, TaskRuns } from './taskRuns.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';

/** What a server says of itself where it makes tasks. */
export const TASK_CAPABILITIES = {
  tasks: { cancel: {}, requests: { tools: { call: {} } } },
  extensions: { [EXTENSION]: {} },
};

/** A call that takes longer than clients usually wait becomes a task where nobody said what is wanted. */
const LONG_MS = 60_000;

const POLL_INTERVAL_MS = 2_000;

const taskParams = z.looseObject({ taskId: z.string().max(100) });

/** Whether the request is of 2026-07-28 or later: those bring what the client is and can. */
function isModern({ mcpReq }: ServerContext): boolean {
  return mcpReq.envelope !== undefined;
}

/** The SDK's type of what the request brought names no keys. */
function knowsTasks({ mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Record<string, { extensions?: object } | undefined> | undefined;
  return EXTENSION in (envelope?.[CLIENT_CAPABILITIES_META_KEY]?.extensions ?? {});
}

/** How long a call will take that is to become a task; undefined for one that is answered as usual. */
export function taskDurationMs(
  tool: ToolDefinition,
  params: CallToolRequest['params'],
  ctx: ServerContext,
): number | undefined {
  if (tool.durationMs === undefined) return undefined;
  const input = tool.input.safeParse(params.arguments ?? {});
  if (!input.success) return undefined;
  const durationMs = tool.durationMs(input.data);
  if (!isModern(ctx)) return params.task === undefined ? undefined : durationMs;
  return knowsTasks(ctx) && durationMs > LONG_MS ? durationMs : undefined;
}

/** The answer to a call that has become a task. The SDK wants content in every answer to a call; of a task it is empty. */
export function taskCreated(run: TaskRun, ctx: ServerContext): CallToolResult {
  if (isModern(ctx)) return { content: [], resultType: 'task', ...modernTask(run) };
  return { content: [], task: legacyTask(run) };
}

/** Answers what clients ask about their tasks. */
export function answerTaskMethods(server: Server, runs: TaskRuns, caller: ToolCaller): void {
  server.setRequestHandler('tasks/get', { params: taskParams }, async ({ taskId }, ctx) => {
    const run = find(() => runs.get(taskId, caller));
    if (!isModern(ctx)) return legacyTask(run);
    const isDone = run.status === 'completed' || run.status === 'failed';
    return { ...modernTask(run), ...(isDone && { result: { resultType: 'complete', ...(await run.result) } }) };
  });
  server.setRequestHandler('tasks/cancel', { params: taskParams }, ({ taskId }, ctx) => {
    const isOver = find(() => runs.get(taskId, caller)).status !== 'working';
    if (isOver && !isModern(ctx)) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The task is over');
    const run = find(() => runs.cancel(taskId, caller));
    return isModern(ctx) ? {} : legacyTask(run);
  });
  // Of 2025-11-25 alone: waits for the end.
  server.setRequestHandler('tasks/result', { params: taskParams }, async ({ taskId }) => {
    const { result } = find(() => runs.get(taskId, caller));
    return { ...(await result), _meta: { [RELATED_TASK_META_KEY]: { taskId } } };
  });
}

function legacyTask(run: TaskRun) {
  return { ...commonTask(run), ttl: run.ttlMs, pollInterval: POLL_INTERVAL_MS };
}

/** There, a result that says that the tool failed is a result like any other. */
function modernTask(run: TaskRun) {
  const status = run.status === 'failed' ? 'completed' : run.status;
  return { ...commonTask(run), status, ttlMs: run.ttlMs, pollIntervalMs: POLL_INTERVAL_MS };
}

function commonTask({ taskId, status, createdAtMs, updatedAtMs, message }: TaskRun) {
  const times = { createdAt: isoTime(createdAtMs), lastUpdatedAt: isoTime(updatedAtMs) };
  return { taskId, status, ...times, ...(message !== undefined && { statusMessage: message }) };
}

/** @throws ProtocolError for a task that there is not */
function find(look: () => TaskRun): TaskRun {
  try {
    return look();
  } catch (error) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, (error as Error).message);
  }
}
