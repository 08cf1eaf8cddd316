/** Starts the built `mcp-vitals` as a process of its own, and talks to it as an outsider would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BATCH_CONTENT_TYPE } from '@mcp-vitals/wire/encode';

export const COMMAND = fileURLToPath(new URL('../../../packages/collector/bin/mcp-vitals.mjs', import.meta.url));

/** An environment in which nothing of the developer's own is found or changed. */
export function cleanEnvironment(dataDir: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MCP_VITALS') && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(own), MCP_VITALS_DATA: dataDir, HOME: dataDir };
}

/** A data directory that is gone when the test is. The name is short: a unix socket's path has about 100 characters. */
export function temporaryDataDir(): { dataDir: string; remove(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'mv-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

export function tokenOf(dataDir: string, scope: 'ingest' | 'read' | 'admin'): string {
  return readFileSync(join(dataDir, 'tokens', scope), 'utf8').trim();
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export interface Collector {
  readonly url: string;
  readonly child: ChildProcess;
  post(body: Uint8Array, headers?: Record<string, string>): Promise<Answer>;
  /** The structured content of a tool's answer. */
  tool<T = Record<string, unknown>>(name: string, args: Record<string, unknown>): Promise<T>;
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves once the collector accepts connections. */
export async function startCollector(dataDir: string, flags: string[] = []): Promise<Collector> {
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', '--log-level', 'warn', ...flags], {
    env: cleanEnvironment(dataDir),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listeningAt(child);
  const exited = once(child, 'exit');
  return {
    url,
    child,
    post: (body, headers) => postBatch(url, tokenOf(dataDir, 'ingest'), body, headers),
    tool: (name, args) => callTool(url, tokenOf(dataDir, 'admin'), name, args),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

async function listeningAt(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /listens on (\S+?),/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error(`the collector ended with ${child.exitCode} before it listened`);
}

export async function postBatch(
  url: string,
  token: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/batches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': BATCH_CONTENT_TYPE, ...headers },
    body: body as Uint8Array<ArrayBuffer>,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function callTool<T>(url: string, token: string, name: string, args: Record<string, unknown>): Promise<T> {
  const response = await fetch(`${url}/api/v1/tools/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const answer = (await response.json()) as { structuredContent?: T; isError?: boolean };
  if (response.status !== 200 || answer.isError || answer.structuredContent === undefined) {
    throw new Error(`${name} answered ${response.status}: ${JSON.stringify(answer)}`);
  }
  return answer.structuredContent;
}

/** Calls counted of a server within the last hour. */
export async function countCalls(collector: Pick<Collector, 'tool'>, mcpServer: string): Promise<number> {
  const { summary } = await collector.tool<{ summary: { totalCalls: number } }>('get_metrics', {
    mcpServer,
    startTime: new Date(Date.now() - 3_600_000).toISOString(),
    endTime: new Date(Date.now() + 60_000).toISOString(),
    aggregation: 'count',
  });
  return summary.totalCalls;
}
