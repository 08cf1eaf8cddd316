import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { Bottleneck } from '../../model/bottleneck.ts';
import { randomNumbers } from '../../testing/weeksOfCalls.ts';
import { findBottlenecks } from './findBottlenecks.ts';
import {
  places,
  rushHour,
  type SimulatedTool,
  type Simulation,
  simulatedSight,
  unlimited,
} from './simulatedSightFixtures.ts';

const RUNS = 12 * inject('thoroughness');
const SECONDS = 40;

const find = (simulation: Omit<Simulation, 'seconds'> & { seconds?: number }): Bottleneck[] =>
  findBottlenecks([simulatedSight({ seconds: SECONDS, ...simulation })]);
const causes = (findings: readonly Bottleneck[]) => findings.map(({ cause }) => cause);
const aboveLow = (findings: readonly Bottleneck[]) => causes(findings.filter(({ severity }) => severity !== 'low'));
const numberIn = ({ evidence }: Bottleneck, name: string) => evidence.find((item) => item.name === name)?.value;

/** A tool that nothing is wrong with. */
const quick: SimulatedTool = { tool: 'quick', perSecond: () => 10, service: unlimited(() => 5) };

/** About a duration, a tenth more or less. */
const about = (ms: number, seed: number) => {
  const random = randomNumbers(seed + 7_919);
  return () => ms * (0.9 + 0.2 * random());
};

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const serviceTimes = fc.integer({ min: 10, max: 150 });
/** Calls a second that can be served. */
const capacities = fc.integer({ min: 20, max: 120 });

describe('calls that wait for each other', () => {
  // With more places one of some thousand pools is taken for calls that hinder each other.
  it('are told by how many are served at once: one is a lock, several are a pool', () => {
    const overloads = fc.double({ min: 1.2, max: 1.4, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), capacities, overloads, seeds, (k, capacity, overload, seed) => {
        const serviceMs = (1_000 * k) / capacity;
        const tool = {
          tool: 'shared',
          perSecond: rushHour(SECONDS, 0.35 * capacity, overload * capacity),
          service: places(k, about(serviceMs, seed)),
        };
        const [first] = find({ tools: [tool, quick], seed });
        expect(first).toMatchObject({ cause: k === 1 ? 'lock' : 'small_pool', tools: ['shared'] });
        const served = numberIn(first!, 'calls served at once')!;
        expect(Math.abs(served - k)).toBeLessThanOrEqual(Math.max(0.4, 0.25 * k));
      }),
      { numRuns: RUNS },
    );
  });

  it('are not told of what is far from its limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), capacities, seeds, (k, capacity, seed) => {
        const serviceMs = (1_000 * k) / capacity;
        const perSecond = 0.4 * capacity;
        const tool = { tool: 'shared', perSecond: () => perSecond, service: places(k, about(serviceMs, seed)) };
        expect(aboveLow(find({ tools: [tool, quick], seed }))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});

it('tells what gets less done the more it is asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 15, max: 60 }), fc.integer({ min: 4, max: 12 }), seeds, (ms, comfortable, seed) => {
      const best = (1_000 * comfortable) / (2 * ms);
      const service = unlimited((_, underWay) => ms * (1 + (underWay / comfortable) ** 2));
      const tool = { tool: 'fan_out', perSecond: rushHour(SECONDS, 0.3 * best, 1.3 * best), service };
      expect(find({ tools: [tool, quick], seed })[0]).toMatchObject({
        cause: 'unbounded_concurrency',
        tools: ['fan_out'],
      });
    }),
    { numRuns: RUNS },
  );
});

