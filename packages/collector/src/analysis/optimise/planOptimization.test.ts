/** Plans for servers that are simulated, and what becomes of them when the plan is followed. */

import type { ConcurrencyPolicy } from '@mcp-vitals/wire/decode';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { ServerEvidence, ToolEvidence } from '../../model/optimization/evidence.ts';
import type { Plan, Strategy } from '../../model/optimization/plan.ts';
import { blockedShare } from './blockedShare.ts';
import { planOptimization } from './planOptimization.ts';
import { evidenceOf, quantile, type SimulatedLoad, SYSTEMS, simulate } from './simulatedServerFixtures.ts';

/** A seed each in the usual run. */
const SEEDS = Array.from({ length: Math.min(3, inject('thoroughness')) }, (_, i) => i + 1);
const MEAN_MS = 40;

/** Calls a second that each can do. */
const CAPACITY = { lock: 25, pool: 100, processor: 25, thrashing: 100 } as const;

function loadOf(system: keyof typeof SYSTEMS, load: number, seed: number): SimulatedLoad {
  const capacity = system === 'slowDependency' ? 100 : CAPACITY[system];
  return { speeds: SYSTEMS[system], arrivalsPerSecond: load * capacity, meanMs: MEAN_MS, seconds: 30, seed };
}

/** A third of the time at 0.4 of the load, which shows what the server is like when it is well. */
function afterQuiet(load: SimulatedLoad): SimulatedLoad {
  return { ...load, before: { seconds: load.seconds / 3, arrivalsPerSecond: 0.4 * load.arrivalsPerSecond } };
}

function planOf(evidence: ServerEvidence, strategy: Strategy = 'balanced'): Plan {
  return planOptimization({ evidence, strategy, target: 'latency', limits: {} });
}

function limitOf(plan: Plan): ConcurrencyPolicy {
  return plan.actions.find(({ control }) => control === 'concurrency')!.settings.concurrency!;
}

describe.each(['lock', 'pool', 'processor'] as const)('a %s asked for 1.5 times what it can do', (system) => {
  it.each(SEEDS)('is limited so that the p99 falls 3 times and hardly an answer is lost, seed %d', (seed) => {
    const load = loadOf(system, 1.5, seed);
    const before = simulate(afterQuiet(load));
    const policy = limitOf(planOf(evidenceOf(before)));
    const long = { ...load, seconds: 240, seed: seed + 100 };
    const after = simulate({ ...long, policy });
    expect(quantile(before.durationsMs, 0.99) / quantile(after.durationsMs, 0.99)).toBeGreaterThan(3);
    const best = Math.max(
      ...[1, 2, 4, 6, 8, 12, 16].map((limit) => simulate({ ...long, policy: { ...policy, limit } }).durationsMs.length),
    );
    expect(after.durationsMs.length / best).toBeGreaterThan(0.95);
  });

  it.each(SEEDS)('expects what then happens, seed %d', (seed) => {
    const load = loadOf(system, 1.5, seed);
    const before = simulate(afterQuiet(load));
    const [action] = planOf(evidenceOf(before)).actions;
    const after = simulate({ ...load, seed: seed + 100, policy: action!.settings.concurrency });
    const effect = action!.effects.find(({ metric }) => metric === 'p99')!;
    const change = 100 * (quantile(after.durationsMs, 0.99) / quantile(before.durationsMs, 0.99) - 1);
    expect(change).toBeGreaterThan(effect.interval![0] - 3);
    expect(change).toBeLessThan(effect.interval![1] + 3);
  });
});

describe('a server that was asked too much from the start', () => {
  it.each(['lock', 'pool', 'processor'] as const)('of kind %s is limited about where it would be best', (system) => {
    const load = { ...loadOf(system, 1.5, 2), seconds: 60 };
    const before = simulate(load);
    const plan = planOf(evidenceOf(before));
    const after = simulate({ ...load, seed: 7, policy: limitOf(plan) });
    expect(quantile(before.durationsMs, 0.99) / quantile(after.durationsMs, 0.99)).toBeGreaterThan(3);
    expect(after.durationsMs.length / before.durationsMs.length).toBeGreaterThan(0.9);
  });
});

