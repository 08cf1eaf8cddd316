/** What a stranger calls its tools must not speak to a terminal, nor be markup. */
import { expect, it } from 'vitest';
import { compareBaselines } from '../../baseline/compare/compareBaselines.ts';
import { simulatedBaseline } from '../../baseline/compare/simulatedRuns.ts';
import { DEFAULT_TARGETS } from '../../baseline/summary.ts';
import { plain } from '../terminal/style.ts';
import { describeComparison } from './comparisonReport.ts';
import { baselineMarkdown } from './markdown.ts';
import { describeBaseline } from './report.ts';

const EVIL = 'evil\u001b[31m\u202e|<b>\n# [x](y)';

function hostile(seed: number) {
  const baseline = simulatedBaseline(seed, { calls: 100, tools: 2 });
  const [first, second] = baseline.tools;
  return {
    ...baseline,
    server: { name: EVIL, version: EVIL },
    tools: [
      { ...first!, tool: EVIL },
      { ...second!, tool: `${EVIL}${seed}` },
    ],
    notMeasured: [{ tool: EVIL, reason: EVIL, advice: EVIL, isFailure: false }],
    endedBecause: EVIL,
  };
}

const options = { percent: 5, minChangeMs: 1, confidencePercent: 99 };
const comparison = compareBaselines(hostile(1), { ...hostile(2), server: { name: 'x', version: EVIL } }, options);
const style = { paint: plain, available: undefined };

it('in a terminal', () => {
  const text = [describeBaseline(hostile(1), DEFAULT_TARGETS, style), describeComparison(comparison, style)].join('\n');
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(text).not.toMatch(/^# /m);
  expect(text).toContain('evil\\u{1b}');
});

it('in Markdown', () => {
  const text = baselineMarkdown(hostile(1), DEFAULT_TARGETS, comparison);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(text).not.toContain('<b>');
  expect(text).not.toMatch(/[^\\]\[x\]/);
  const rows = text.split('\n').filter((line) => line.startsWith('| evil'));
  const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
  expect(cells).toEqual([9, 9, 7]);
});
