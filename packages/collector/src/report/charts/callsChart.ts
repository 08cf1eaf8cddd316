/** Calls per step as bars; those that failed stand at the bottom, hatched, where one of them is still seen. */
import type { ReportStep, ReportTimeline } from '../../model/report.ts';
import { counted } from '../numbers.ts';
import { stepName } from '../sections/trends.ts';
import { chartOverTime, PLOT, timeScale } from './frame.ts';
import { linearScale } from './scales.ts';
import { element, rectangles } from './svg.ts';

/** However few, errors are to be seen. */
const MIN_ERROR_HEIGHT = 2;
const GAP_SHARE = 0.2;

const HATCH_ID = 'chart-calls-hatch';
/** Errors are told from calls without their colour. */
const HATCH = element(
  'pattern',
  { id: HATCH_ID, width: 4, height: 4, patternUnits: 'userSpaceOnUse' },
  element('path', { class: 'hatch-line', d: 'M0 4L4 0' }),
);

/** @returns undefined where nothing was called */
export function callsChart({ points, stepMs }: ReportTimeline): string | undefined {
  const [first, last] = [points[0], points.at(-1)];
  const total = points.reduce((sum, { calls }) => sum + calls, 0);
  if (total === 0 || first === undefined || last === undefined) return undefined;
  const x = timeScale(first.startMs, last.startMs + stepMs);
  const y = linearScale(
    points.reduce((max, { calls }) => Math.max(max, calls), 0),
    'calls',
  );
  const width = (PLOT.right - PLOT.left) / points.length;
  const gap = width > 4 ? width * GAP_SHARE : 0;
  const boxOf = (point: ReportStep, from: number, to: number) => ({
    x: x(point.startMs) + gap / 2,
    y: to,
    width: width - gap,
    height: from - to,
  });
  const topOfErrors = ({ errors }: ReportStep) =>
    errors === 0 ? PLOT.bottom : Math.min(y(errors), PLOT.bottom - MIN_ERROR_HEIGHT);
  const errorBars = rectangles(points.map((point) => boxOf(point, PLOT.bottom, topOfErrors(point))));
  const errors = points.reduce((sum, point) => sum + point.errors, 0);
  const busiest = points.reduce((a, b) => (b.calls > a.calls ? b : a));
  const step = stepName(stepMs);
  return chartOverTime(
    {
      name: 'calls',
      title: `Calls and errors per ${step}`,
      description: `${counted(total, 'call')} in the period, ${counted(errors, 'error')}; the busiest ${step} had ${counted(busiest.calls, 'call')}, at ${new Date(busiest.startMs).toISOString()}.`,
      legend: [
        { words: `calls per ${step}`, className: 'bar-calls', mark: 'box' },
        { words: 'of these, errors', className: 'bar-errors', mark: 'box' },
      ],
    },
    x,
    y,
    [
      element('path', {
        class: 'bar-calls',
        d: rectangles(points.map((point) => boxOf(point, topOfErrors(point), y(point.calls)))),
      }),
      element('path', { class: 'bar-errors', d: errorBars }),
      HATCH,
      element('path', { class: 'hatch', fill: `url(#${HATCH_ID})`, d: errorBars }),
    ],
  );
}
