/**
 * Whether a comparison of two runs of a benchmark can be trusted: of a hundred pairs that are the same, how many are said to be
 * so, and of a hundred with a planted slow-down of 10 %, in how many it is found. Simulated runs, whose durations have a heavy
 * tail and a machine that is slow for a while; and real runs of a real server, `BENCH_PAIRS` of them (20).
 */
import { fileURLToPath } from 'node:url';
import type { Baseline, ToolRun } from '../packages/collector/src/baseline/baseline.ts';
import { type CompareOptions, compareBaselines } from '../packages/collector/src/baseline/compare/compareBaselines.ts';
import { type SimulatedLoad, simulatedBaseline } from '../packages/collector/src/baseline/compare/simulatedRuns.ts';
import { type OpenServer, openServer } from '../packages/collector/src/baseline/connect/openServer.ts';
import { runLoad } from '../packages/collector/src/baseline/load/runLoad.ts';
import { systemClock } from '../packages/collector/src/clock.ts';
import { type BenchResult, runWhenMain } from './result.ts';

const SIMULATED_PAIRS = 100;
const REAL_PAIRS = Number(process.env.BENCH_PAIRS ?? 20);
const FOUND_SHARE = 0.95;
const OPTIONS: CompareOptions = { percent: 5, minChangeMs: 1, confidencePercent: 99 };

/** The planted slow-down. */
const FACTOR = 1.1;
const USUAL_MS = 40;
const ROUNDS = 200;

interface Setting {
  runs: string;
  machine: string;
  calls: number;
  isPaired: boolean;
  /** Whether this many calls are documented to be enough. */
  isEnough: boolean;
}

interface Counts {
  same: number;
  found: number;
  pairs: number;
}

const isUnchanged = (before: Baseline, now: Baseline, isPaired: boolean) =>
  compareBaselines(before, now, { ...OPTIONS, isPaired }).tools[0]!.metrics.every(
    ({ verdict }) => verdict === 'same' || verdict === 'unknown',
  );

const isFound = (before: Baseline, now: Baseline, isPaired: boolean) =>
  compareBaselines(before, now, { ...OPTIONS, isPaired }).isWorse;

const SIMULATED: readonly (Setting & { drift: number })[] = [
  ...[3_000, 6_000, 12_000].map((calls) => simulated('usual, 3 %', 0.03, calls, false, calls === 12_000)),
  ...[1_500, 3_000].map((calls) => simulated('usual, 3 %', 0.03, calls, true, calls === 3_000)),
  ...[12_000].map((calls) => simulated('busy, 8 %', 0.08, calls, false, false)),
  ...[3_000, 6_000].map((calls) => simulated('busy, 8 %', 0.08, calls, true, calls === 6_000)),
];

function simulated(machine: string, drift: number, calls: number, isPaired: boolean, isEnough: boolean) {
  return { runs: 'simulated', machine, drift, calls, isPaired, isEnough };
}

function countSimulated({ drift, calls, isPaired }: (typeof SIMULATED)[number]): Counts {
  const counts = { same: 0, found: 0, pairs: SIMULATED_PAIRS };
  for (let pair = 0; pair < SIMULATED_PAIRS; pair++) {
    const load: SimulatedLoad = {
      ...{
        calls,
        rounds: ROUNDS,
        tools: 1,
        fastestMs: USUAL_MS,
        drift,
        persistence: isPaired ? 0.9 : 0.8,
        tailShare: 0.02,
      },
      ...(isPaired && { weatherSeed: 7_919 * pair + 5 }),
    };
    const before = simulatedBaseline(3 * pair, load);
    if (isUnchanged(before, simulatedBaseline(3 * pair + 1, load), isPaired)) counts.same += 1;
    if (isFound(before, simulatedBaseline(3 * pair + 2, { ...load, factor: FACTOR }), isPaired)) counts.found += 1;
  }
  return counts;
}

const REAL: readonly Setting[] = [
  { runs: 'real', machine: 'this one', calls: 12_000, isPaired: false, isEnough: true },
  { runs: 'real', machine: 'this one', calls: 6_000, isPaired: true, isEnough: true },
];
const CALLERS = 32;
const TIMED = fileURLToPath(new URL('../tests/bench/servers/timed.mjs', import.meta.url));