describe('a dependency', () => {
  it('that became slow is told from load, whichever way the load goes', () => {
    const rates = fc.integer({ min: 8, max: 30 });
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 40 }),
        fc.integer({ min: 6, max: 20 }),
        rates,
        seeds,
        (ms, times, rate, seed) => {
          const jitter = about(1, seed);
          const fromMs = SECONDS * 1_000 * (0.35 + 0.25 * jitter() - 0.2);
          const service = unlimited((atMs) => (atMs < fromMs ? ms : times * ms) * jitter());
          const perSecond = (second: number) => rate * (Math.floor(second / 4) % 2 === 0 ? 1 : 2);
          const [first] = find({ tools: [{ tool: 'search', perSecond, service }, quick], seed });
          expect(first).toMatchObject({ cause: 'slow_dependency', tools: ['search'] });
          expect(first!.severity).not.toBe('low');
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('that takes its time all along is a remark, whatever the load', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 400 }), fc.integer({ min: 5, max: 25 }), seeds, (medianMs, rate, seed) => {
        const random = randomNumbers(seed + 7_919);
        const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
        const service = unlimited(() => medianMs * Math.exp(0.5 * normal()));
        const tool = { tool: 'route', perSecond: rushHour(SECONDS, rate, 3 * rate), service };
        expect(aboveLow(find({ tools: [tool, quick], seed }))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the processor', () => {
  const busy = (utilisation: (second: number) => number, cpuMs: number, seed: number) => {
    const perSecond = (second: number) => (1_000 * utilisation(second)) / cpuMs;
    return {
      tools: [{ tool: 'parse', perSecond, service: places(1, () => cpuMs) }, quick],
      seed,
      resources: { cpuPercent: (second: number) => 100 * Math.min(1, utilisation(second)) },
    };
  };

  it('that is fully used is the reason of what waits for it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), seeds, (cpuMs, seed) => {
        const findings = find(busy(rushHour(SECONDS, 0.4, 1.2), cpuMs, seed));
        expect(findings[0]).toMatchObject({ cause: 'cpu_bound' });
        expect(findings[0]!.tools[0]).toBe('parse');
        expect(causes(findings)).not.toContain('lock');
      }),
      { numRuns: RUNS },
    );
  });

  it('that is used at three fifths is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 }), seeds, (cpuMs, seed) => {
        expect(aboveLow(find(busy(() => 0.6, cpuMs, seed)))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('that neighbours take is told by waiting for it, and not by a machine that is busy', () => {
    const within = (second: number) => second >= 10 && second < 25;
    const tool = (slowdown: number) => ({
      tool: 'convert',
      perSecond: () => 20,
      service: unlimited((atMs) => (within(atMs / 1_000) ? slowdown * 8 : 8)),
    });
    const hostCpuPercent = (second: number) => (within(second) ? 100 : 20);
    const cpuWaitPercent = (second: number) => (within(second) ? 30 : 1);
    const starved = find({ tools: [tool(4), quick], seed: 3, resources: { hostCpuPercent, cpuWaitPercent } });
    expect(starved[0]).toMatchObject({ cause: 'noisy_neighbour' });
    expect(causes(starved)).not.toContain('slow_dependency');
    expect(aboveLow(find({ tools: [tool(1), quick], seed: 3, resources: { hostCpuPercent } }))).toEqual([]);
  });
});

it('tells who blocks the event loop from who waits for it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 150, max: 500 }), seeds, (blockMs, seed) => {
      const random = randomNumbers(seed + 7_919);
      const report = { tool: 'report', perSecond: () => 0.6, service: unlimited(() => blockMs) };
      const { calls: reports } = simulatedSight({ seconds: SECONDS, seed, tools: [report] }).tools[0]!;
      // Who comes while the report is written waits for half of it on average.
      const isHeldUp = (atMs: number) => random() < (reports[Math.floor(atMs / 1_000)]! * blockMs) / 1_000;
      const service = unlimited((atMs) => (isHeldUp(atMs) ? blockMs / 2 : 6));
      const tools = [report, { tool: 'look_up', perSecond: () => 25, service }];
      const sight = simulatedSight({ seconds: SECONDS, seed, tools });
      for (let second = 0; second < SECONDS; second++) {
        const share = Math.min(0.95, (reports[second]! * blockMs) / 1_000);
        sight.resources.eventLoopDelayMs[second] = (20 * share) / (1 - share);
        sight.resources.cpuPercent[second] = Math.min(80, 5 + 100 * share);
      }
      const [first] = findBottlenecks([sight]);
      expect(first).toMatchObject({ cause: 'blocked_event_loop', tools: ['report'] });
      expect(numberIn(first!, 'event loop blocked by each call')! / blockMs).toBeGreaterThan(0.6);
    }),
    { numRuns: RUNS },
  );
});

describe('a heap', () => {
  const heap = (heapUsedMb: (second: number) => number) =>
    find({
      seconds: 300,
      tools: [quick],
      seed: 1,
      resources: { heapUsedMb, memoryMb: heapUsedMb, memoryPercent: () => 10 },
    });

  it('that keeps growing under its ups and downs is a leak', () => {
    expect(heap((second) => 40 + second + 15 * ((second % 7) / 7))[0]).toMatchObject({ cause: 'memory_leak' });
  });

  it.each([
    ['goes up and down', (second: number) => 40 + 30 * ((second % 9) / 9)],
    ['fills its caches', (second: number) => 40 + 90 * (1 - Math.exp(-second / 25)) + 10 * ((second % 7) / 7)],
    ['grows a little', (second: number) => 40 + second / 20],
  ])('that %s is none', (_, heapUsedMb) => {
    expect(causes(heap(heapUsedMb))).not.toContain('memory_leak');
  });
});

