import { describe, expect, inject, it } from 'vitest';
import type { Baseline } from '../baseline.ts';
import { changeWords } from './changeWords.ts';
import { type BaselineComparison, type CompareOptions, compareBaselines } from './compareBaselines.ts';
import { effectiveCount } from './effectiveCount.ts';
import { roundCorrelation } from './roundCorrelation.ts';
import { type SimulatedLoad, simulatedBaseline } from './simulatedRuns.ts';

const OPTIONS: CompareOptions = { percent: 5, minChangeMs: 1, confidencePercent: 99 };
/** Durations of 20 to 150 ms, as spread as most are, on a machine that is 3 % faster or slower for a while. */
const USUAL: SimulatedLoad = { calls: 2_000, rounds: 400, tools: 6, fastestMs: 20, drift: 0.03, persistence: 0.7 };
const PAIRS = 100 * inject('thoroughness');
/** `bench/benchmarkCompare.ts` has a hundred of these. */
const FEWER = 30 * inject('thoroughness');
const SLOWER: Partial<SimulatedLoad> = { factor: 1.1 };

const compared = (pair: number, load: SimulatedLoad, change: Partial<SimulatedLoad>): BaselineComparison =>
  compareBaselines(simulatedBaseline(2 * pair, load), simulatedBaseline(2 * pair + 1, { ...load, ...change }), OPTIONS);

const count = (isSo: (pair: number) => boolean, pairs = PAIRS) =>
  Array.from({ length: pairs }, (_, pair) => isSo(pair)).filter(Boolean).length;

const verdicts = ({ tools }: BaselineComparison) =>
  tools.flatMap(({ metrics }) => metrics.map(({ verdict }) => verdict));
const isUnchanged = (comparison: BaselineComparison) =>
  !verdicts(comparison).some((verdict) => verdict === 'worse' || verdict === 'better');
const ofTool = ({ tools }: BaselineComparison, tool: number) => tools[tool]!.metrics;

describe('of a hundred pairs of runs', () => {
  it('that are of the same server, hardly any is said to have changed, and most is said to be as it was', () => {
    const unchanged = count((pair) => {
      const comparison = compared(pair, USUAL, {});
      const known = verdicts(comparison).filter((verdict) => verdict === 'same');
      return isUnchanged(comparison) && known.length >= 18;
    });
    expect(unchanged).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });

  it('that are of the same server on a much worse machine, neither', () => {
    const rough = { ...USUAL, calls: 500, rounds: 100, drift: 0.1, persistence: 0.8 };
    expect(count((pair) => isUnchanged(compared(pair, rough, {})))).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });

  it.each([
    [6_000, 400, 1.1],
    [800, 160, 1.2],
    [150, 30, 1.5],
  ])('with %i calls in %i rounds one tool that takes %f times as long is found', (calls, rounds, factor) => {
    const found = count((pair) => {
      const { tools, isWorse } = compared(pair, { ...USUAL, calls, rounds }, { factor, slower: 1 });
      const others = tools.slice(0, -1).flatMap(({ metrics }) => metrics);
      expect(tools.at(-1)!.metrics.every(({ verdict }) => verdict !== 'better')).toBe(true);
      return isWorse && others.every(({ verdict }) => verdict !== 'worse');
    });
    expect(found).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });
});

describe('of pairs of runs of one tool whose durations have a heavy tail', () => {
  /** As `bench/benchmarkCompare.ts` has it: what a machine does lasts for ten rounds of two hundred. */
  const HEAVY: SimulatedLoad = {
    calls: 3_000,
    rounds: 200,
    tools: 1,
    fastestMs: 40,
    persistence: 0.9,
    tailShare: 0.02,
  };
  const inTurn = (pair: number, drift: number, change: Partial<SimulatedLoad>) => {
    const load = { ...HEAVY, calls: drift > 0.03 ? 6_000 : 3_000, drift, weatherSeed: 7_919 * pair + 5 };
    const [before, now] = [simulatedBaseline(3 * pair, load), simulatedBaseline(3 * pair + 1, { ...load, ...change })];
    return compareBaselines(before, now, { ...OPTIONS, isPaired: true });
  };

  it.each([0.03, 0.08])(
    'made in turn on a machine that drifts by %f, what is slower is found and nothing else',
    (drift) => {
      expect(count((pair) => isUnchanged(inTurn(pair, drift, {})))).toBeGreaterThanOrEqual(0.95 * PAIRS);
      expect(count((pair) => inTurn(pair, drift, { factor: 1.1 }).isWorse)).toBeGreaterThanOrEqual(0.95 * PAIRS);
    },
  );

  it('made one after the other, likewise with more calls in twice the time', () => {
    const load = { ...HEAVY, calls: 12_000, drift: 0.03, persistence: 0.8 };
    expect(count((pair) => isUnchanged(compared(pair, load, {})), FEWER)).toBeGreaterThanOrEqual(0.95 * FEWER);
    expect(count((pair) => compared(pair, load, SLOWER).isWorse, FEWER)).toBeGreaterThanOrEqual(0.95 * FEWER);
  });
});

