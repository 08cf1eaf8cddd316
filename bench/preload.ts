/**
 * What does the preload add to the start of a server? From the start of the process to the answer to `initialize`, with
 * and without `--import`, and for a program that has no server at all; medians of differences, runs interleaved.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import module from 'node:module';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type BenchResult, runWhenMain } from './result.ts';
import { median } from './support/median.ts';

const RUNS = 21;
const REGISTER = fileURLToPath(new URL('../packages/sdk/dist/register.mjs', import.meta.url));
const SERVER = fileURLToPath(new URL('../tests/preload/servers/v1.mjs', import.meta.url));
/** Node 20 may need `module.register`, which starts a thread. */
const MAX_ADDED_MS = 'registerHooks' in module ? 30 : 60;

const clientInfo = { name: 'bench', version: '1' };
const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
const INITIALIZE = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`;

async function msToAnswer(args: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], env: environment() });
  child.stdin.write(INITIALIZE);
  await once(child.stdout, 'data');
  const tookMs = performance.now() - startedMs;
  child.kill('SIGKILL');
  await once(child, 'close');
  return tookMs;
}

async function msToEnd(args: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  await once(spawn(process.execPath, args, { stdio: 'ignore', env: environment() }), 'close');
  return performance.now() - startedMs;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, MCP_VITALS_URL: 'http://127.0.0.1:9', MCP_VITALS_DATA: '/nonexistent' };
}

export async function run(): Promise<BenchResult> {
  const cases = [
    { program: 'a server, until it answers', measure: (preload: string[]) => msToAnswer([...preload, SERVER]) },
    { program: 'no server', measure: (preload: string[]) => msToEnd([...preload, '-e', '']) },
  ];
  const rows = [];
  const added: number[] = [];
  for (const { program, measure } of cases) {
    const bare: number[] = [];
    const preloaded: number[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      bare.push(await measure([]));
      preloaded.push(await measure(['--import', REGISTER]));
    }
    const addedMs = median(preloaded.map((ms, i) => ms - bare[i]!));
    added.push(addedMs);
    rows.push({ program, 'bare ms': median(bare).toFixed(1), 'added ms': addedMs.toFixed(1) });
  }
  return {
    name: 'preload',
    question: `What does \`--import @mcp-vitals/sdk/register\` add to the start of a program, on Node ${process.versions.node}?`,
    rows,
    targets: [
      {
        target: `the start of a server takes under ${MAX_ADDED_MS} ms longer`,
        value: `${added[0]!.toFixed(1)} ms`,
        met: added[0]! < MAX_ADDED_MS,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