describe('rows of calls', () => {
  /** Callers list, and ask for each of `length` entries; others call the same tools as it comes, just as often. */
  const sessions = (length: number, isRandom: boolean, seed: number) => {
    const random = randomNumbers(seed);
    const sight = simulatedSight({
      seconds: SECONDS,
      seed,
      tools: [quick, { ...quick, tool: 'get' }, { ...quick, tool: 'list' }],
    });
    const [, get, list] = sight.tools;
    const counts = new Map<string, number>();
    let last = '';
    const call = (columns: typeof get, slot: number) => {
      columns!.calls[slot]! += 1;
      columns!.sumMs[slot]! += 5;
      const key = `${columns!.tool}\0${last}`;
      if (last !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
      last = columns!.tool;
    };
    for (const columns of [get!, list!]) {
      columns.calls.fill(0);
      columns.sumMs.fill(0);
    }
    for (let slot = 0; slot < SECONDS; slot++) {
      const rows = random() < 0.5 ? 1 : 3;
      for (let i = 0; i < rows * (length + 1); i++) {
        const isList = isRandom ? random() < 1 / (length + 1) : i % (length + 1) === 0;
        call(isList ? list : get, slot);
      }
    }
    const follows = [...counts].map(([key, count]) => ({
      tool: key.split('\0')[0]!,
      after: key.split('\0')[1]!,
      count,
    }));
    return find({ tools: [], seed }).concat(findBottlenecks([{ ...sight, tools: [get!, list!], follows }]));
  };

  it('are told where a list is followed by its entries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 30 }), seeds, (length, seed) => {
        const [first] = sessions(length, false, seed);
        expect(first).toMatchObject({ cause: 'n_plus_one', tools: ['get', 'list'] });
        expect(numberIn(first!, 'calls in a row')).toBeCloseTo(length, 0);
      }),
      { numRuns: RUNS },
    );
  });

  it('are rarely seen where callers just call the one more often', () => {
    const found = Array.from({ length: 100 }, (_, i) => sessions(6 + (i % 20), true, i + 1));
    expect(found.filter((findings) => causes(findings).includes('n_plus_one')).length).toBeLessThanOrEqual(3);
  });
});

it('tells large results, by their size', () => {
  const sized = (kb: number) => {
    const sight = simulatedSight({ seconds: SECONDS, seed: 1, tools: [quick] });
    const [tool] = sight.tools;
    tool!.sizedCalls = tool!.calls.slice();
    tool!.resultBytes = tool!.calls.map((calls) => calls * kb * 1_000);
    return findBottlenecks([sight]);
  };
  expect(sized(1_500)[0]).toMatchObject({ cause: 'huge_results', severity: 'high', tools: ['quick'] });
  expect(sized(300)[0]).toMatchObject({ severity: 'medium' });
  expect(sized(20)).toEqual([]);
});

it('tells calls that fail', () => {
  const sight = simulatedSight({ seconds: SECONDS, seed: 1, tools: [quick] });
  sight.tools[0]!.errors = sight.tools[0]!.calls.map((calls) => calls * 0.3);
  expect(findBottlenecks([sight])[0]).toMatchObject({
    cause: 'failing_calls',
    severity: 'high',
    shareOfTimePercent: null,
  });
});

describe('several processes', () => {
  const process = (instance: string, version: string, ms: number) => ({
    ...simulatedSight({ seconds: SECONDS, seed: 1, tools: [{ ...quick, service: unlimited(() => ms) }] }),
    instance,
    version,
  });

  it('are compared, and the one that is slower is named with what is different', () => {
    const findings = findBottlenecks([process('a', '1', 8), process('b', '1', 9), process('c', '2', 60)]);
    expect(findings[0]).toMatchObject({ cause: 'slow_instance', instances: ['c'], tools: ['quick'] });
    expect(findings[0]!.title).toContain('of another version');
    expect(findBottlenecks([process('a', '1', 8), process('b', '1', 9)])).toEqual([]);
  });

  it('that all show the same are one finding', () => {
    const slow = (instance: string) => ({ ...process(instance, '1', 300), instance });
    const findings = findBottlenecks([slow('a'), slow('b')]);
    expect(findings).toMatchObject([{ cause: 'slow_dependency', severity: 'low', instances: [] }]);
  });
});

it('has nothing to say of nothing', () => {
  expect(findBottlenecks([])).toEqual([]);
  expect(find({ seconds: 0, tools: [], seed: 1 })).toEqual([]);
  expect(find({ seconds: 1, tools: [quick], seed: 1 })).toEqual([]);
});

it('gives finite numbers, and the same ones again', () => {
  const rate = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(rate, serviceTimes, fc.integer({ min: 1, max: 4 }), seeds, (perSecond, ms, k, seed) => {
      const simulation = {
        tools: [{ tool: 'any', perSecond: () => perSecond, service: places(k, () => ms) }, quick],
        seed,
      };
      const once = find(simulation);
      for (const { confidence, evidence, shareOfTimePercent } of once) {
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(shareOfTimePercent ?? 0).toBeLessThanOrEqual(100);
        for (const { value } of evidence) expect(Number.isFinite(value)).toBe(true);
      }
      const again = { ...simulation, tools: [{ ...simulation.tools[0]!, service: places(k, () => ms) }, quick] };
      expect(find(again)).toEqual(once);
    }),
    { numRuns: RUNS },
  );
});