describe('two runs that fared alike', () => {
  const rounds = (beyond: (i: number) => number) =>
    Array.from({ length: 100 }, (_, i) => ({ calls: 10, beyond: beyond(i) }));
  const slowNowAndThen = rounds((i) => (i % 40 < 10 ? 8 : 2));

  it('are believed to be alike, with some doubt', () => {
    expect(roundCorrelation(slowNowAndThen, slowNowAndThen)).toBeGreaterThan(0.98);
    const other = rounds((i) => (i % 40 < 10 ? 8 : 2) - (i % 3 === 0 ? 1 : 0));
    expect(roundCorrelation(slowNowAndThen, other)).toBeGreaterThan(0.9);
  });

  it('are not where one was slow when the other was quick, where they differ in length, and where there is too little', () => {
    expect(
      roundCorrelation(
        slowNowAndThen,
        rounds((i) => (i % 40 < 10 ? 2 : 8)),
      ),
    ).toBe(0);
    expect(roundCorrelation(slowNowAndThen, slowNowAndThen.slice(1))).toBe(0);
    expect(roundCorrelation(slowNowAndThen.slice(0, 11), slowNowAndThen.slice(0, 11))).toBe(0);
    expect(
      roundCorrelation(
        slowNowAndThen,
        rounds(() => 0),
      ),
    ).toBe(0);
  });
});

describe('a comparison', () => {
  it('says how much worse, between what, and how sure that is', () => {
    const [p50] = ofTool(compared(1, { ...USUAL, calls: 1_000 }, { factor: 1.5, slower: 1 }), 5);
    expect(p50).toMatchObject({ metric: 'p50', verdict: 'worse', callsMissing: null });
    expect(p50!.change).toBeGreaterThan(40);
    expect(p50!.change).toBeLessThan(60);
    expect(p50!.changeInterval[0]!).toBeLessThan(50);
    expect(p50!.changeInterval[1]!).toBeGreaterThan(50);
    expect(p50!.confidencePercent).toBeGreaterThan(99);
  });

  it('says of too few calls that they are, and how many more would do', () => {
    const [p50, p95] = ofTool(compared(1, { ...USUAL, calls: 40, rounds: 8 }, {}), 0);
    expect([p50!.verdict, p95!.verdict]).toEqual(['unknown', 'unknown']);
    const enough = 40 + p50!.callsMissing!;
    const [then] = ofTool(compared(1, { ...USUAL, calls: 2 * enough, rounds: 50 }, {}), 0);
    expect(then!.verdict).toBe('same');
    const [half] = ofTool(compared(1, { ...USUAL, calls: Math.ceil(enough / 3), rounds: 8 }, {}), 0);
    expect(half!.verdict).toBe('unknown');
  });

  it('sees errors that were not there', () => {
    const [, , , errors] = ofTool(compared(1, { ...USUAL, calls: 300, rounds: 60 }, { errorRate: 0.1 }), 0);
    expect(errors).toMatchObject({ metric: 'errors', before: 0, verdict: 'worse' });
  });

  it('of a tool that has failed altogether tells by its errors alone', () => {
    const [all] = [ofTool(compared(1, { ...USUAL, calls: 100, rounds: 20 }, { errorRate: 1 }), 0)];
    expect(all).toEqual([expect.objectContaining({ metric: 'errors', now: 100, verdict: 'worse' })]);
  });

  it('leaves alone what nobody notices, however sure it is', () => {
    const { tools } = compared(1, { ...USUAL, fastestMs: 0.2, tools: 1 }, { factor: 2 });
    const [p50] = tools[0]!.metrics;
    expect(p50).toMatchObject({ metric: 'p50', verdict: 'same', toldIn: 'ms' });
    // A share of 0.2 ms says nothing: five hundred per cent of it would be told.
    expect(changeWords(p50!)).toMatch(/^no change; 1\.\d+ ms more would have shown$/);
    const slower = compared(1, { ...USUAL, fastestMs: 0.2, tools: 1 }, { factor: 12 }).tools[0]!.metrics[0]!;
    expect(changeWords(slower)).toMatch(/^2\.\d+ ms slower \([\d.]+ to [\d.]+ ms\), .* % sure$/);
  });

  it('names tools that only one side has, and what else differs', () => {
    const before = simulatedBaseline(1, { calls: 100, tools: 2 });
    const later = simulatedBaseline(2, { calls: 100, tools: 3 });
    const now: Baseline = {
      ...later,
      tools: later.tools.slice(1),
      environment: { ...later.environment, cpu: 'another' },
    };
    expect(compareBaselines(before, now, OPTIONS)).toMatchObject({
      onlyBefore: ['tool 0'],
      onlyNow: ['tool 2'],
      warnings: ['another processor: none before, another now'],
    });
  });
});

describe('calls are worth', () => {
  const rounds = (beyond: (i: number) => number) =>
    Array.from({ length: 100 }, (_, i) => ({ calls: 10, beyond: beyond(i) }));

  it('as many as there are where rounds differ no more than by chance', () => {
    expect(effectiveCount(rounds(() => 5))).toBe(1_000);
    expect(effectiveCount(rounds(() => 0))).toBe(1_000);
  });

  it('one a round where a round is all slow or all quick', () => {
    expect(effectiveCount(rounds((i) => ((i * 7) % 20 < 10 ? 10 : 0)))).toBeLessThan(110);
  });

  it('a handful where half the run is slow', () => {
    expect(effectiveCount(rounds((i) => (i < 50 ? 10 : 0)))).toBeLessThan(20);
  });
});
