/**
 * How many `track_performance` calls a second the collector takes through its MCP doors, each answered after it is
 * durable. Messages are written as a client would write them, without a client's own cost: pipelined on stdio, several
 * at a time over HTTP.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Pool } from 'undici';
import { type BenchResult, runWhenMain } from './result.ts';
import {
  COMMAND,
  isolatedEnvironment,
  startCollectorProcess,
  temporaryDirectory,
  WITHOUT_LIMITS,
} from './support/collectorProcess.ts';

const STDIO_CALLS = 50_000;
const HTTP_CALLS = 10_000;
/** Calls under way at a time. */
const STDIO_WINDOW = 1_000;
const HTTP_WINDOW = 32;
const PROTOCOL = '2025-06-18';

const call = (id: number): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: {
      name: 'track_performance',
      arguments: { mcpServer: 'bench', toolName: `tool_${id % 10}`, duration: id % 100, success: true },
    },
  });

interface StdioChild {
  /** Calls a second. */
  measure(calls: number): Promise<number>;
  stop(): Promise<void>;
}

async function startStdio(dataDir: string): Promise<StdioChild> {
  const child = spawn(process.execPath, [COMMAND, 'stdio', '--port', '0', '--log-level', 'warn', ...WITHOUT_LIMITS], {
    env: isolatedEnvironment(dataDir),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let answered = 0;
  let onAnswers = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) answered += 1;
    onAnswers();
  });
  const params = { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })}\n`);
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);

  return {
    async measure(calls) {
      const startedMs = performance.now();
      const first = answered;
      let sent = 0;
      await new Promise<void>((resolve) => {
        onAnswers = () => {
          if (answered - first >= calls) return resolve();
          const lines: string[] = [];
          while (sent < calls && sent - (answered - first) < STDIO_WINDOW) lines.push(call(++sent));
          if (lines.length > 0) child.stdin.write(`${lines.join('\n')}\n`);
        };
        onAnswers();
      });
      return Math.round((1_000 * calls) / (performance.now() - startedMs));
    },
    async stop() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function measureStdio(): Promise<{ owner: number; attached: number }> {
  const dataDir = temporaryDirectory();
  const owner = await startStdio(dataDir);
  await owner.measure(5_000);
  const attached = await startStdio(dataDir);
  await attached.measure(5_000);
  const result = { owner: await owner.measure(STDIO_CALLS), attached: await attached.measure(STDIO_CALLS) };
  await attached.stop();
  await owner.stop();
  rmSync(dataDir, { recursive: true, force: true });
  return result;
}

async function measureHttp(): Promise<number> {
  const collector = await startCollectorProcess(WITHOUT_LIMITS);
  const pool = new Pool(collector.url, { connections: HTTP_WINDOW });
  const headers = {
    authorization: `Bearer ${collector.token('admin')}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': PROTOCOL,
  };
  const postCalls = async (calls: number) => {
    let next = 0;
    const startedMs = performance.now();
    await Promise.all(
      Array.from({ length: HTTP_WINDOW }, async () => {
        while (next < calls) {
          const response = await pool.request({ method: 'POST', path: '/mcp', headers, body: call(next++) });
          const text = await response.body.text();
          if (!text.includes('"stored":true')) throw new Error(`/mcp answered ${response.statusCode}: ${text}`);
        }
      }),
    );
    return Math.round((1_000 * calls) / (performance.now() - startedMs));
  };
  await postCalls(2_000);
  const rate = await postCalls(HTTP_CALLS);
  await pool.close();
  await collector.stop();
  return rate;
}

export async function run(): Promise<BenchResult> {
  const { owner, attached } = await measureStdio();
  const http = await measureHttp();
  const rate = (value: number) => `${value.toLocaleString('en')} calls/s`;
  return {
    name: 'mcpThroughput',
    question: 'How many track_performance calls a second are durable when answered?',
    rows: [
      { door: 'stdio, the process that is the collector', 'calls/s': owner },
      { door: 'stdio, a process attached to it', 'calls/s': attached },
      { door: 'Streamable HTTP', 'calls/s': http },
    ],
    targets: [
      { target: 'at least 10,000 calls/s pipelined over stdio', value: rate(owner), met: owner >= 10_000 },
      { target: 'at least 1,500 calls/s over HTTP', value: rate(http), met: http >= 1_500 },
    ],
  };
}

await runWhenMain(import.meta.url, run);
