/** Where things are going: trends, forecasts, limits and what moves together, over a week to a year. */
import { z } from 'zod';
import { REPORT_FORMATS } from '../../../model/report.ts';
import { HOUR_MS } from '../../../model/rollup.ts';
import {
  type Insight,
  type SeriesTrend,
  TREND_METRICS,
  TREND_PERIODS,
  type TrendAnalysis,
  type TrendForecast,
  UNIT_OF_METRIC,
} from '../../../model/trends.ts';
import { isoTime, nameParam } from '../../params.ts';
import type { Services } from '../../services.ts';
import { defineTool } from '../defineTool.ts';
import { quoteUntrusted } from '../untrusted.ts';

const MAX_SERIES = 20;
const MAX_LINES = 12;
/** Of each forecast, evenly. */
const MAX_POINTS = 10;

const number = z.number();
const text = z.string();
const numberOrNull = z.number().nullable();
const textOrNull = z.string().nullable();

const seriesSchema = z.object({
  mcpServer: text,
  toolName: text,
  metric: text,
  unit: text,
  median: number,
  latest: number,
  slope: z
    .object({ perDay: number, low95: numberOrNull, high95: numberOrNull, direction: text, pValue: number })
    .nullable(),
  seasonality: z.object({ day: numberOrNull, week: numberOrNull }),
  changes: z.array(z.object({ at: text, before: number, after: number })),
  anomalies: z.array(z.object({ from: text, to: text, value: number, expected: number })),
  forecast: z.array(z.object({ at: text, value: number, low95: number, high95: number })),
  limit: z
    .object({ limit: number, outcome: text, earliest: textOrNull, likely: textOrNull, latest: textOrNull })
    .nullable(),
  note: text,
});

export const analyzePerformanceTrends = defineTool({
  name: 'analyze_performance_trends',
  title: 'Performance trends',
  description:
    'Where metrics are going: slope, seasons, changes of level, forecast with 95 % interval, when a limit is reached, what moves together.',
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
  output: z.object({
    from: text,
    to: text,
    stepHours: number,
    insights: z.array(z.object({ severity: text, mcpServer: text, toolName: text, text })),
    series: z.array(seriesSchema),
    moreSeries: number.describe('left out here; the report has all'),
    correlations: z.array(z.object({ a: text, b: text, lagHours: number, coefficient: number, falseShare: number })),
    report: text.optional(),
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
    const document = input.report && reports.renderTrends(analysis, input.report);
    const shown = gravestFirst(analysis).slice(0, MAX_SERIES);
    return {
      structured: {
        from: isoTime(analysis.fromMs),
        to: isoTime(analysis.toMs),
        stepHours: analysis.stepMs / HOUR_MS,
        insights: input.insights ? analysis.insights.map(presentedInsight) : [],
        series: shown.map(presentedSeries),
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

function named({ server, tool }: Insight['about']): string {
  if (server === '') return 'everything';
  return tool === '' ? quoteUntrusted(server) : `${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
}

function presentedInsight({ severity, about, text, other }: Insight) {
  const ending = other === undefined ? '' : ` ${named(other)}`;
  return { severity, mcpServer: about.server, toolName: about.tool, text: `${text}${ending}` };
}

function presentedSeries(trend: SeriesTrend): z.output<typeof seriesSchema> {
  const { server, tool, metric, slope, seasonality, changePoints, anomalies, forecast, capacity, note } = trend;
  return {
    mcpServer: server,
    toolName: tool,
    metric,
    unit: UNIT_OF_METRIC[metric],
    median: digits(trend.median),
    latest: digits(trend.latest),
    slope: slope && {
      perDay: digits(slope.perDay),
      low95: finite(slope.interval[0]),
      high95: finite(slope.interval[1]),
      direction: slope.direction,
      pValue: digits(slope.pValue),
    },
    seasonality: { day: shareOf(seasonality.dayStrength), week: shareOf(seasonality.weekStrength) },
    changes: changePoints.map(({ atMs, before, after }) => ({
      at: isoTime(atMs),
      before: digits(before),
      after: digits(after),
    })),
    anomalies: anomalies.map(({ fromMs, toMs, value, expected }) => ({
      from: isoTime(fromMs),
      to: isoTime(toMs),
      value: digits(value),
      expected: digits(expected),
    })),
    forecast: forecast === null ? [] : sampled(forecast),
    limit: capacity && {
      limit: capacity.limit,
      outcome: capacity.outcome,
      earliest: timeOrNull(capacity.earliestMs),
      likely: timeOrNull(capacity.likelyMs),
      latest: timeOrNull(capacity.latestMs),
    },
    note,
  };
}

/** The mean of each span, and the widest of its interval. */
function sampled({ startMs, stepMs, low95, middle, high95 }: TrendForecast) {
  const points = Math.min(MAX_POINTS, middle.length);
  return Array.from({ length: points }, (_, i) => {
    const [from, to] = [(i * middle.length) / points, ((i + 1) * middle.length) / points].map(Math.floor);
    const within = middle.subarray(from, to);
    return {
      at: isoTime(startMs + from! * stepMs),
      value: digits(within.reduce((sum, value) => sum + value, 0) / within.length),
      low95: digits(Math.min(...low95.subarray(from, to))),
      high95: digits(Math.max(...high95.subarray(from, to))),
    };
  });
}

function presentedCorrelation({ a, b, lagMs, coefficient, falseShare }: TrendAnalysis['correlations'][number]) {
  const name = (each: typeof a) => `${each.metric} of ${named(each)}`;
  return {
    a: name(a),
    b: name(b),
    lagHours: lagMs / HOUR_MS,
    coefficient: digits(coefficient),
    falseShare: digits(falseShare),
  };
}

/** More digits than these are noise, and tokens. */
function digits(value: number): number {
  return Number(value.toPrecision(4));
}

const finite = (value: number) => (Number.isFinite(value) ? digits(value) : null);
const shareOf = (value: number | null) => (value === null ? null : digits(value));
const timeOrNull = (atMs: number | null) => (atMs === null ? null : isoTime(atMs));
