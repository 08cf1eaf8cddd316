/**
 * What does `optimize_resources` bring an overloaded server, asked to act by itself, beside the best that a person could have set?
 * Each bottleneck is called in an open loop at 1.5 times what it can do; the collector plans, applies and watches meanwhile. Then
 * the server and others under each fixed limit of a sweep, with the queue of the plan, take turns under the same load.
 *
 *     BENCH_TOOLS=cpu npm run bench -- optimise     only these tools
 */
import type { ConcurrencyPolicy } from '@mcp-vitals/wire/decode';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import { chosenTools } from './support/chosenTools.ts';
import { type LoopCall, runOpenLoop, summariseLoop } from './support/openLoop.ts';
import { CAPACITY, type Optimised, optimise, SERVER, type ToolName } from './support/optimisedServer.ts';
import { bestInOtherRounds, type Quotient, quotientOf, takeTurns } from './support/takeTurns.ts';
import { isAnswered, type ServerUnderPolicy, startUnderPolicy } from './support/underPolicy.ts';

const OVERLOAD = 1.5;
const QUIET_MS = 5_000;
const BEFORE_MS = 10_000;
const WATCH_SECONDS = 30;
const ROUNDS = 4;
const SLICE_MS = 1_600;
/** Until the queue of a slice is as long as it gets. */
const FILL_MS = 500;
const FIXED_LIMITS = [1, 4, 8, 16, 32];
const OPTIMISED = 'optimised';

type Load = (durationMs: number) => Promise<LoopCall[]>;

/** Servers under each fixed limit, with the queue of the plan, handed to `run` as what loads them. */
async function underFixedLimits<Result>(
  tool: ToolName,
  { maxQueued, maxWaitMs }: ConcurrencyPolicy,
  run: (loads: ReadonlyMap<string, Load>) => Promise<Result>,
): Promise<Result> {
  const servers: ServerUnderPolicy[] = [];
  const loads = new Map<string, Load>();
  const perSecond = OVERLOAD * CAPACITY[tool];
  try {
    for (const limit of FIXED_LIMITS) {
      const tools = { [tool]: { concurrency: { limit, maxQueued, maxWaitMs } } };
      const started = await startUnderPolicy({ args: [SERVER], name: 'overloaded', tools, probe: 'healthy' });
      servers.push(started);
      const call = () => isAnswered(started.server, tool);
      loads.set(`fixed ${limit}`, (durationMs) => runOpenLoop({ perSecond, durationMs, call, drainMs: 3_000 }));
    }
    return await run(loads);
  } finally {
    for (const server of servers) await server.end();
  }
}

interface BesideFixed {
  share: Quotient;
  /** Of the best fixed limit, on average of the rounds. */
  best: number;
}

/** What is answered as a share of that under the best fixed limit; undefined where no limit was planned. */
async function besideFixed(tool: ToolName, { answer, load }: Optimised): Promise<BesideFixed | undefined> {
  const action = answer.plans[0]?.actions.find(({ control }) => control === 'concurrency');
  if (action === undefined) return undefined;
  const { concurrency } = action.settings as { concurrency: ConcurrencyPolicy };
  return underFixedLimits(tool, concurrency, async (loads) => {
    for (const warmUp of loads.values()) await warmUp(SLICE_MS);
    const slices = [...loads, [OPTIMISED, load] as const].map(([name, one]) => {
      const slice = async () => summariseLoop(await one(SLICE_MS), FILL_MS, SLICE_MS).goodput;
      return [name, slice] as const;
    });
    const goodputs = await takeTurns(new Map(slices), ROUNDS);
    const best = bestInOtherRounds([...loads.keys()].map((name) => goodputs.get(name)!));
    const share = quotientOf(goodputs.get(OPTIMISED)!, best);
    return { share, best: best.reduce((sum, one) => sum + one, 0) / best.length };
  });
}

async function measure(tool: ToolName) {
  const options = {
    tool,
    perSecond: OVERLOAD * CAPACITY[tool],
    quietMs: QUIET_MS,
    beforeMs: BEFORE_MS,
    watchSeconds: WATCH_SECONDS,
  };
  return optimise(options, async (optimised) => resultOf(tool, optimised, await besideFixed(tool, optimised)));
}

function resultOf(tool: ToolName, { answer, before, after, policy }: Optimised, beside: BesideFixed | undefined) {
  const fall = (before.p99Ms ?? Number.NaN) / (after.p99Ms ?? Number.NaN);
  const shown =
    beside === undefined
      ? `no limit was planned: ${answer.plans[0]?.verdict}`
      : `${(100 * beside.share.median).toFixed(1)} ± ${(100 * beside.share.error).toFixed(1)} %`;
  const row = {
    bottleneck: tool,
    'p99 before, ms': Math.round(before.p99Ms ?? Number.NaN),
    'p99 after, ms': Math.round(after.p99Ms ?? Number.NaN),
    'answers/s before': Math.round(before.goodput),
    'answers/s after': Math.round(after.goodput),
    'best fixed limit, answers/s': beside === undefined ? '' : Math.round(beside.best),
    'of the best fixed': shown,
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
      value: shown,
      met: beside !== undefined && beside.share.median >= 0.95,
    },
  ];
  return { row, targets };
}

export async function run(): Promise<BenchResult> {
  const question = 'What does optimize_resources, balanced, bring a server that is asked for 1.5 times what it can do?';
  const rows: BenchResult['rows'] = [];
  const targets: Target[] = [];
  for (const tool of chosenTools(Object.keys(CAPACITY) as ToolName[])) {
    const measured = await measure(tool);
    rows.push(measured.row);
    targets.push(...measured.targets);
  }
  const notes = [
    'Of `thrash` 3,000 calls are under way when the plan is made, none of which ever ends: a limit for new calls helps after a restart alone.',
  ];
  return { name: 'optimise', question, rows, targets, notes };
}

await runWhenMain(import.meta.url, run);
