import { expect, it } from 'vitest';
import { type BottlenecksAnswer, describeBottlenecks } from './bottlenecksReport.ts';
import type { PrintStyle } from './terminal/output.ts';

const HOSTILE = '\u001b[31mred\n\u202e';
const PLAIN: PrintStyle = { paint: (_style, text) => text, available: undefined };

it('says where a finding shows, and for whom, with names as data', () => {
  const answer: BottlenecksAnswer = {
    bottlenecks: [
      {
        cause: 'slow_for_client',
        title: 'Calls of one client are slower than those of the others',
        severity: 'high',
        confidence: 0.9,
        shareOfTimePercent: 40,
        mcpServer: HOSTILE,
        tools: [HOSTILE],
        instances: [HOSTILE],
        clients: [HOSTILE],
        evidence: [{ name: 'p95 of its calls', value: 900, unit: 'ms' }],
        advice: ['Compare what it asks for.'],
        consequences: [],
        resolution: 'second',
      },
    ],
    belowThreshold: 0,
    calls: 100,
    notJudged: [],
  };
  const printed = describeBottlenecks(answer, 'medium', PLAIN);
  expect(printed).toMatch(/^ {2}only in .*red/m);
  expect(printed).toMatch(/^ {2}only for .*red/m);
  expect(printed).toContain('p95 of its calls  900 ms');
  expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
});
