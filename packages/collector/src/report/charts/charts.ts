/** The charts of a report, by name. */
import type { Report } from '../../model/report.ts';
import type { ChartName } from '../sections/block.ts';
import { errorsChart, gainsChart, healthChart, sharesChart } from './barCharts.ts';
import { callsChart } from './callsChart.ts';
import { latencyChart } from './latencyChart.ts';
import { previousCallsChart, previousChart } from './previousChart.ts';

/** What each shows, as a caption. */
export const CHART_TITLES: Record<ChartName, string> = {
  latency: 'Response time',
  calls: 'Calls and errors',
  health: 'Health, 0 to 100, worst first',
  errors: 'Error rate, highest first',
  shares: 'Share of all time spent in tools',
  gains: 'Time that could be saved at most',
  previous: 'p95 against the week before',
  previousCalls: 'Calls against the week before',
};

const DRAW: Record<ChartName, (report: Report) => string | undefined> = {
  latency: ({ timeline }) => latencyChart(timeline),
  calls: ({ timeline }) => callsChart(timeline),
  health: healthChart,
  errors: errorsChart,
  shares: sharesChart,
  gains: gainsChart,
  previous: ({ timeline, previous }) => previous && previousChart(timeline, previous.timeline, lengthOf(previous)),
  previousCalls: ({ timeline, previous }) =>
    previous && previousCallsChart(timeline, previous.timeline, lengthOf(previous)),
};

/** @returns SVG; undefined where there is nothing to draw */
export function drawChart(name: ChartName, report: Report): string | undefined {
  return DRAW[name](report);
}

function lengthOf({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
  return toMs - fromMs;
}
