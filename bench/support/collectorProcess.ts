/** A collector in a process of its own, with its own data directory, for benchmarks that measure it from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const COMMAND = fileURLToPath(new URL('../../packages/collector/bin/mcp-vitals.mjs', import.meta.url));

const LOOP_PROBE = new URL('./loopDelayProbe.mjs', import.meta.url).href;

/** Limits that protect one collector from one caller would be what is measured. */
export const WITHOUT_LIMITS = ['--set', 'limits.metricsPerMinute=10000000', '--set', 'limits.queriesPerMinute=1000000'];

export interface LoopBlock {
  wallMs: number;
  /** What the thread itself took; NaN where the system does not tell. */
  processorMs: number;
}

export interface CollectorProcess {
  url: string;
  pid: number;
  token(scope: 'ingest' | 'read' | 'admin'): string;
  /** How long its event loop was held up at most since this was asked last; where `watchesLoop` is set. */
  longestBlock(): Promise<LoopBlock>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Where benchmarks keep their data: a real disk, since durability is part of what is measured. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'mvb-'));
}

/** This process's environment without what would lead to the user's own collector. */
export function isolatedEnvironment(dataDir: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MCP_VITALS'));
  return { ...Object.fromEntries(own), MCP_VITALS_DATA: dataDir };
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /listens on (\S+?),/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error(`the collector ended with ${child.exitCode}`);
}

export interface CollectorProcessOptions {
  /** With what is to be in it; removed at the end. Default: an empty one. */
  dataDir?: string;
  watchesLoop?: boolean;
}

export async function startCollectorProcess(
  flags: string[] = [],
  { dataDir = temporaryDirectory(), watchesLoop = false }: CollectorProcessOptions = {},
): Promise<CollectorProcess> {
  const nodeFlags = watchesLoop ? ['--import', LOOP_PROBE] : [];
  const serve = [COMMAND, 'serve', '--port', '0', '--log-level', 'warn', ...flags];
  const child = spawn(process.execPath, [...nodeFlags, ...serve], {
    env: isolatedEnvironment(dataDir),
    stdio: ['ignore', 'pipe', 'inherit', ...(watchesLoop ? (['ipc'] as const) : [])],
  });
  const exited = once(child, 'exit');
  return {
    url: await listeningUrl(child),
    pid: child.pid!,
    token: (scope) => readFileSync(join(dataDir, 'tokens', scope), 'utf8').trim(),
    async longestBlock() {
      const answered = once(child, 'message');
      child.send('longest block');
      const [longest] = await answered;
      return longest as LoopBlock;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
