/** A server of a benchmark that obeys one policy, which an HTTP server gives it in the answers to its batches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Policy } from '@mcp-vitals/wire/decode';
import { PolicyServer } from './policyServer.ts';
import { StdioServer } from './stdioServer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEASE_MS = 5_000;

export interface ServerSetting {
  /** Of `node`. */
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** What the server calls itself. */
  name: string;
  /** What the policy asks for, by tool; undefined for a server as written. */
  tools: Policy['tools'] | undefined;
  /** A tool that can be called until the policy is in force. */
  probe: string;
}

export interface ServerUnderPolicy {
  server: StdioServer;
  end(): Promise<void>;
}

/** Resolves once the policy is in force. */
export async function startUnderPolicy({ args, env, name, tools, probe }: ServerSetting): Promise<ServerUnderPolicy> {
  const data = mkdtempSync(join(tmpdir(), 'mcp-vitals-bench-'));
  const collector = new PolicyServer();
  const url = await collector.listen();
  if (tools !== undefined) collector.policies = [{ server: name, version: 1, leaseMs: LEASE_MS, tools }];
  const controls = JSON.stringify({ concurrency: true, shed: true });
  const own = { MCP_VITALS_DATA: data, MCP_VITALS_URL: url, CONTROLS: controls };
  const server = new StdioServer(args, ROOT, { ...process.env, ...own, ...env });
  const end = async () => {
    await server.end('SIGTERM');
    collector.close();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await server.initialize();
    await server.callTool(probe);
    while (tools !== undefined && collector.newest?.controls?.[0]?.version !== 1) {
      if (!server.isRunning) throw new Error(`The server ${name} has ended`);
      await server.callTool(probe);
      await sleep(100);
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { server, end };
}

/** Whether a call was answered, and not with an error. */
export async function isAnswered(server: StdioServer, tool: string): Promise<boolean> {
  const line = await server.callTool(tool);
  return line !== undefined && !line.includes('"isError":true');
}
