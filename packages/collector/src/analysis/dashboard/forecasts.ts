/** Of all that is forecast, what somebody should know: what reaches a limit first, then what moves. */
import type { ShownForecast } from '../../model/analysisDashboard.ts';
import {
  type Capacity,
  type SeriesTrend,
  type TrendAnalysis,
  type TrendMetric,
  UNIT_OF_METRIC,
  WORDS_OF_METRIC,
} from '../../model/trends.ts';
import type { Trends } from '../../serve/ports/analyses.ts';
import { capacityWords } from '../trends/insights.ts';
import { figure } from '../trends/words.ts';

export const HORIZON_DAYS = 30;

const METRICS: readonly TrendMetric[] = ['execution_time', 'throughput', 'cpu', 'memory'];

const URGENCY: Readonly<Record<Capacity['outcome'], number>> = { already: 3, reached: 2, possible: 1, not: 0 };

/** @throws VitalsError where there is nothing to learn from */
export async function readForecasts(trends: Trends, server: string | undefined): Promise<ShownForecast[]> {
  const analysis = await trends.analyse({
    ...{ period: 'month', metrics: METRICS, server, tool: undefined, horizonDays: HORIZON_DAYS, limit: undefined },
    ...{ anomalies: false, correlations: false },
  });
  return analysis.series
    .filter(({ forecast }) => forecast !== null)
    .sort((a, b) => urgencyOf(b) - urgencyOf(a) || slopeOf(b) - slopeOf(a))
    .map((trend) => shown(trend, analysis));
}

function shown(trend: SeriesTrend, { columns, fromMs, toMs, stepMs }: TrendAnalysis): ShownForecast {
  const column = columns.find(
    ({ server, tool, metric }) => server === trend.server && tool === trend.tool && metric === trend.metric,
  )!;
  return { trend, column, startMs: fromMs, stepMs, words: wordsOf(trend, toMs) };
}

function urgencyOf({ capacity }: SeriesTrend): number {
  return capacity === null ? 0 : URGENCY[capacity.outcome];
}

function slopeOf({ slope }: SeriesTrend): number {
  return slope === null || slope.direction === 'stable' ? 0 : Math.abs(slope.percentPerDay ?? 0);
}

function wordsOf(trend: SeriesTrend, nowMs: number): string {
  const { metric, capacity, forecast } = trend;
  const name = WORDS_OF_METRIC[metric];
  const { startMs, stepMs, middle } = forecast!;
  if (capacity !== null) return `${name} ${capacityWords(trend, capacity, nowMs, startMs + middle.length * stepMs)}`;
  const last = forecast!.middle.length - 1;
  const [value, low, high] = [forecast!.middle, forecast!.low95, forecast!.high95].map((column) =>
    figure(column[last]!, ''),
  );
  return `${name} in ${HORIZON_DAYS} days: about ${value} ${UNIT_OF_METRIC[metric]} (95 %: ${low} to ${high})`;
}
