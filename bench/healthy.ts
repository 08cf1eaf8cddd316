/**
 * Does a limit hurt servers that are well? The three healthy servers of `examples/bottlenecks/`, each as written and under an
 * adaptive limit, in the rush of their load. The two get the same calls at the same times, slice by slice in turn, so that
 * what differs between them is the policy, and what the machine does meanwhile falls on both.
 */
import { fileURLToPath } from 'node:url';
import type { ToolPolicy } from '@mcp-vitals/wire/decode';
import { arrivalsOf } from '../examples/bottlenecks/load/drive.ts';
import { STORIES, type StoryName } from '../examples/bottlenecks/stories/stories.ts';
import { Random } from '../scripts/demo/random.ts';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import { median } from './support/median.ts';
import { type LoopCall, type LoopSummary, runArrivals, summariseLoop } from './support/openLoop.ts';
import { type Quotient, quotientOf, takeTurns } from './support/takeTurns.ts';
import { isAnswered, startUnderPolicy } from './support/underPolicy.ts';

const SERVER = fileURLToPath(new URL('support/storyServer.ts', import.meta.url));

const HEALTHY = ['healthyFast', 'healthyBusy', 'healthySlow'] as const satisfies readonly StoryName[];
type Healthy = (typeof HEALTHY)[number];

const SEED = 1;
const ROUNDS = 24;
const SLICE_MS = 2_000;
const DRAIN_MS = 3_000;
const BEARABLE = 1.03;

const AS_WRITTEN = 'as written';
const LIMITED = 'adaptive limit';
const QUEUE = { maxQueued: 200, maxWaitMs: 200 };
const POLICIES: Readonly<Record<string, ToolPolicy | undefined>> = {
  [AS_WRITTEN]: undefined,
  [LIMITED]: { concurrency: { limit: 32, adaptive: { min: 16, max: 64 }, ...QUEUE } },
};

/** When each call of a slice begins, and of which tool. */
function callsOf(story: Healthy, round: number): { atMs: number; tool: string }[] {
  const { phases } = STORIES[story].plan(new Random(SEED));
  const rush = phases[phases.length >> 1]!;
  const phase = { ...rush, seconds: SLICE_MS / 1_000 };
  return arrivalsOf([phase], new Random(round + 1)).map(({ atMs, script }) => ({ atMs, tool: script.tools[0]! }));
}

/** Slices by round, as written and under the limit. */
async function playInTurn(story: Healthy): Promise<Map<string, LoopCall[][]>> {
  const slices = new Map<string, (round: number) => Promise<LoopCall[]>>();
  const ends: (() => Promise<void>)[] = [];
  try {
    for (const [name, policy] of Object.entries(POLICIES)) {
      const args = ['--import', 'tsx', SERVER, story, String(SEED)];
      const tools = policy && { '*': policy };
      const { server, end } = await startUnderPolicy({ args, name: 'story', tools, probe: 'probe' });
      ends.push(end);
      slices.set(name, (round) => {
        const calls = callsOf(story, round);
        const call = (index: number) => isAnswered(server, calls[index]!.tool);
        const arrivalsMs = calls.map(({ atMs }) => atMs);
        return runArrivals(arrivalsMs, call, DRAIN_MS);
      });
    }
    await takeTurns(slices, 1);
    return await takeTurns(slices, ROUNDS);
  } finally {
    for (const end of ends) await end();
  }
}

const MEASURES: Readonly<Record<string, (summary: LoopSummary) => number>> = {
  'p50 ms': ({ p50Ms }) => p50Ms ?? Number.POSITIVE_INFINITY,
  'p99 ms': ({ p99Ms }) => p99Ms ?? Number.POSITIVE_INFINITY,
  // Per call, so that more is worse here as well.
  'ms per good answer': ({ goodput }) => 1_000 / goodput,
};

interface Compared {
  story: Healthy;
  measure: string;
  /** Medians of the rounds. */
  medians: Readonly<Record<string, number>>;
  /** Under the limit by as written. */
  worse: Quotient;
}

async function compare(story: Healthy): Promise<Compared[]> {
  const slices = await playInTurn(story);
  const summaries = (name: string) => slices.get(name)!.map((calls) => summariseLoop(calls, 0, SLICE_MS + DRAIN_MS));
  const [written, limited] = [summaries(AS_WRITTEN), summaries(LIMITED)];
  return Object.entries(MEASURES).map(([measure, of]) => ({
    story,
    measure,
    medians: { [AS_WRITTEN]: median(written.map(of)), [LIMITED]: median(limited.map(of)) },
    worse: quotientOf(limited.map(of), written.map(of)),
  }));
}

function row({ story, measure, medians, worse }: Compared): BenchResult['rows'][number] {
  const shown = Object.entries(medians).map(([name, value]) => [name, value.toFixed(1)] as const);
  const quotient = `${worse.median.toFixed(3)} ± ${worse.error.toFixed(3)}`;
  return { server: story, measure, ...Object.fromEntries(shown), 'limit by as written': quotient };
}

function targetOf({ story, measure, worse }: Compared): Target {
  return {
    target: `${story}: ${measure} under the limit by that as written, at most ${BEARABLE}`,
    value: `${worse.median.toFixed(3)} ± ${worse.error.toFixed(3)}`,
    met: worse.median <= BEARABLE,
  };
}

export async function run(): Promise<BenchResult> {
  const compared: Compared[] = [];
  for (const story of HEALTHY) compared.push(...(await compare(story)));
  return {
    name: 'healthy',
    question: `Does a limit hurt servers that are well? The rush of each healthy example, in ${ROUNDS} slices of ${SLICE_MS / 1_000} s as written and as many under an adaptive limit that begins at 32.`,
    rows: compared.map(row),
    targets: compared.map(targetOf),
    notes: [
      'Quotients are the medians of rounds, with their standard errors. `optimize_resources` asks for no limit here in the first place; what is measured is what one in force costs.',
    ],
  };
}

await runWhenMain(import.meta.url, run);
