/** The figures of an analysis of trends as its tool answers them: few, rounded, and without what only charts need. */
import { HOUR_MS } from '../../../model/rollup.ts';
import {
  type Insight,
  type SeriesTrend,
  type TrendAnalysis,
  type TrendForecast,
  UNIT_OF_METRIC,
} from '../../../model/trends.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';
import { isoTime } from '../../params.ts';

/** Of each forecast, evenly. */
const MAX_POINTS = 10;

export function named({ server, tool }: Insight['about']): string {
  if (server === '') return 'everything';
  return tool === '' ? quoteUntrusted(server) : `${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
}

export function presentedInsight({ severity, about, text, other }: Insight) {
  const ending = other === undefined ? '' : ` ${named(other)}`;
  return { severity, mcpServer: about.server, toolName: about.tool, text: `${text}${ending}` };
}

export function presentedSeries(trend: SeriesTrend) {
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

export function presentedCorrelation({ a, b, lagMs, coefficient, falseShare }: TrendAnalysis['correlations'][number]) {
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
