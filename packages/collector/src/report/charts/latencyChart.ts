/** Response times: the median as a line, p50 to p95 as a band, p99 as a dashed line; gaps where nothing was called. */
import { area, line } from 'd3-shape';
import { median } from '../../model/median.ts';
import type { ReportStep, ReportTimeline } from '../../model/report.ts';
import { milliseconds } from '../numbers.ts';
import { chartOverTime, timeScale } from './frame.ts';
import { durationScale } from './scales.ts';
import { element } from './svg.ts';

type Called = ReportStep & { p50Ms: number; p95Ms: number; p99Ms: number };

/** @returns undefined where nothing was called */
export function latencyChart({ points, stepMs }: ReportTimeline): string | undefined {
  const called = points.filter(isCalled);
  const [first, last] = [points[0], points.at(-1)];
  if (called.length === 0 || first === undefined || last === undefined) return undefined;
  const x = timeScale(first.startMs, last.startMs + stepMs);
  const usualMs = median(called.map(({ p50Ms }) => p50Ms));
  const y = durationScale(
    called.flatMap(({ p50Ms, p99Ms }) => [p50Ms, p99Ms]),
    usualMs,
  );
  const xOf = ({ startMs }: ReportStep) => x(startMs + stepMs / 2);
  const lineOf = (key: 'p50Ms' | 'p95Ms' | 'p99Ms') =>
    line<ReportStep>(xOf, (point) => y(point[key] ?? 0))
      .defined(isCalled)
      .digits(1)(points) ?? '';
  const band = area<ReportStep>(
    xOf,
    ({ p50Ms }) => y(p50Ms ?? 0),
    ({ p95Ms }) => y(p95Ms ?? 0),
  ).defined(isCalled);
  const slowest = called.reduce((a, b) => (b.p99Ms > a.p99Ms ? b : a));
  return chartOverTime(
    {
      name: 'latency',
      title: 'Response time',
      description: `Response time over the period: usually ${milliseconds(usualMs)} (p50); the highest p99 is ${milliseconds(slowest.p99Ms)}, at ${new Date(slowest.startMs).toISOString()}.`,
      legend: [
        { words: 'p50', className: 'line-p50', mark: 'line' },
        { words: 'p50 to p95', className: 'band', mark: 'box' },
        { words: 'p99', className: 'line-p99', mark: 'line' },
      ],
    },
    x,
    y,
    [
      element('path', { class: 'band', d: band.digits(1)(points) ?? '' }),
      element('path', { class: 'line-p95', d: lineOf('p95Ms') }),
      element('path', { class: 'line-p99', d: lineOf('p99Ms') }),
      element('path', { class: 'line-p50', d: lineOf('p50Ms') }),
    ],
  );
}

function isCalled(point: ReportStep): point is Called {
  return point.p50Ms !== null;
}
