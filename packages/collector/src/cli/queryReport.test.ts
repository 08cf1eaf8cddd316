import { describe, expect, it } from 'vitest';
import { describeMetrics, type MetricsAnswer, metricColumns } from './queryReport.ts';
import { plain } from './terminal/style.ts';

const at = (hour: number) => `2026-11-21T${hour}:00:00.000Z`;
const metric = (toolName: string, hour: number, value: number) => {
  return { timestamp: at(hour), mcpServer: 'shop', toolName, value, count: 10 };
};
const ANSWER: MetricsAnswer = {
  metrics: [metric('pay\t\x1b[31m', 10, 1_500), metric('find', 10, 20), metric('find', 12, 80.5)],
  summary: { totalCalls: 30, avgResponseTime: 533.5, p95ResponseTime: 1_400, p99ResponseTime: 1_500, errorRate: 0.4 },
};
const SUMMARY = '30 calls, 0.4 % errors; avg 534 ms, p95 1.40 s, p99 1.50 s';
const style = { available: 80, paint: plain };

describe('query', () => {
  it('prints columns with tabs between on a pipe', () => {
    expect(metricColumns(ANSWER, { aggregation: 'p95', kind: 'tool' }).split('\n')).toEqual([
      'timestamp\tserver\ttool\tp95_ms\tcalls',
      `${at(10)}\tshop\tpay\\t\\u{1b}[31m\t1500\t10`,
      `${at(10)}\tshop\tfind\t20\t10`,
      `${at(12)}\tshop\tfind\t80.5\t10`,
      `# ${SUMMARY}`,
    ]);
  });

  it('prints a line through the hours of each tool, the greatest first', () => {
    expect(describeMetrics(ANSWER, { aggregation: 'p95', kind: 'tool', groupBy: 'hour' }, style).split('\n')).toEqual([
      'TOOL            SERVER       CALLS   NEWEST GREATEST P95 BY HOUR',
      'pay\\t\\u{1b}[31m shop            10   1.50 s   1.50 s █',
      'find            shop            20  80.5 ms  80.5 ms ▂ █',
      '',
      SUMMARY,
    ]);
  });

  it('prints a bar for each tool', () => {
    const metrics = ANSWER.metrics.slice(0, 2);
    expect(describeMetrics({ ...ANSWER, metrics }, { aggregation: 'avg', kind: 'tool' }, style).split('\n')[1]).toMatch(
      /^pay.* 1\.50 s █+$/,
    );
  });

  it('knows units, and says when there is nothing', () => {
    const one = (kind: 'result_bytes' | 'gauge' | 'tool', aggregation: 'avg' | 'count') =>
      describeMetrics({ ...ANSWER, metrics: [metric('find', 10, 2_500)] }, { aggregation, kind }, style);
    expect(one('result_bytes', 'avg')).toMatch(/2\.50 kB/);
    expect(one('gauge', 'avg')).toMatch(/30 samples of kind gauge, .* avg 534, p95 1,400/);
    expect(one('tool', 'count')).toMatch(/ 2,500 /);
    const summary = { ...ANSWER.summary, totalCalls: 0 };
    expect(describeMetrics({ metrics: [], summary }, { aggregation: 'avg', kind: 'tool' }, style)).toBe(
      'No calls in this time.',
    );
  });
});
