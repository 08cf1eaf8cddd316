/**
 * Everything there is to say of some columns of steps: where each goes, what repeats, where its level changed, what did not fit, how it
 * goes on, and what moves together. Pure, and slow: it runs in the analysis thread.
 */
import { median } from '../../model/median.ts';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import type { SeriesTrend, TrendColumn, TrendForecast, TrendsInput, TrendsOutput } from '../../model/trends.ts';
import { anomaliesOf } from './anomalies.ts';
import { capacityOf, latestOf } from './capacity.ts';
import { levelsOf } from './changePoints.ts';
import { correlationsOf, type Deseasonalised } from './correlation.ts';
import { seasonsFor } from './forecast/combine.ts';
import { forecast } from './forecast/forecast.ts';
import { History } from './forecast/history.ts';
import { insightsOf } from './insights.ts';
import { seasonalityOf } from './seasonality.ts';
import { slopeOf } from './slope.ts';

/** Values that a forecast takes at least: a day of hours, or a week of days. */
const MIN_HOURS = 24;
const MIN_DAYS = 7;

/** Of what repeats, before it is told from the levels. */
const MIN_CYCLES = 3;

/** What moves later than this has another reason. */
const MAX_LAG_HOURS = 24;
const MAX_LAG_DAYS = 7;

const QUANTILES = [0.025, 0.1, 0.5, 0.9, 0.975];
/** Of what is a share. */
const MOST = { error_rate: 100, memory: 100 } as const satisfies Partial<Record<TrendColumn['metric'], number>>;

export function analyseTrends(input: TrendsInput): TrendsOutput {
  const { columns, startMs, stepMs } = input;
  const told = columns
    .filter(({ values }) => values.some((value) => !Number.isNaN(value)))
    .map((column) => ({ column, ...takenApart(column, input) }));
  const series = told.map(({ column, expected, trend }) => ({
    ...trend,
    anomalies: input.anomalies ? anomaliesOf(column.values, expected, startMs, stepMs) : [],
  }));
  const maxLag = stepMs <= HOUR_MS ? MAX_LAG_HOURS : MAX_LAG_DAYS;
  const correlations = input.correlations
    ? correlationsOf(
        told.map(({ rest }) => rest),
        stepMs,
        maxLag,
      )
    : [];
  const endMs = startMs + stepMs * Math.max(0, ...columns.map(({ values }) => values.length));
  return { series, correlations, insights: insightsOf(series, correlations, { endMs, stepMs }) };
}

interface TakenApart {
  /** All but the anomalies. */
  trend: Omit<SeriesTrend, 'anomalies'>;
  /** Level and what repeats, per step. */
  expected: Float64Array;
  rest: Deseasonalised;
}

function takenApart(column: TrendColumn, input: TrendsInput): TakenApart {
  const { server, tool, metric, values } = column;
  const { startMs, stepMs } = input;
  // A profile of two weeks alone would take half of a shift between them for the week.
  const seasons = seasonsFor(values.length, stepMs).filter((season) => season * MIN_CYCLES <= values.length);
  const parts = new History(values).parts(seasons);
  const { level, changePoints, isFlat } = levelsOf(parts.rest, startMs, stepMs);
  const expected = level.map((value, i) => value + parts.profileAt(i));
  const known = values.filter((value) => !Number.isNaN(value));
  const isShort = known.length < (stepMs <= HOUR_MS ? MIN_HOURS : MIN_DAYS);
  const ahead = isShort ? null : forecastOf(column, input);
  return {
    trend: {
      server,
      tool,
      metric,
      known: known.length,
      steps: values.length,
      median: median(known),
      latest: latestOf(values, stepMs),
      slope: isShort ? null : slopeOf(values, startMs, stepMs, isFlat && changePoints.length > 0),
      seasonality: seasonalityOf(values, startMs, stepMs),
      changePoints: isShort ? [] : changePoints,
      forecast: ahead,
      capacity: ahead === null || column.limit === undefined ? null : capacityOf(values, ahead, column.limit),
      note: isShort ? shortNote(known.length, stepMs) : '',
    },
    expected,
    rest: { server, tool, metric, rest: parts.rest.map((value, i) => value - level[i]!) },
  };
}

function shortNote(known: number, stepMs: number): string {
  const [unit, needed] = stepMs <= HOUR_MS ? ['hours', MIN_HOURS] : ['days', MIN_DAYS];
  return `Too short a history: ${known} ${unit} with values; a trend and a forecast take ${needed}.`;
}

function forecastOf(
  { values, metric }: TrendColumn,
  { startMs, stepMs, horizonDays }: TrendsInput,
): TrendForecast | null {
  const steps = Math.round((horizonDays * DAY_MS) / stepMs);
  if (steps === 0) return null;
  const ceiling = metric in MOST ? MOST[metric as keyof typeof MOST] : Number.POSITIVE_INFINITY;
  const paths = forecast({ values, stepMs, steps, quantiles: QUANTILES, floor: 0, ceiling });
  if (paths === undefined) return null;
  const [low95, low80, middle, high80, high95] = paths as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { startMs: startMs + values.length * stepMs, stepMs, low95, low80, middle, high80, high95 };
}
