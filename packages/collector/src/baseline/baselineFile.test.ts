import { describe, expect, it } from 'vitest';
import { wholeDigest } from './baseline.ts';
import { baselineJson, parseBaseline } from './baselineFile.ts';
import { compareBaselines } from './compare/compareBaselines.ts';
import { simulatedBaseline } from './compare/simulatedRuns.ts';
import { DEFAULT_TARGETS } from './summary.ts';

const OPTIONS = { percent: 5, minChangeMs: 1, confidencePercent: 99 };
const written = (baseline = simulatedBaseline(1, { calls: 100, errorRate: 0.1 })) =>
  JSON.stringify(baselineJson(baseline, DEFAULT_TARGETS));

describe('a baseline that was written and read', () => {
  it('has the same counts and figures', () => {
    const baseline = simulatedBaseline(1, { calls: 100, errorRate: 0.1 });
    const read = parseBaseline(written(baseline));
    for (const [i, run] of baseline.tools.entries()) {
      expect(read.tools[i]!.rounds.map(({ errors }) => errors)).toEqual(run.rounds.map(({ errors }) => errors));
      expect(read.tools[i]!.rounds.map(({ digest }) => digest.count)).toEqual(
        run.rounds.map(({ digest }) => digest.count),
      );
      expect(wholeDigest(read.tools[i]!).quantile(0.95)).toBeCloseTo(wholeDigest(run).quantile(0.95), 2);
    }
    expect(read.environment).toEqual(baseline.environment);
  });

  it('is as it was', () => {
    const again = compareBaselines(parseBaseline(written()), parseBaseline(written()), OPTIONS);
    for (const { metrics } of again.tools) for (const { change } of metrics) expect(change).toBe(0);
    expect(again).toMatchObject({ isWorse: false, warnings: [], onlyBefore: [], onlyNow: [] });
  });
});

it.each([
  ['nothing', ''],
  ['something else', '{"format":"something else","version":1}'],
  ['one of a later version', written().replace('"version":1', '"version":2')],
  ['a broken sketch', written().replace(/"sketch":"[^"]+"/, '"sketch":"/////w=="')],
  ['no sketch', written().replace(/"sketch":"[^"]+"/, '"sketch":"~"')],
])('%s is no baseline', (_what, text) => {
  expect(() => parseBaseline(text)).toThrow('This is no baseline that this version can read');
});
