/**
 * What do controls save of an overloaded server? One bottleneck per tool, each called in an open loop at one and a half times
 * of what it can do: as written, under each fixed limit of a sweep, and under the adaptive limit, which is told nothing of
 * them. The server is a process of its own, and the policy comes from an HTTP server that answers its batches.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ToolPolicy } from '@mcp-vitals/wire/decode';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import { median } from './support/median.ts';
import { type LoopSummary, runOpenLoop, summariseLoop } from './support/openLoop.ts';
import { PolicyServer } from './support/policyServer.ts';
import { StdioServer } from './support/stdioServer.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SERVER = fileURLToPath(new URL('support/overloadedServer.mjs', import.meta.url));

const OVERLOAD = 1.5;
const WARM_UP_MS = 8_000;
const MEASURED_MS = 6_000;
const DRAIN_MS = 10_000;
const LEASE_MS = 5_000;
const FIXED_LIMITS = [1, 4, 8, 16, 32];

/** Calls a second that each can do, by what it is made of. */
const TOOLS = { cpu: 100, pool: 400, lock: 200, thrash: 200 } as const;
type ToolName = keyof typeof TOOLS;

/** Nowhere near what it can do: a limit must not be noticed. */
const HEALTHY = 'healthy';
const HEALTHY_PER_SECOND = 100;
const HEALTHY_ROUNDS = 3;
const BEARABLE = 1.03;

const QUEUE = { maxQueued: 200, maxWaitMs: 200 };
const ADAPTIVE = { limit: 4, adaptive: { min: 1, max: 128 }, ...QUEUE };

interface Setting {
  name: string;
  policy: ToolPolicy | undefined;
}

const AS_WRITTEN: Setting = { name: 'as written', policy: undefined };
const ADAPTED: Setting = { name: 'adaptive', policy: { concurrency: ADAPTIVE } };
const SETTINGS: readonly Setting[] = [
  AS_WRITTEN,
  ...FIXED_LIMITS.map((limit) => ({ name: `fixed ${limit}`, policy: { concurrency: { limit, ...QUEUE } } })),
  ADAPTED,
  { name: 'adaptive, shed', policy: { concurrency: ADAPTIVE, shed: { targetWaitMs: 50 } } },
];

/** A server of its own for each measurement: the backlog of one would be the load of the next. */
async function withServer<Result>(
  { policy }: Setting,
  tool: string,
  sdk: 'v1' | 'v2',
  run: (server: StdioServer) => Promise<Result>,
): Promise<Result> {
  const data = mkdtempSync(join(tmpdir(), 'mcp-vitals-bench-'));
  const collector = new PolicyServer();
  const url = await collector.listen();
  if (policy !== undefined) {
    collector.policies = [{ server: 'overloaded', version: 1, leaseMs: LEASE_MS, tools: { [tool]: policy } }];
  }
  const controls = JSON.stringify({ concurrency: true, shed: true });
  const environment = { ...process.env, MCP_VITALS_DATA: data, MCP_VITALS_URL: url, SDK: sdk, CONTROLS: controls };
  const server = new StdioServer([SERVER], ROOT, environment);
  try {
    await server.initialize();
    await server.callTool('healthy');
    while (policy !== undefined && collector.newest?.controls?.[0]?.version !== 1) {
      await server.callTool('healthy');
      await sleep(100);
    }
    return await run(server);
  } finally {
    await server.end('SIGTERM');
    collector.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function callsUnder(server: StdioServer, tool: string, perSecond: number) {
  return runOpenLoop({
    perSecond,
    durationMs: WARM_UP_MS + MEASURED_MS,
    drainMs: DRAIN_MS,
    async call() {
      const answer = await server.callTool(tool);
      return answer !== undefined && !answer.includes('"isError":true');
    },
  });
}

async function measure(setting: Setting, tool: string, perSecond: number, sdk: 'v1' | 'v2'): Promise<LoopSummary> {
  return withServer(setting, tool, sdk, async (server) => {
    const calls = await callsUnder(server, tool, perSecond);
    return summariseLoop(calls, WARM_UP_MS, WARM_UP_MS + MEASURED_MS);
  });
}

interface Measured {
  tool: string;
  setting: string;
  summary: LoopSummary;
}

function row({ tool, setting, summary }: Measured): BenchResult['rows'][number] {
  const ms = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0));
  return {
    tool,
    setting,
    'good answers per second': summary.goodput.toFixed(1),
    'p50 ms': ms(summary.p50Ms),
    'p99 ms': ms(summary.p99Ms),
    'refused %': (summary.failedShare * 100).toFixed(0),
  };
}

