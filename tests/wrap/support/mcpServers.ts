/** MCP servers of both SDKs over HTTP, as their documentation has one start them. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as ServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, McpServer as ServerV2 } from '@modelcontextprotocol/server';

import { OrderedEventStore } from './eventStore.ts';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

export interface Hooks {
  /** Awaited by the tool `slow`. */
  slow?(signal: AbortSignal): Promise<void>;
}

/** Tools `greet`, `fail`, `slow`, `ask` (which asks the client) and `hang_up` (which has its stream closed by the server). */
export function serverV1({ slow = async () => {} }: Hooks = {}): ServerV1 {
  const server = new ServerV1({ name: 'served-v1', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('greet', {}, () => text('hello'));
  server.registerTool('fail', {}, () => {
    throw new Error('it failed');
  });
  server.registerTool('slow', {}, async ({ signal }) => {
    await slow(signal);
    return text('at last');
  });
  server.registerTool('ask', {}, async ({ sendRequest }) => {
    const params = { message: 'Really?', requestedSchema: { type: 'object' as const, properties: {} } };
    const { action } = await sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema);
    return text(action);
  });
  server.registerTool('hang_up', {}, async ({ closeSSEStream, sendNotification }) => {
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data: 'closing' } });
    closeSSEStream?.();
    return text('on another stream');
  });
  server.registerPrompt('hi', {}, () => ({ messages: [] }));
  server.registerResource('readme', 'memo://readme', {}, () => ({ contents: [] }));
  return server;
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

export interface StatefulOptions extends Hooks {
  /** Streams can be resumed. */
  eventStore?: boolean;
  enableJsonResponse?: boolean;
}

export function statefulV1({
  eventStore = false,
  enableJsonResponse = false,
  ...hooks
}: StatefulOptions = {}): RequestListener {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return async (request: IncomingMessage, response: ServerResponse) => {
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? sessions.get(id) : undefined;
    if (transport === undefined && id !== undefined) return void response.writeHead(404).end();
    if (transport === undefined) {
      const opened = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => void sessions.set(session, opened),
        enableJsonResponse,
        retryInterval: 1,
        ...(eventStore ? { eventStore: new OrderedEventStore() } : {}),
      });
      transport = opened;
      await serverV1(hooks).connect(opened);
    }
    await transport.handleRequest(request, response, request.method === 'POST' ? await jsonBody(request) : undefined);
  };
}

export function statelessV1(hooks: Hooks = {}): RequestListener {
  return async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await serverV1(hooks).connect(transport);
    await transport.handleRequest(request, response);
  };
}

export function legacySseV1(): RequestListener {
  const sessions = new Map<string, SSEServerTransport>();
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      await serverV1().connect(transport);
      return;
    }
    const transport = sessions.get(searchParams.get('sessionId') ?? '');
    if (transport === undefined) return void response.writeHead(404).end();
    await transport.handlePostMessage(request, response);
  };
}

/** Serves both eras. */
export function handlerV2({ slow = async () => {} }: Hooks = {}): RequestListener {
  const handler = createMcpHandler(() => {
    const server = new ServerV2({ name: 'served-v2', version: '2.0.0' });
    server.registerTool('greet', {}, () => text('hello'));
    server.registerTool('fail', {}, () => {
      throw new Error('it failed');
    });
    server.registerTool('slow', {}, async ({ mcpReq }) => {
      await slow(mcpReq.signal);
      return text('at last');
    });
    server.registerPrompt('hi', {}, () => ({ messages: [] }));
    return server;
  });
  return toNodeHandler(handler);
}
