/**
 * What does `optimize_resources` bring an overloaded server, asked to act by itself, beside the best that a person could have set?
 * Each bottleneck is called in an open loop at 1.5 times what it can do; the collector plans, applies and watches meanwhile. Then
 * the same load under each fixed limit of a sweep, with the queue of the plan.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConcurrencyPolicy } from '@mcp-vitals/wire/decode';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import { runOpenLoop, summariseLoop } from './support/openLoop.ts';
import { CAPACITY, callsOf, type Optimised, optimise, startServer, type ToolName } from './support/optimisedServer.ts';
import { PolicyServer } from './support/policyServer.ts';

const OVERLOAD = 1.5;
const QUIET_MS = 5_000;
const BEFORE_MS = 10_000;
const WATCH_SECONDS = 60;
const SWEPT_MS = 12_000;
const FIXED_LIMITS = [1, 2, 4, 8, 16, 32];

/** Answers a second under a fixed limit, once it is in force. */
async function goodputUnder(tool: ToolName, concurrency: ConcurrencyPolicy): Promise<number> {
  const collector = new PolicyServer();
  const url = await collector.listen();
  collector.policies = [{ server: 'overloaded', version: 1, leaseMs: 10_000, tools: { [tool]: { concurrency } } }];
  const server = startServer({ url, token: () => 'none' }, { concurrency: true });
  try {
    await server.initialize();
    while (collector.newest?.controls?.[0]?.version !== 1) {
      await server.callTool('healthy');
      await sleep(100);
    }
    const perSecond = OVERLOAD * CAPACITY[tool];
    const calls = await runOpenLoop({ perSecond, durationMs: SWEPT_MS, call: callsOf(server, tool), drainMs: 5_000 });
    return summariseLoop(calls, SWEPT_MS / 4, SWEPT_MS).goodput;
  } finally {
    await server.end('SIGTERM');
    collector.close();
  }
}

async function bestGoodput(tool: ToolName, { answer }: Optimised): Promise<number> {
  const { settings } = answer.plans[0]!.actions.find(({ control }) => control === 'concurrency')!;
  const { maxQueued, maxWaitMs } = (settings as { concurrency: ConcurrencyPolicy }).concurrency;
  let best = 0;
  for (const limit of FIXED_LIMITS) best = Math.max(best, await goodputUnder(tool, { limit, maxQueued, maxWaitMs }));
  return best;
}

async function measure(tool: ToolName) {
  const perSecond = OVERLOAD * CAPACITY[tool];
  const optimised = await optimise({
    tool,
    perSecond,
    quietMs: QUIET_MS,
    beforeMs: BEFORE_MS,
    watchSeconds: WATCH_SECONDS,
  });
  const { before, after, policy } = optimised;
  const best = await bestGoodput(tool, optimised);
  const fall = (before.p99Ms ?? Number.NaN) / (after.p99Ms ?? Number.NaN);
  const share = after.goodput / best;
  const row = {
    bottleneck: tool,
    'p99 before, ms': Math.round(before.p99Ms ?? Number.NaN),
    'p99 after, ms': Math.round(after.p99Ms ?? Number.NaN),
    'answers/s before': Math.round(before.goodput),
    'answers/s after': Math.round(after.goodput),
    'best fixed limit, answers/s': Math.round(best),
    policy: policy?.state ?? 'none',
  };
  const targets: Target[] = [
    {
      target: `${tool}: p99 of answered calls falls at least 3 times`,
      value: `${fall.toFixed(1)} times`,
      met: fall >= 3,
    },
    {
      target: `${tool}: at least 95 % of the best fixed limit`,
      value: `${(100 * share).toFixed(1)} %`,
      met: share >= 0.95,
    },
  ];
  return { row, targets };
}

export async function run(): Promise<BenchResult> {
  const question = 'What does optimize_resources, balanced, bring a server that is asked for 1.5 times what it can do?';
  const rows: BenchResult['rows'] = [];
  const targets: Target[] = [];
  for (const tool of Object.keys(CAPACITY) as ToolName[]) {
    const measured = await measure(tool);
    rows.push(measured.row);
    targets.push(...measured.targets);
  }
  return { name: 'optimise', question, rows, targets };
}

await runWhenMain(import.meta.url, run);