function targetsOf(tool: string, measured: readonly Measured[]): Target[] {
  const of = (name: string) => measured.find((one) => one.tool === tool && one.setting === name)!.summary;
  const best = Math.max(...FIXED_LIMITS.map((limit) => of(`fixed ${limit}`).goodput));
  return [ADAPTED.name, 'adaptive, shed'].flatMap((name) => {
    // As written, a backlog may have grown so long that no client got an answer in time.
    const fall = (of(AS_WRITTEN.name).p99Ms ?? Number.POSITIVE_INFINITY) / of(name).p99Ms!;
    const share = of(name).goodput / best;
    return [
      {
        target: `${tool}, ${name}: p99 of good answers falls at least 3 times`,
        value: fall.toFixed(1),
        met: fall >= 3,
      },
      {
        target: `${tool}, ${name}: goodput as a share of that of the best fixed limit, at least 0.95`,
        value: share.toFixed(3),
        met: share >= 0.95,
      },
    ];
  });
}

/** As written and under control in turn; the medians of the rounds. */
async function measureHealthy(): Promise<Measured[]> {
  const rounds: Record<string, LoopSummary[]> = { [AS_WRITTEN.name]: [], [ADAPTED.name]: [] };
  for (let round = 0; round < HEALTHY_ROUNDS; round += 1) {
    for (const setting of [AS_WRITTEN, ADAPTED]) {
      rounds[setting.name]!.push(await measure(setting, HEALTHY, HEALTHY_PER_SECOND, 'v1'));
    }
  }
  return Object.entries(rounds).map(([setting, summaries]) => {
    const over = (pick: (summary: LoopSummary) => number) => median(summaries.map(pick));
    const p50Ms = over(({ p50Ms: ms }) => ms ?? Number.POSITIVE_INFINITY);
    const p99Ms = over(({ p99Ms: ms }) => ms ?? Number.POSITIVE_INFINITY);
    const goodput = over((summary) => summary.goodput);
    const failedShare = over((summary) => summary.failedShare);
    return { tool: HEALTHY, setting, summary: { goodput, p50Ms, p99Ms, failedShare } };
  });
}

function healthyTargets([written, adapted]: readonly Measured[]): Target[] {
  const slower = adapted!.summary.p50Ms! / written!.summary.p50Ms!;
  const less = written!.summary.goodput / adapted!.summary.goodput;
  return [
    {
      target: `healthy: p50 under a limit as a share of that as written, at most ${BEARABLE}`,
      value: slower.toFixed(3),
      met: slower <= BEARABLE,
    },
    {
      target: `healthy: goodput as written as a share of that under a limit, at most ${BEARABLE}`,
      value: less.toFixed(3),
      met: less <= BEARABLE,
    },
  ];
}

export async function run(): Promise<BenchResult> {
  const measured: Measured[] = [];
  for (const tool of Object.keys(TOOLS) as ToolName[]) {
    for (const setting of SETTINGS) {
      const summary = await measure(setting, tool, TOOLS[tool] * OVERLOAD, tool === 'lock' ? 'v2' : 'v1');
      measured.push({ tool, setting: setting.name, summary });
    }
  }
  const healthy = await measureHealthy();
  return {
    name: 'overload',
    question: `What do controls save of an overloaded server? Calls in an open loop at ${OVERLOAD} times of what a tool can do, for ${(WARM_UP_MS + MEASURED_MS) / 1_000} s, the second half counts.`,
    rows: [...measured, ...healthy].map(row),
    targets: [...Object.keys(TOOLS).flatMap((tool) => targetsOf(tool, measured)), ...healthyTargets(healthy)],
  };
}

await runWhenMain(import.meta.url, run);
