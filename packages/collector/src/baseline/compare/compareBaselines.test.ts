import { describe, expect, inject, it } from 'vitest';
import type { Baseline } from '../baseline.ts';
import { type BaselineComparison, type CompareOptions, compareBaselines } from './compareBaselines.ts';
import { effectiveCount } from './effectiveCount.ts';
import { type SimulatedLoad, simulatedBaseline } from './simulatedRuns.ts';

const OPTIONS: CompareOptions = { percent: 5, minChangeMs: 1, confidencePercent: 99 };
/** Durations of 20 to 150 ms, as spread as most are, on a machine that is 3 % faster or slower for a while. */
const USUAL: SimulatedLoad = { calls: 2_000, rounds: 400, tools: 6, fastestMs: 20, drift: 0.03, persistence: 0.7 };
const PAIRS = 100 * inject('thoroughness');

const compared = (pair: number, load: SimulatedLoad, change: Partial<SimulatedLoad>): BaselineComparison =>
  compareBaselines(simulatedBaseline(2 * pair, load), simulatedBaseline(2 * pair + 1, { ...load, ...change }), OPTIONS);

const count = (isSo: (pair: number) => boolean) =>
  Array.from({ length: PAIRS }, (_, pair) => isSo(pair)).filter(Boolean).length;

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
    expect(tools[0]!.metrics[0]).toMatchObject({ metric: 'p50', verdict: 'same' });
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
