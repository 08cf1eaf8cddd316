/** Runs the collector as a user would, `mcp-vitals serve`, on its own port and data directory, and ends it again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../packages/collector/bin/mcp-vitals.mjs', import.meta.url));
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
const POLL_MS = 50;

export interface CollectorOptions {
  dataDir: string;
  /** 0 takes a free one. */
  port: number;
}

export interface Collector {
  /** E.g. `http://127.0.0.1:6848`. */
  url: string;
  dataDir: string;
  /** Environment in which servers, and commands of `mcp-vitals`, find this collector and no other. */
  env: Record<string, string>;
  /** A link to its page, good once. */
  pageLink(): Promise<string>;
  /** Command line that runs `mcp-vitals` with these arguments. */
  command(...args: string[]): [command: string, ...args: string[]];
  /** The last lines of its log. */
  logTail(): string;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
}

/** This process's environment without what would lead to the user's own collector. */
export function isolatedEnv(dataDir: string): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && !entry[0].startsWith('MCP_VITALS');
  });
  return { ...Object.fromEntries(own), MCP_VITALS_DATA: dataDir };
}

/** Runs a command of `mcp-vitals` to its end. @throws Error with its output when it fails */
export async function runCommand(dataDir: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: isolatedEnv(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`mcp-vitals ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** @throws Error with the log's tail when it does not answer in time */
export async function startCollector({ dataDir, port }: CollectorOptions): Promise<Collector> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const logFile = join(dataDir, 'collector.log');
  const log = openSync(logFile, 'a');
  const args = ['serve', '--data-dir', dataDir, '--port', String(port)];
  const child = spawn(process.execPath, [COMMAND, ...args], { env: isolatedEnv(dataDir), stdio: ['ignore', log, log] });
  const logTail = () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  try {
    const url = await readyUrl(child, dataDir);
    return {
      url,
      dataDir,
      env: { ...isolatedEnv(dataDir), MCP_VITALS_URL: url },
      pageLink: async () => (await runCommand(dataDir, 'dashboard')).trim(),
      command: (...rest) => [process.execPath, COMMAND, ...rest],
      logTail,
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw new Error(`The collector did not start. The end of ${logFile}:\n${logTail()}`, { cause: error });
  }
}

/** Waits until the collector says where it listens and answers there. */
async function readyUrl(child: ChildProcess, dataDir: string): Promise<string> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    const url = await answeringUrl(dataDir);
    if (url !== undefined) return url;
    await sleep(POLL_MS);
  }
  throw new Error(`it did not answer within ${READY_WITHIN_MS / 1000} s`);
}

async function answeringUrl(dataDir: string): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, 'daemon.json'), 'utf8')) as { url: string };
    const { ok } = await fetch(new URL('/healthz', url));
    return ok ? url : undefined;
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(overdue);
}