describe('a server that answers hardly anything any more', () => {
  it.each(SEEDS)(
    'because its calls hinder each other, is limited, and told that nobody knows what comes of it, seed %d',
    (seed) => {
      const evidence = evidenceOf(simulate(afterQuiet(loadOf('thrashing', 1.5, seed))));
      const [action] = planOf(evidence).actions;
      expect(action).toMatchObject({ control: 'concurrency', why: expect.stringContaining('restart') });
      expect(action!.effects).toContainEqual(expect.objectContaining({ metric: 'p99', changePercent: null }));
    },
  );

  const ofPool = evidenceOf(simulate({ ...loadOf('pool', 0.5, 1), seconds: 60 }));
  const withTool = (changed: Partial<ToolEvidence>) => ({ ...ofPool, tools: [{ ...ofPool.tools[0]!, ...changed }] });
  const limited = (evidence: ServerEvidence) =>
    planOf(evidence).actions.find(({ control }) => control === 'concurrency');

  it('is limited to about what it did while it was well', () => {
    const action = limited(withTool({ underWay: 7_000, oldestAgeMs: 15_000 }));
    const { limit } = action!.settings.concurrency!;
    expect(limit).toBeGreaterThan(2);
    expect(limit).toBeLessThan(17);
    expect(action!.effects).toContainEqual(expect.objectContaining({ metric: 'p99', changePercent: null }));
  });

  it.each([
    ['were just made', { underWay: 7_000, oldestAgeMs: 300 }],
    ['hang beside many that do not', { underWay: 300, oldestAgeMs: 15_000 }],
    ['are few', { underWay: 50, oldestAgeMs: 15_000 }],
  ])('is not said of calls that %s', (_, changed) => {
    expect(limited(withTool(changed))).toBeUndefined();
  });
});

describe('a handler that computes without a pause', () => {
  /** 95 calls a second, 10 ms each: as many as came in during one turn of the event loop begin at once, and more wait in the socket. */
  const calls = 5_700;
  const level = { calls, meanMs: 1_400, deviationMs: 800, p99Ms: [2_800, 2_790, 2_810] } as const;
  const digest: ToolEvidence = {
    tool: 'digest',
    calls,
    ok: calls,
    errors: 0,
    sumMs: level.meanMs * calls,
    p99Ms: level.p99Ms,
    maxMs: 3_000,
    underWay: 1,
    oldestAgeMs: 5,
    minutes: [{ seconds: 60, calls, ok: calls, cancelled: 0 }],
    levels: [{ ...level, least: 33, greatest: 64 }],
    queued: { calls: 0, meanMs: 0 },
  };
  const ping: ToolEvidence = { ...digest, tool: 'ping', sumMs: 10 * calls };
  const latestLoop = { cpuPercent: 97, eventLoopDelayMs: 1_500 };
  const evidence = { server: 'shop', fromMs: 0, toMs: 60_000, instances: 1, permitted: ['concurrency'] as const };
  const planned = (tool: Partial<ToolEvidence> = {}, latest: Partial<typeof latestLoop> = {}) => {
    const used = { cpuPercentAvg: 30, memoryMbMax: 100, eventLoopDelayMsAvg: 10 };
    const resources = { ...used, latestLoop: { ...latestLoop, ...latest } };
    return planOf({ ...evidence, tools: [{ ...digest, ...tool }, ping], resources });
  };

  it('gets a queue that has an end, instead of the socket', () => {
    const plan = planned();
    const { limit, maxWaitMs, maxQueued } = limitOf(plan);
    expect(plan.actions.map(({ tool }) => tool)).toEqual(['digest']);
    expect(limit).toBe(2);
    // As many places as calls fit into the longest wait.
    expect(maxQueued).toBe(Math.ceil((95 * maxWaitMs) / 1_000));
    const [latency, goodput] = plan.actions[0]!.effects;
    expect(latency!.changePercent).toBeCloseTo(100 * ((1_000 / 95 + maxWaitMs) / (2_800 + 1_500) - 1), 3);
    expect(goodput).toMatchObject({ changePercent: 0 });
    expect(goodput!.interval![0]).toBeLessThan(0);
    expect(plan.advice).toContainEqual(
      expect.objectContaining({ tool: 'digest', evidence: expect.objectContaining({ processes: 2 }) }),
    );
  });

  it('that has few calls gets none, because they would wait as long in the queue', () => {
    const few = { calls: 120, ok: 120, minutes: [{ ...digest.minutes[0]!, calls: 120, ok: 120 }], sumMs: 500 * 120 };
    expect(planned({ ...few, p99Ms: [900, 890, 910] }).actions).toEqual([]);
  });

  it.each([
    ['the processor is idle', {}, { cpuPercent: 20 }],
    ['the event loop is in time', {}, { eventLoopDelayMs: 20 }],
    ['calls wait for something else', {}, { eventLoopDelayMs: 200 }],
    ['no tool is what the time goes to', { sumMs: 10 * calls }, {}],
  ])('is not assumed where %s', (_, tool, latest) => {
    expect(planned(tool, latest).actions).toEqual([]);
  });
});

