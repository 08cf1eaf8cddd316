/** The real SDKs behind one face, so that one suite can run against all of them. */

import * as clientV2 from 'mcp-client-2';
import * as client10 from 'mcp-sdk-1.10/client/index.js';
import * as memory10 from 'mcp-sdk-1.10/inMemory.js';
import * as server10 from 'mcp-sdk-1.10/server/index.js';
import * as mcp10 from 'mcp-sdk-1.10/server/mcp.js';
import * as types10 from 'mcp-sdk-1.10/types.js';
import * as client20 from 'mcp-sdk-1.20/client/index.js';
import * as memory20 from 'mcp-sdk-1.20/inMemory.js';
import * as server20 from 'mcp-sdk-1.20/server/index.js';
import * as mcp20 from 'mcp-sdk-1.20/server/mcp.js';
import * as types20 from 'mcp-sdk-1.20/types.js';
import * as client32 from 'mcp-sdk-1.32/client/index.js';
import * as memory32 from 'mcp-sdk-1.32/inMemory.js';
import * as server32 from 'mcp-sdk-1.32/server/index.js';
import * as mcp32 from 'mcp-sdk-1.32/server/mcp.js';
import * as types32 from 'mcp-sdk-1.32/types.js';
import * as serverV2 from 'mcp-server-2';

/** What a tool of the suite does, given the signal of the request. */
export type ToolBody = (signal: AbortSignal) => unknown;

export interface ToolHandle {
  update(change: { callback: () => unknown }): void;
  enable(): void;
  disable(): void;
  remove(): void;
}

export interface TestClient {
  callTool(
    params: { name: string; arguments?: object; _meta?: object },
    signal?: AbortSignal,
    timeoutMs?: number,
  ): Promise<unknown>;
  listTools(): Promise<unknown>;
  close(): Promise<void>;
}

export interface HighLevelServer {
  server: object;
  /** One way of registering a tool. */
  add(style: 'tool' | 'registerTool', name: string, body: ToolBody): ToolHandle;
}

export interface LowLevelServer {
  server: object;
  /** Handles `tools/list` and `tools/call` for these tools. */
  handle(tools: Readonly<Record<string, ToolBody>>): void;
}

export interface Sdk {
  name: string;
  styles: ('tool' | 'registerTool')[];
  /** How an unknown tool ends on a high-level server. */
  unknownTool: 'tool_error' | 'protocol_error';
  createHighLevel(name: string): HighLevelServer;
  createLowLevel(name: string): LowLevelServer;
  /** @param clientName what the client calls itself */
  connect(server: object, clientName?: string): Promise<TestClient>;
}

/** The parts of a v1 release that the suite uses. */
interface V1 {
  McpServer: new (info: object) => object;
  Server: new (info: object, options: object) => object;
  Client: new (info: object) => object;
  InMemoryTransport: { createLinkedPair(): [object, object] };
  ListToolsRequestSchema: unknown;
  CallToolRequestSchema: unknown;
}

interface Connectable {
  connect(transport: object): Promise<void>;
}

interface RawClient extends Connectable {
  callTool(params: object, ...rest: unknown[]): Promise<unknown>;
  listTools(): Promise<unknown>;
  close(): Promise<void>;
}

interface RawMcpServer {
  tool(name: string, callback: (extra: { signal: AbortSignal }) => unknown): ToolHandle;
  registerTool(name: string, config: object, callback: (extra: { signal: AbortSignal }) => unknown): ToolHandle;
}

interface RawServer {
  setRequestHandler(what: unknown, handler: (request: { params: { name: string } }, extra: never) => unknown): void;
}

function listing(tools: Readonly<Record<string, ToolBody>>) {
  return { tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) };
}

async function connectPair(server: object, client: RawClient, pair: [object, object]): Promise<void> {
  await Promise.all([(server as Connectable).connect(pair[1]), client.connect(pair[0])]);
}

function v1(version: string, parts: V1, rest: Pick<Sdk, 'styles' | 'unknownTool'>): Sdk {
  return {
    name: `v1 ${version}`,
    ...rest,
    createHighLevel(name) {
      const server = new parts.McpServer({ name, version: '1.2.3' }) as RawMcpServer;
      return {
        server,
        add(style, tool, body) {
          const callback = (extra: { signal: AbortSignal }) => body(extra.signal);
          return style === 'tool'
            ? server.tool(tool, callback)
            : server.registerTool(tool, { description: 'A tool.' }, callback);
        },
      };
    },
    createLowLevel(name) {
      const server = new parts.Server({ name, version: '1.2.3' }, { capabilities: { tools: {} } }) as RawServer;
      return {
        server,
        handle(tools) {
          server.setRequestHandler(parts.ListToolsRequestSchema, () => listing(tools));
          server.setRequestHandler(parts.CallToolRequestSchema, (request, extra: { signal: AbortSignal }) =>
            tools[request.params.name]!(extra.signal),
          );
        },
      };
    },
    async connect(server, clientName = 'suite') {
      const client = new parts.Client({ name: clientName, version: '0' }) as RawClient;
      await connectPair(server, client, parts.InMemoryTransport.createLinkedPair());
      return {
        callTool: (params, signal, timeout) => client.callTool(params, undefined, { signal, timeout }),
        listTools: () => client.listTools(),
        close: () => client.close(),
      };
    },
  };
}

const v2: Sdk = {
  name: 'v2 2.4',
  styles: ['registerTool'],
  unknownTool: 'protocol_error',
  createHighLevel(name) {
    const server = new serverV2.McpServer({ name, version: '1.2.3' }) as unknown as {
      registerTool(
        name: string,
        config: object,
        callback: (ctx: { mcpReq: { signal: AbortSignal } }) => unknown,
      ): ToolHandle;
    };
    return {
      server,
      add: (_style, tool, body) =>
        server.registerTool(tool, { description: 'A tool.' }, (ctx) => body(ctx.mcpReq.signal)),
    };
  },
  createLowLevel(name) {
    const server = new serverV2.Server({ name, version: '1.2.3' }, { capabilities: { tools: {} } });
    const raw = server as unknown as RawServer;
    return {
      server,
      handle(tools) {
        raw.setRequestHandler('tools/list', () => listing(tools));
        raw.setRequestHandler('tools/call', (request, ctx: { mcpReq: { signal: AbortSignal } }) =>
          tools[request.params.name]!(ctx.mcpReq.signal),
        );
      },
    };
  },
  async connect(server, clientName = 'suite') {
    const client = new clientV2.Client({ name: clientName, version: '0' }) as unknown as RawClient;
    await connectPair(server, client, serverV2.InMemoryTransport.createLinkedPair());
    return {
      callTool: (params, signal, timeout) => client.callTool(params, { signal, timeout }),
      listTools: () => client.listTools(),
      close: () => client.close(),
    };
  },
};

export const SDKS: Sdk[] = [
  v1('1.10', { ...mcp10, ...server10, ...client10, ...memory10, ...types10 } as unknown as V1, {
    styles: ['tool'],
    unknownTool: 'protocol_error',
  }),
  v1('1.20', { ...mcp20, ...server20, ...client20, ...memory20, ...types20 } as unknown as V1, {
    styles: ['tool', 'registerTool'],
    unknownTool: 'protocol_error',
  }),
  v1('1.32', { ...mcp32, ...server32, ...client32, ...memory32, ...types32 } as unknown as V1, {
    styles: ['tool', 'registerTool'],
    unknownTool: 'tool_error',
  }),
  v2,
];
