/** Runs as they would come from a machine that is slower and faster for a while; for tests. */
import { Digest } from '@mcp-vitals/sketch';
import type { Baseline, Round, ToolRun } from '../baseline.ts';
import { callsOfRound, randomSource } from '../load/schedule.ts';

export interface SimulatedLoad {
  calls: number;
  rounds?: number;
  tools?: number;
  /** Of the first tool. */
  fastestMs?: number;
  /** By which the last tools are slower, and how many of them. */
  factor?: number;
  slower?: number;
  /** Standard deviation of the logarithm of a duration; 0.25: the p95 is one and a half times the p50. */
  spread?: number;
  /** Standard deviation of what the machine does to all durations, and how much of it is left in the next round. */
  drift?: number;
  persistence?: number;
  errorRate?: number;
  /** Of calls that take up to tens of times as long, as the tail of a Pareto distribution has them. */
  tailShare?: number;
  /** Of the machine: runs with the same one met it in turn. Default: that of the run. */
  weatherSeed?: number;
}

/** Each tool takes half as long again as the one before. */
export function simulatedBaseline(seed: number, load: SimulatedLoad): Baseline {
  const { calls, rounds = 50, tools = 6, fastestMs = 2, factor = 1, slower = tools } = load;
  const { spread = 0.25, drift = 0.03, persistence = 0.7, errorRate = 0, tailShare = 0, weatherSeed } = load;
  const random = randomSource(seed);
  const weatherRandom = weatherSeed === undefined ? random : randomSource(weatherSeed);
  const weather = driftOf(rounds, drift, persistence, weatherRandom);
  const runs = Array.from({ length: tools }, (_, tool): ToolRun => {
    const medianMs = fastestMs * 1.5 ** tool * (tool >= tools - slower ? factor : 1);
    const rows = weather.map((each, i) =>
      round(
        calls,
        rounds,
        i,
        () => medianMs * Math.exp(each + spread * normal(random)) * tail(tailShare, random),
        errorRate,
        random,
      ),
    );
    return { tool: `tool ${tool}`, rounds: rows, failures: {} };
  });
  return { ...SIMULATED, load: { ...SIMULATED.load, calls, rounds }, tools: runs };
}

const SIMULATED: Baseline = {
  createdAt: '2026-01-01T00:00:00.000Z',
  server: { name: 'simulated', version: '1.0.0' },
  environment: {
    node: '20',
    platform: 'linux',
    arch: 'x64',
    cpu: 'none',
    cpus: 2,
    busyProcesses: 1,
    transport: 'stdio',
  },
  load: { calls: 0, warmUpCalls: 0, concurrency: 1, rounds: 0, timeoutMs: 1_000, maxToolMs: 60_000, source: 'schemas' },
  tools: [],
  notMeasured: [],
};

function round(
  calls: number,
  rounds: number,
  index: number,
  durationMs: () => number,
  errorRate: number,
  random: () => number,
): Round {
  const count = callsOfRound(calls, rounds, index);
  const digest = new Digest();
  let errors = 0;
  for (let i = 0; i < count; i++) {
    if (random() < errorRate) errors += 1;
    else digest.add(durationMs());
  }
  return { digest, errors };
}

/** Mostly 1; else beyond 1 as Pareto has it, of a shape whose variance has no end. */
function tail(share: number, random: () => number): number {
  if (share === 0 || random() >= share) return 1;
  return Math.min(50, (1 - random()) ** (-1 / TAIL_SHAPE));
}

const TAIL_SHAPE = 1.5;

/** What is left of the last round, and something new. */
function driftOf(rounds: number, deviation: number, persistence: number, random: () => number): number[] {
  let value = deviation * normal(random);
  return Array.from({ length: rounds }, () => {
    const present = value;
    value = persistence * value + deviation * Math.sqrt(1 - persistence ** 2) * normal(random);
    return present;
  });
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
