/**
 * What do controls save of an overloaded server? One bottleneck per tool, each called in an open loop at one and a half times
 * of what it can do: as written, under each fixed limit of a sweep, and under the adaptive limit, which is told nothing of
 * them. Every setting has a server process of its own, and they take turns, because a limit that has adapted itself stays as
 * it is while no call waits.
 *
 *     BENCH_TOOLS=cpu,thrash npm run bench -- overload     only these tools
 */
import { fileURLToPath } from 'node:url';
import type { ToolPolicy } from '@mcp-vitals/wire/decode';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import { chosenTools } from './support/chosenTools.ts';
import { type LoopCall, type LoopSummary, runOpenLoop, summariseLoop, summariseSlices } from './support/openLoop.ts';
import { bestInOtherRounds, type Quotient, quotientOf, takeTurns } from './support/takeTurns.ts';
import { isAnswered, type ServerUnderPolicy, startUnderPolicy } from './support/underPolicy.ts';

const SERVER = fileURLToPath(new URL('support/overloadedServer.mjs', import.meta.url));

const OVERLOAD = 1.5;
/** As long as an adaptive limit has to find its way. */
const WARM_UP_MS = 8_000;
const AS_WRITTEN_MS = 8_000;
const ROUNDS = 5;
const SLICE_MS = 1_600;
/** Until the queue of a slice is as long as it gets. */
const FILL_MS = 500;
const DRAIN_MS = 5_000;
const FIXED_LIMITS = [1, 4, 8, 16, 32];

/** Calls a second that each can do, by what it is made of. */
const CAPACITY = { cpu: 100, pool: 400, lock: 200, thrash: 200 } as const;
type ToolName = keyof typeof CAPACITY;

const QUEUE = { maxQueued: 200, maxWaitMs: 200 };
const ADAPTIVE = { limit: 4, adaptive: { min: 1, max: 128 }, ...QUEUE };

const fixed = (limit: number) => `fixed ${limit}`;
const FIXED: Readonly<Record<string, ToolPolicy>> = Object.fromEntries(
  FIXED_LIMITS.map((limit) => [fixed(limit), { concurrency: { limit, ...QUEUE } }]),
);
const ADAPTING: Readonly<Record<string, ToolPolicy>> = {
  adaptive: { concurrency: ADAPTIVE },
  'adaptive, shed': { concurrency: ADAPTIVE, shed: { targetWaitMs: 50 } },
};

function start(tool: ToolName, policy: ToolPolicy | undefined): Promise<ServerUnderPolicy> {
  return startUnderPolicy({
    args: [SERVER],
    env: { SDK: tool === 'lock' ? 'v2' : 'v1' },
    name: 'overloaded',
    tools: policy && { [tool]: policy },
    probe: 'healthy',
  });
}

function load({ server }: ServerUnderPolicy, tool: ToolName, durationMs: number): Promise<LoopCall[]> {
  const perSecond = OVERLOAD * CAPACITY[tool];
  return runOpenLoop({ perSecond, durationMs, drainMs: DRAIN_MS, call: () => isAnswered(server, tool) });
}

/** By itself: its backlog would be the load of whatever comes next. */
async function measureAsWritten(tool: ToolName): Promise<LoopSummary> {
  const server = await start(tool, undefined);
  try {
    return summariseLoop(await load(server, tool, AS_WRITTEN_MS), AS_WRITTEN_MS / 2, AS_WRITTEN_MS);
  } finally {
    await server.end();
  }
}

/** Slices by round, of each setting. */
async function measureLimited(tool: ToolName): Promise<Map<string, LoopCall[][]>> {
  const servers = new Map<string, ServerUnderPolicy>();
  try {
    for (const [name, policy] of Object.entries({ ...FIXED, ...ADAPTING }))
      servers.set(name, await start(tool, policy));
    for (const [name, server] of servers) await load(server, tool, name in ADAPTING ? WARM_UP_MS : SLICE_MS);
    const slices = [...servers].map(([name, server]) => [name, () => load(server, tool, SLICE_MS)] as const);
    return await takeTurns(new Map(slices), ROUNDS);
  } finally {
    for (const server of servers.values()) await server.end();
  }
}

interface Measured {
  tool: ToolName;
  asWritten: LoopSummary;
  limited: ReadonlyMap<string, LoopSummary>;
  /** Of an adaptive limit, what is answered well as a share of that under the best fixed limit. */
  shares: ReadonlyMap<string, Quotient>;
}

async function measure(tool: ToolName): Promise<Measured> {
  const asWritten = await measureAsWritten(tool);
  const slices = await measureLimited(tool);
  const goodputs = (name: string) => slices.get(name)!.map((slice) => summariseLoop(slice, FILL_MS, SLICE_MS).goodput);
  const best = bestInOtherRounds(Object.keys(FIXED).map(goodputs));
  return {
    tool,
    asWritten,
    limited: new Map([...slices].map(([name, rounds]) => [name, summariseSlices(rounds, FILL_MS, SLICE_MS)])),
    shares: new Map(Object.keys(ADAPTING).map((name) => [name, quotientOf(goodputs(name), best)])),
  };
}

function rowsOf({ tool, asWritten, limited, shares }: Measured): BenchResult['rows'] {
  const ms = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0));
  return [['as written', asWritten] as const, ...limited].map(([setting, summary]) => {
    const share = shares.get(setting);
    return {
      tool,
      setting,
      'good answers per second': summary.goodput.toFixed(1),
      'p50 ms': ms(summary.p50Ms),
      'p99 ms': ms(summary.p99Ms),
      'refused %': (summary.failedShare * 100).toFixed(0),
      'of the best fixed': share === undefined ? '' : `${share.median.toFixed(3)} ± ${share.error.toFixed(3)}`,
    };
  });
}

function targetsOf({ tool, asWritten, limited, shares }: Measured): Target[] {
  return [...shares].flatMap(([name, { median: share }]) => {
    // As written, a backlog may have grown so long that no client got an answer in time.
    const fall = (asWritten.p99Ms ?? Number.POSITIVE_INFINITY) / limited.get(name)!.p99Ms!;
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

export async function run(): Promise<BenchResult> {
  const measured: Measured[] = [];
  for (const tool of chosenTools(Object.keys(CAPACITY) as ToolName[])) measured.push(await measure(tool));
  return {
    name: 'overload',
    question: `What do controls save of an overloaded server? Calls in an open loop at ${OVERLOAD} times of what a tool can do: as written for ${AS_WRITTEN_MS / 1_000} s, of which the second half counts; under limits in ${ROUNDS} slices of ${SLICE_MS / 1_000} s in turn, after ${WARM_UP_MS / 1_000} s in which an adaptive limit may find its way.`,
    rows: measured.flatMap(rowsOf),
    targets: measured.flatMap(targetsOf),
    notes: [
      'The share of the best fixed limit is the median of the rounds, with its standard error. Which limit is the best is taken from the other rounds each time: the best of five in the same round is the luckiest as well.',
    ],
  };
}

await runWhenMain(import.meta.url, run);