describe('a healthy server', () => {
  /** Where calls hinder each other, a crowd that came by chance holds itself up at 0.6 of the load: that one is not well. */
  const mostLoad = (system: keyof typeof SYSTEMS) => (system === 'thrashing' ? 0.4 : 0.6);

  it.each(['lock', 'pool', 'processor', 'thrashing', 'slowDependency'] as const)(
    'of kind %s is left alone',
    (system) => {
      fc.assert(
        fc.property(fc.double({ min: 0.05, max: mostLoad(system), noNaN: true }), fc.nat(10_000), (load, seed) => {
          const evidence = evidenceOf(simulate(loadOf(system, load, seed)));
          for (const strategy of ['conservative', 'balanced', 'aggressive'] as const)
            expect(planOf(evidence, strategy).verdict).toMatch(/^(nothing_to_do|too_little)$/);
        }),
        { numRuns: 10 * inject('thoroughness') },
      );
    },
  );

  it('that waits for something slow is left alone whatever its load', () => {
    const evidence = evidenceOf(simulate(loadOf('slowDependency', 3, 1)));
    expect(planOf(evidence).verdict).toBe('nothing_to_do');
  });
});

describe('the strategies', () => {
  const evidence = evidenceOf(simulate(afterQuiet(loadOf('pool', 1.5, 1))));

  it('leave less room the further they go', () => {
    const waits = (['conservative', 'balanced', 'aggressive'] as const).map(
      (strategy) => limitOf(planOf(evidence, strategy)).maxWaitMs,
    );
    expect(waits).toEqual([...waits].sort((a, b) => b - a));
  });

  it('shed only where they are aggressive', () => {
    expect(planOf(evidence, 'balanced').actions.map(({ control }) => control)).toEqual(['concurrency']);
    expect(planOf(evidence, 'aggressive').actions.map(({ control }) => control)).toEqual(['concurrency', 'shed']);
  });
});

describe('what cannot be told', () => {
  const evidence = evidenceOf(simulate(afterQuiet(loadOf('lock', 1.5, 1))));
  const [tool] = evidence.tools;
  const withTool = (changed: Partial<ToolEvidence>) => ({ ...evidence, tools: [{ ...tool!, ...changed }] });

  it('is said of too few calls', () => {
    expect(planOf(withTool({ calls: 20 })).verdict).toBe('too_little');
  });

  it('is not invented of a hanging call', () => {
    const hanging = withTool({ ...evidenceOf(simulate(loadOf('lock', 0.3, 1))).tools[0]!, oldestAgeMs: 600_000 });
    const [action] = planOf(hanging).actions;
    expect(action).toMatchObject({ control: 'timeout', effects: [{ changePercent: null, interval: null }] });
  });

  it('says what is not permitted', () => {
    expect(planOf({ ...evidence, permitted: [] }).actions.map(({ isPermitted }) => isPermitted)).toEqual([false]);
  });
});

it('holds the processor below a limit, and leaves it to a person where that costs calls', () => {
  const quiet = evidenceOf(simulate(loadOf('slowDependency', 0.5, 1)));
  const latestLoop = { cpuPercent: 80, eventLoopDelayMs: 1 };
  const resources = { cpuPercentAvg: 80, memoryMbMax: 100, eventLoopDelayMsAvg: 1, latestLoop };
  const plan = planOptimization({
    evidence: { ...quiet, resources },
    strategy: 'balanced',
    target: 'efficiency',
    limits: { maxCpuPercent: 40, maxMemoryMb: 50 },
  });
  const [rate] = plan.actions.filter(({ control }) => control === 'rate');
  expect(rate).toMatchObject({ isAutomatic: false });
  expect(rate!.settings.rate!.perSecond).toBeCloseTo(25, -1);
  expect(plan.advice.map(({ evidence }) => evidence)).toContainEqual({ memoryMb: 100, maxMemoryMb: 50 });
});

it('loses what a queue of limited length loses', () => {
  // M/M/1/1 is Erlang's loss formula: load / (1 + load).
  for (const load of [0.1, 0.999_999_9, 1.5, 20]) expect(blockedShare(load, 1)).toBeCloseTo(load / (1 + load), 5);
  expect(blockedShare(3, 10_000)).toBeCloseTo(2 / 3, 9);
});
