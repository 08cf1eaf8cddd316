/** Where things are going: trends, forecasts, limits and what moves together, over a week to a year. */
import { z } from 'zod';
import { giveWay, Steps } from '../../../clock.ts';
import { REPORT_FORMATS } from '../../../model/report.ts';
import { HOUR_MS } from '../../../model/rollup.ts';
import {
  type Insight,
  type SeriesTrend,
  TREND_METRICS,
  TREND_PERIODS,
  type TrendAnalysis,
} from '../../../model/trends.ts';
import { isoTime, nameParam } from '../../params.ts';
import type { Services } from '../../ports/services.ts';
import { defineTool } from '../defineTool.ts';
import { named, presentedCorrelation, presentedInsight, presentedSeries } from './trendFigures.ts';

const MAX_SERIES = 20;
const MAX_LINES = 12;

/** What is in them is in docs/trends.md: spelled out here, it would cost every conversation more than all other words of the tool. */
const entries = z.array(z.looseObject({}));

export const analyzePerformanceTrends = defineTool({
  name: 'analyze_performance_trends',
  title: 'Performance trends',
  description:
    'Where metrics are going: slopes, seasons, shifts, forecast with 95 % interval, when a limit is reached, correlations.',
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    period: z.enum(TREND_PERIODS).default('month'),
    metrics: z
      .array(z.enum(TREND_METRICS))
      .min(1)
      .default(['execution_time', 'error_rate', 'throughput', 'cpu', 'memory'])
      .describe('execution_time: p95'),
    mcpServer: nameParam.optional(),
    toolName: nameParam.optional(),
    predictions: z.boolean().default(true),
    horizonDays: z.number().int().min(1).max(365).default(30),
    limit: z.number().positive().optional().describe('of the first metric; default: its threshold'),
    anomalies: z.boolean().default(true),
    correlations: z.boolean().default(true),
    insights: z.boolean().default(true),
    report: z.enum(REPORT_FORMATS).optional(),
  }),
  output: z.looseObject({
    insights: entries,
    series: entries,
    correlations: entries,
    report: z.string().optional(),
  }),

  async run(input, { trends, reports }: Pick<Services, 'trends' | 'reports'>) {
    const { period, metrics, mcpServer, toolName, predictions, limit, anomalies, correlations } = input;
    const analysis = await trends.analyse({
      period,
      metrics: [...new Set(metrics)],
      server: mcpServer,
      tool: toolName,
      horizonDays: predictions ? input.horizonDays : 0,
      limit,
      anomalies,
      correlations,
    });
    const document = input.report && (await reports.renderTrends(analysis, input.report));
    const shown = gravestFirst(analysis).slice(0, MAX_SERIES);
    const series = await new Steps().map(shown, presentedSeries);
    // What is answered can be megabytes, which take their time as well.
    await giveWay();
    return {
      structured: {
        from: isoTime(analysis.fromMs),
        to: isoTime(analysis.toMs),
        stepHours: analysis.stepMs / HOUR_MS,
        insights: input.insights ? analysis.insights.map(presentedInsight) : [],
        series,
        moreSeries: analysis.series.length - shown.length,
        correlations: analysis.correlations.map(presentedCorrelation),
        ...(document !== undefined && { report: document }),
      },
      text: document ?? summary(analysis, input.insights),
    };
  },
});

/** Series that the gravest insights are about. */
function gravestFirst({ series, insights }: TrendAnalysis): SeriesTrend[] {
  const rank = ({ server, tool }: SeriesTrend) => {
    const first = insights.findIndex(({ about }) => about.server === server && about.tool === tool);
    return first < 0 ? insights.length : first;
  };
  return [...series].sort((a, b) => rank(a) - rank(b));
}

function summary({ period, fromMs, toMs, series, insights }: TrendAnalysis, withInsights: boolean): string {
  const days = `${isoTime(fromMs).slice(0, 10)} to ${isoTime(toMs).slice(0, 10)}`;
  const headline = `Trends of the last ${period} (${days}), ${series.length} series.`;
  const notes = [...new Set(series.map(({ note }) => note).filter((note) => note !== ''))];
  const none = withInsights && insights.length === 0 && notes.length === 0 ? ['Nothing moves.'] : [];
  const lines = withInsights ? insights.slice(0, MAX_LINES).map(insightLine) : [];
  const rest = insights.length - lines.length;
  const more = withInsights && rest > 0 ? [`And ${rest} more.`] : [];
  return [headline, ...none, ...lines, ...more, ...notes].join('\n');
}

function insightLine({ severity, about, text, other }: Insight): string {
  return `- ${severity}, ${named(about)}: ${text}${other === undefined ? '' : ` ${named(other)}`}.`;
}
