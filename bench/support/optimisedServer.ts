/** An overloaded server, a real collector that may apply what the server permits, and calls that keep coming meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type CollectorProcess,
  isolatedEnvironment,
  startCollectorProcess,
  temporaryDirectory,
} from './collectorProcess.ts';
import { type LoopCall, type LoopSummary, runOpenLoop, summariseLoop } from './openLoop.ts';
import { StdioServer } from './stdioServer.ts';
import { isAnswered } from './underPolicy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const SERVER = fileURLToPath(new URL('overloadedServer.mjs', import.meta.url));

/** Calls a second that each can do, by what it is made of. */
export const CAPACITY = { cpu: 100, pool: 400, lock: 200, thrash: 200 } as const;
export type ToolName = keyof typeof CAPACITY;

export interface Optimised {
  /** What `optimize_resources` answered. */
  answer: OptimizeAnswer;
  before: LoopSummary;
  after: LoopSummary;
  /** What became of the policy, once its time was over. */
  policy: PolicyAnswer | undefined;
  /** More calls under what the policy has become, for as long as `run` of `optimise` goes on. */
  load(durationMs: number): Promise<LoopCall[]>;
}

interface OptimizeAnswer {
  plans: { verdict: string; actions: { control: string; settings: Record<string, unknown> }[] }[];
  applied: { version: number }[];
  notApplied: { reason: string }[];
}

interface PolicyAnswer {
  version: number;
  state: string;
  outcome?: { reason: string; changes: { metric: string; changePercent: number; verdict: string }[] };
}

export interface OptimiseOptions {
  tool: ToolName;
  perSecond: number;
  quietMs: number;
  beforeMs: number;
  watchSeconds: number;
}

const COLLECTOR_FLAGS = ['optimization.autoApply=true', 'optimization.minWatchSeconds=1'].flatMap((setting) => [
  '--set',
  setting,
]);

async function ask<T>(collector: CollectorProcess, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(collector.url + path, {
    method,
    headers: { authorization: `Bearer ${collector.token('admin')}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

function startServer(collector: Pick<CollectorProcess, 'url' | 'token'>, controls: object): StdioServer {
  const environment = {
    ...isolatedEnvironment(temporaryDirectory()),
    MCP_VITALS_URL: collector.url,
    MCP_VITALS_TOKEN: collector.token('ingest'),
    CONTROLS: JSON.stringify(controls),
  };
  return new StdioServer([SERVER], ROOT, environment);
}

/**
 * Calls without a break: quiet ones, then too many, and while they go on the collector is asked to do something about it.
 * Then `run` is given what came of it, while server and collector are still there.
 */
export async function optimise<Result>(
  { tool, perSecond, quietMs, beforeMs, watchSeconds }: OptimiseOptions,
  run: (optimised: Optimised) => Promise<Result>,
): Promise<Result> {
  const collector = await startCollectorProcess(COLLECTOR_FLAGS);
  const server = startServer(collector, { concurrency: true, shed: true });
  try {
    await server.initialize();
    const call = () => isAnswered(server, tool);
    await runOpenLoop({ perSecond: 0.5 * CAPACITY[tool], durationMs: quietMs, call, drainMs: 1_000 });
    const afterMs = 1_000 * watchSeconds + 4_000;
    const loop = runOpenLoop({ perSecond, durationMs: beforeMs + afterMs, call, drainMs: 12_000 });
    await sleep(beforeMs);
    const { structuredContent: answer } = await ask<{ structuredContent: OptimizeAnswer }>(
      collector,
      'POST',
      '/api/v1/tools/optimize_resources',
      {
        scope: 'server',
        mcpServer: 'overloaded',
        autoApply: true,
        monitoringSeconds: watchSeconds,
      },
    );
    const calls: LoopCall[] = await loop;
    const { history } = await ask<{ history: PolicyAnswer[] }>(collector, 'GET', '/api/v1/optimizations');
    return await run({
      answer,
      load: (durationMs) => runOpenLoop({ perSecond, durationMs, call, drainMs: 3_000 }),
      before: summariseLoop(calls, beforeMs / 2, beforeMs),
      after: summariseLoop(calls, beforeMs + afterMs / 2, beforeMs + afterMs),
      policy: history[0],
    });
  } finally {
    await server.end('SIGTERM');
    await collector.stop();
  }
}