async function countReal({ calls, isPaired }: Setting): Promise<Counts> {
  const counts = { same: 0, found: 0, pairs: REAL_PAIRS };
  for (let pair = 0; pair < REAL_PAIRS; pair++) {
    const delaysMs = [USUAL_MS, USUAL_MS, USUAL_MS * FACTOR];
    const servers = await Promise.all(delaysMs.map((delayMs) => open(delayMs)));
    const [first, second, slower] = servers as [OpenServer, OpenServer, OpenServer];
    if (isPaired) {
      const [before, same] = await runs([first, second], calls, pair);
      if (isUnchanged(before!, same!, true)) counts.same += 1;
      const [again, slow] = await runs([first, slower], calls, pair);
      if (isFound(again!, slow!, true)) counts.found += 1;
    } else {
      const [[before], [same], [slow]] = [
        await runs([first], calls, pair),
        await runs([second], calls, pair),
        await runs([slower], calls, pair),
      ];
      if (isUnchanged(before!, same!, false)) counts.same += 1;
      if (isFound(before!, slow!, false)) counts.found += 1;
    }
    await Promise.all(servers.map((server) => server.close()));
    console.error(`${isPaired ? 'in turn' : 'in a row'}: ${counts.same} same, ${counts.found} found of ${pair + 1}`);
  }
  return counts;
}

function open(delayMs: number): Promise<OpenServer> {
  const address = {
    command: process.execPath,
    args: [TIMED, String(delayMs)],
    env: { ...process.env, MCP_VITALS: 'off' },
  };
  return openServer({ address, startMs: 30_000, version: 'bench', signal: new AbortController().signal });
}

/** Of the servers together, in turn. */
async function runs(servers: readonly OpenServer[], calls: number, seed: number): Promise<Baseline[]> {
  const variants = [{ arguments: { id: 7 }, times: 1 }];
  const { runs: byServer } = await runLoad({
    tools: servers.map((target) => ({ target, tool: 'steady', calls, variants })),
    pace: { kind: 'closed', callers: CALLERS },
    warmUpCalls: CALLERS,
    rounds: ROUNDS,
    timeoutMs: 10_000,
    maxToolMs: Number.POSITIVE_INFINITY,
    seed,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return servers.map((server) => baselineOf(byServer.get(server)!.tools[0]!));
}

/** As a simulated one, but for what was measured. */
function baselineOf(run: ToolRun): Baseline {
  return { ...simulatedBaseline(0, { calls: 1, tools: 1 }), tools: [run] };
}

function rowOf({ runs: kind, machine, calls, isPaired }: Setting, { same, found, pairs }: Counts) {
  return {
    runs: kind,
    machine,
    made: isPaired ? 'in turn' : 'one after the other',
    'calls of each': calls,
    'same: no change': `${same}/${pairs}`,
    '10 % slower: found': `${found}/${pairs}`,
  };
}

async function run(): Promise<BenchResult> {
  const counted: { setting: Setting; counts: Counts }[] = [];
  for (const setting of SIMULATED) counted.push({ setting, counts: countSimulated(setting) });
  for (const setting of REAL) counted.push({ setting, counts: await countReal(setting) });
  const targets = counted
    .filter(({ setting }) => setting.isEnough)
    .map(({ setting, counts: { same, found, pairs } }) => ({
      target: `${setting.runs}, ${setting.machine}, ${setting.isPaired ? 'in turn' : 'one after the other'}, ${setting.calls} calls: 95 of 100 of both`,
      value: `${same} and ${found} of ${pairs}`,
      met: Math.min(same, found) >= FOUND_SHARE * pairs,
    }));
  return {
    name: 'benchmarkCompare',
    question: 'Is what is the same said to be the same, and a slow-down of 10 % found?',
    rows: counted.map(({ setting, counts }) => rowOf(setting, counts)),
    targets,
    notes: [
      'Simulated: log-normal durations around 40 ms, 2 % of them with a Pareto tail of shape 1.5 up to 50 times; the machine drifts by 3 or 8 % (standard deviation), and in the next of 200 rounds nine tenths of it are left; eight where runs are made one after the other, which take twice as long.',
      'Real: a server that waits for 40 or 44 ms, called by 32 callers; three processes of it for each pair.',
    ],
  };
}

await runWhenMain(import.meta.url, run);
