/**
 * A tool of another MCP server: the collector is its client. A connection lasts for one call, since alerts are rare and a server
 * that nobody calls should not have to run. Each call is written down, with what it was about and how it ended.
 */
import { appendFile } from 'node:fs/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Notification } from '../../model/notification.ts';
import { fill, type Json } from '../template.ts';
import type { Channel } from './channel.ts';
import { DeliveryError } from './channel.ts';

export type McpAddress =
  | { command: string; args: readonly string[]; env: Readonly<Record<string, string>> }
  | { url: string; headers: Readonly<Record<string, string>> };

export interface McpServerOptions {
  name: string;
  address: McpAddress;
  tool: string;
  arguments: Record<string, Json>;
  dryRun: boolean;
  auditFile: string;
  timeoutMs: number;
  /** Of this program, for the other side. */
  version: string;
  nowMs(): number;
}

export function mcpServer(options: McpServerOptions): Channel {
  const { name, tool, dryRun, auditFile, nowMs } = options;

  async function audit(notification: Notification, outcome: string): Promise<void> {
    const time = new Date(nowMs()).toISOString();
    const { id, message } = notification;
    const about = message.kind === 'alert' ? { alertId: message.alert.alertId, change: message.change } : {};
    const line = { time, channel: name, tool, notification: id, ...about, outcome };
    await appendFile(auditFile, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }

  return {
    async send(notification, _content, signal) {
      const args = fill(options.arguments, notification.message) as Record<string, Json>;
      if (dryRun) return audit(notification, `dry run: would call with ${JSON.stringify(args)}`);
      try {
        await callOnce(options, args, signal);
      } catch (error) {
        await audit(notification, `failed: ${(error as Error).message}`);
        throw error;
      }
      await audit(notification, 'called');
    },
  };
}

async function callOnce(
  { address, tool, timeoutMs, version }: McpServerOptions,
  args: Record<string, Json>,
  signal: AbortSignal,
): Promise<void> {
  const client = new Client({ name: 'mcp-vitals', version });
  const transport =
    'command' in address
      ? new StdioClientTransport({
          ...address,
          args: [...address.args],
          // Beside this the SDK passes on what a program needs to be found and to run, and no secret of ours.
          env: { ...address.env },
          stderr: 'ignore',
        })
      : new StreamableHTTPClientTransport(new URL(address.url), {
          requestInit: { headers: { ...address.headers }, redirect: 'error' },
        });
  const abort = () => void client.close();
  signal.addEventListener('abort', abort);
  try {
    await client.connect(transport, { timeout: timeoutMs });
    const result = await client.callTool({ name: tool, arguments: args }, { timeout: timeoutMs, signal });
    if (result.isError) throw new DeliveryError('the tool answered with an error');
  } finally {
    signal.removeEventListener('abort', abort);
    await client.close();
  }
}
