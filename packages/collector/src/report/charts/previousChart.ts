/** Two spans of the same length as two lines, one over the other: the newer solid, the older dashed. */
import { line } from 'd3-shape';
import type { ReportStep, ReportTimeline } from '../../model/report.ts';
import { chartOverTime, timeScale, type YScale } from './frame.ts';
import { durationScale, linearScale } from './scales.ts';
import { element } from './svg.ts';

interface Compared {
  name: string;
  title: string;
  /** What a line shows, e.g. `p95`. */
  words: string;
  value(point: ReportStep): number | null;
  scale(values: readonly number[]): YScale;
}

const P95: Compared = {
  name: 'previous',
  title: 'p95 of this week and of the week before',
  words: 'p95',
  value: ({ p95Ms }) => p95Ms,
  scale: (values) => durationScale(values, [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!),
};

const CALLS: Compared = {
  name: 'previous-calls',
  title: 'Calls of this week and of the week before',
  words: 'calls',
  value: ({ calls }) => calls,
  scale: (values) => linearScale(Math.max(...values), 'calls'),
};

/** @param shiftMs what the older span has to be moved by @returns undefined where one of them has no calls */
export function previousChart(now: ReportTimeline, before: ReportTimeline, shiftMs: number): string | undefined {
  return compareLines(P95, now, before, shiftMs);
}

/** Like `previousChart`, of calls per step. */
export function previousCallsChart(now: ReportTimeline, before: ReportTimeline, shiftMs: number): string | undefined {
  return compareLines(CALLS, now, before, shiftMs);
}

function compareLines(
  what: Compared,
  now: ReportTimeline,
  before: ReportTimeline,
  shiftMs: number,
): string | undefined {
  const [first, last] = [now.points[0], now.points.at(-1)];
  if (!hasCalls(now) || !hasCalls(before) || first === undefined || last === undefined) return undefined;
  const x = timeScale(first.startMs, last.startMs + now.stepMs);
  const y = what.scale([...now.points, ...before.points].flatMap((point) => what.value(point) ?? []));
  const lineOf = (points: readonly ReportStep[], byMs: number) =>
    line<ReportStep>(
      ({ startMs }) => x(startMs + byMs + now.stepMs / 2),
      (point) => y(what.value(point) ?? 0),
    )
      .defined((point) => what.value(point) !== null)
      .digits(1)([...points]) ?? '';
  const description = `${what.words} this week as a solid line, and at the same hour a week before as a dashed one.`;
  const legend = [
    { words: `${what.words} this week`, className: 'line-p50', mark: 'line' as const },
    { words: `${what.words} the week before`, className: 'line-before', mark: 'line' as const },
  ];
  return chartOverTime({ name: what.name, title: what.title, description, legend }, x, y, [
    element('path', { class: 'line-before', d: lineOf(before.points, shiftMs) }),
    element('path', { class: 'line-p50', d: lineOf(now.points, 0) }),
  ]);
}

function hasCalls({ points }: ReportTimeline): boolean {
  return points.some(({ calls }) => calls > 0);
}
