/** MCP clients of both SDK generations, talking to `mcp-vitals stdio` in a process of its own. */
import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client as ClassicClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as ClassicStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as ClassicHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { COMMAND, cleanEnvironment } from './collector.ts';

export interface ToolResult {
  structuredContent?: Record<string, unknown>;
  content: { type: string; text?: string }[];
  isError?: boolean;
}

export interface CallOptions {
  signal?: AbortSignal;
  onprogress?: (progress: { progress: number; total?: number; message?: string }) => void;
}

export interface McpSession {
  listTools(): Promise<{ name: string; inputSchema: unknown; outputSchema?: unknown; _meta?: unknown }[]>;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
  /** Addresses of resources, and templates of addresses. */
  listResources(): Promise<string[]>;
  readResource(uri: string): Promise<{ mimeType?: string; text: string; _meta?: unknown }>;
  listPrompts(): Promise<{ name: string; title?: string }[]>;
  /** The text of its one message. */
  getPrompt(name: string, args?: Record<string, string>): Promise<string>;
  /** For a variable of a template of addresses. */
  complete(uri: string, name: string, value: string, filled?: Record<string, string>): Promise<string[]>;
  /** Undefined over HTTP. */
  pid: number | undefined;
  close(): Promise<void>;
}

const IDENTITY = { name: 'test', version: '1.0.0' };

/** `classic`: SDK v1, protocol of 2025. `modern`: SDK v2, which negotiates the newest protocol. */
export type Generation = 'classic' | 'modern';

function sessionOf(client: ClassicClient | ModernClient, pid: number | undefined): McpSession {
  return {
    pid,
    listTools: async () => (await client.listTools()).tools,
    async call(name, args = {}, options) {
      const params = { name, arguments: args };
      const isClassic = client instanceof ClassicClient;
      return (await (isClassic
        ? client.callTool(params, undefined, options)
        : client.callTool(params, options))) as ToolResult;
    },
    async listResources() {
      const [{ resources }, { resourceTemplates }] = [
        await client.listResources(),
        await client.listResourceTemplates(),
      ];
      return [...resources.map(({ uri }) => uri), ...resourceTemplates.map(({ uriTemplate }) => uriTemplate)];
    },
    async readResource(uri) {
      const { contents } = await client.readResource({ uri });
      return contents[0] as { text: string };
    },
    listPrompts: async () => (await client.listPrompts()).prompts,
    async getPrompt(name, args = {}) {
      const { messages } = await client.getPrompt({ name, arguments: args });
      return (messages[0]!.content as { text: string }).text;
    },
    async complete(uri, name, value, filled) {
      const context = filled === undefined ? {} : { context: { arguments: filled } };
      const ref = { type: 'ref/resource' as const, uri };
      return (await client.complete({ ref, argument: { name, value }, ...context })).completion.values;
    },
    close: () => client.close(),
  };
}

export async function openStdio(dataDir: string, generation: Generation, flags: string[] = []): Promise<McpSession> {
  const server = {
    command: process.execPath,
    args: [COMMAND, 'stdio', '--port', '0', '--log-level', 'warn', ...flags],
    env: cleanEnvironment(dataDir) as Record<string, string>,
  };
  if (generation === 'classic') {
    const transport = new ClassicStdio(server);
    const client = new ClassicClient(IDENTITY);
    await client.connect(transport);
    return sessionOf(client, transport.pid ?? undefined);
  }
  const transport = new ModernStdio(server);
  const client = new ModernClient(IDENTITY, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transport);
  return sessionOf(client, transport.pid ?? undefined);
}

export async function openHttp(url: string, token: string, generation: Generation): Promise<McpSession> {
  const options = { requestInit: { headers: { authorization: `Bearer ${token}` } } };
  const address = new URL('/mcp', url);
  if (generation === 'classic') {
    const client = new ClassicClient(IDENTITY);
    await client.connect(new ClassicHttp(address, options));
    return sessionOf(client, undefined);
  }
  const client = new ModernClient(IDENTITY, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new ModernHttp(address, options));
  return sessionOf(client, undefined);
}
