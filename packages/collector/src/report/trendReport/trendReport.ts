/** The analysis of trends as a document: insights first, then a section for each server or tool, with a chart per metric. */
import { groupBy } from '../../model/groupBy.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import {
  type Capacity,
  type Insight,
  type SeriesTrend,
  type TrendAnalysis,
  type TrendColumn,
  UNIT_OF_METRIC,
  WORDS_OF_METRIC,
} from '../../model/trends.ts';
import { subject } from '../names.ts';
import { confidence, dateTime, inUnit } from '../numbers.ts';
import { type Block, paragraph, type Section, table } from '../sections/block.ts';
import { signedPercent } from '../sections/change.ts';

/** A section, and the series that it is about, each of which HTML draws. */
export interface TrendSection extends Section {
  charted: readonly { trend: SeriesTrend; column: TrendColumn }[];
}

export const TREND_REPORT_NAME = 'Performance trends';

export function periodWords({ period, fromMs, toMs, stepMs }: TrendAnalysis): string {
  const step = stepMs === HOUR_MS ? 'hours' : 'days';
  return `The last ${period}: ${dateTime(fromMs)} to ${dateTime(toMs)} UTC, by ${step}`;
}

/** One insight as a sentence. Names stand in code spans. */
export function insightSentence({ about, text, other }: Insight): string {
  const ending = other === undefined ? '' : ` ${subject(other.server, other.tool)}`;
  return `${subject(about.server, about.tool)}: ${text}${ending}.`;
}

export function trendSections(analysis: TrendAnalysis): TrendSection[] {
  const { series, insights } = analysis;
  const subjects = groupBy(series, ({ server, tool }) => subject(server, tool));
  return [
    {
      title: 'Insights',
      blocks: table(
        ['Severity', 'What'],
        insights.map((insight) => [insight.severity, insightSentence(insight)]),
        'Nothing moves: no trend, no change of level, no limit in sight.',
      ),
      charted: [],
    },
    ...[...subjects].map(([title, own]) => subjectSection(title, own, analysis)),
    ...correlationSection(analysis),
    { title: 'Method', blocks: [paragraph(METHOD)], charted: [] },
  ];
}

const METHOD =
  'Slopes are Theil-Sen, told from chance by the seasonal Mann-Kendall test at 1 %. Levels are found by optimal partitioning with a penalty for each. Forecasts combine simple models by how they would have done; their intervals are quantiles of what they were off by. Correlations are of ranks, without what repeats or grows, and corrected for how many were tried.';

function subjectSection(title: string, own: readonly SeriesTrend[], { columns, toMs }: TrendAnalysis): TrendSection {
  const charted = own.map((trend) => ({ trend, column: columns.find((each) => isOf(each, trend))! }));
  const head = ['Metric', 'Median', 'Latest', 'Slope per day', 'Confidence', 'Repeats by day', 'In the end', 'Limit'];
  const changes = own.flatMap(changeRows);
  const anomalies = own.flatMap(anomalyRows);
  const blocks: Block[] = [
    ...table(
      head,
      own.map((trend) => metricRow(trend, toMs)),
      '',
    ),
    ...own
      .filter(({ note }) => note !== '')
      .map(({ metric, note }) => paragraph(`${WORDS_OF_METRIC[metric]}: ${note}`)),
    ...(changes.length === 0 ? [] : table(['Change of level', 'Metric', 'Before', 'After'], changes, '')),
    ...(anomalies.length === 0 ? [] : table(['Far off', 'Metric', 'Value', 'Expected'], anomalies, '')),
  ];
  return { title, blocks, charted };
}

function isOf(column: TrendColumn, { server, tool, metric }: SeriesTrend): boolean {
  return column.server === server && column.tool === tool && column.metric === metric;
}

function metricRow(trend: SeriesTrend, nowMs: number): string[] {
  const { metric, slope, seasonality, forecast, capacity } = trend;
  const unit = UNIT_OF_METRIC[metric];
  const last = (forecast?.middle.length ?? 0) - 1;
  const relative = slope?.percentPerDay == null ? '' : ` (${signedPercent(slope.percentPerDay)})`;
  return [
    WORDS_OF_METRIC[metric],
    inUnit(trend.median, unit),
    inUnit(trend.latest, unit),
    slope === null
      ? ''
      : `${inUnit(slope.perDay, unit)}${relative}, ${slope.isStaircase ? 'in steps' : slope.direction}`,
    slope === null ? '' : confidence(100 * (1 - slope.pValue)),
    seasonality.dayStrength === null ? '' : seasonality.dayStrength.toFixed(2),
    forecast === null
      ? ''
      : `${inUnit(forecast.middle[last]!, unit)}; 95 %: ${inUnit(forecast.low95[last]!, '')} to ${inUnit(forecast.high95[last]!, '')}`,
    capacity === null ? '' : limitCell(capacity, unit, nowMs),
  ];
}

function limitCell({ limit, outcome, earliestMs, likelyMs, latestMs }: Capacity, unit: string, nowMs: number): string {
  const day = (atMs: number | null) => (atMs === null ? 'later' : dateTime(atMs).slice(0, 10));
  const of = inUnit(limit, unit);
  if (outcome === 'already') return `${of}: reached before ${dateTime(nowMs).slice(0, 10)}`;
  if (outcome === 'not') return `${of}: not within the horizon`;
  if (outcome === 'possible') return `${of}: possible from ${day(earliestMs)} on`;
  return `${of}: ${day(earliestMs)} to ${day(latestMs)}, likely ${day(likelyMs)}`;
}

function changeRows({ metric, changePoints }: SeriesTrend): string[][] {
  const unit = UNIT_OF_METRIC[metric];
  return changePoints.map(({ atMs, before, after }) => [
    dateTime(atMs).slice(0, 16),
    WORDS_OF_METRIC[metric],
    inUnit(before, unit),
    inUnit(after, unit),
  ]);
}

function anomalyRows({ metric, anomalies }: SeriesTrend): string[][] {
  const unit = UNIT_OF_METRIC[metric];
  return anomalies.map(({ fromMs, value, expected }) => [
    dateTime(fromMs).slice(0, 16),
    WORDS_OF_METRIC[metric],
    inUnit(value, unit),
    inUnit(expected, unit),
  ]);
}

function correlationSection({ correlations }: TrendAnalysis): TrendSection[] {
  if (correlations.length === 0) return [];
  const name = ({ server, tool, metric }: { server: string; tool: string; metric: SeriesTrend['metric'] }) =>
    `${WORDS_OF_METRIC[metric]} of ${subject(server, tool)}`;
  const rows = correlations.map(({ a, b, lagMs, coefficient, falseShare }) => [
    name(a),
    name(b),
    lagMs === 0 ? 'at once' : `${lagMs > 0 ? '+' : ''}${lagMs / HOUR_MS} h`,
    coefficient.toFixed(2),
    falseShare.toFixed(4),
  ]);
  const head = ['What', 'With', 'Later by', 'Rank correlation', 'Share of false ones'];
  return [{ title: 'What moves together', blocks: table(head, rows, ''), charted: [] }];
}
