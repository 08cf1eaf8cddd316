/** Shapes of the analysis of trends: what goes into its thread, and what comes out. */
import type { Interval } from './intervals.ts';

export const TREND_METRICS = [
  'execution_time',
  'error_rate',
  'throughput',
  'cpu',
  'memory',
  'event_loop_delay',
] as const;
export type TrendMetric = (typeof TREND_METRICS)[number];

/** Of `memory`, per cent of what the server may have; of `execution_time`, the p95. */
export const UNIT_OF_METRIC: Readonly<Record<TrendMetric, string>> = {
  execution_time: 'ms',
  error_rate: '%',
  throughput: 'calls/h',
  cpu: '%',
  memory: '%',
  event_loop_delay: 'ms',
};

export const WORDS_OF_METRIC: Readonly<Record<TrendMetric, string>> = {
  execution_time: 'p95',
  error_rate: 'error rate',
  throughput: 'throughput',
  cpu: 'CPU',
  memory: 'memory',
  event_loop_delay: 'event-loop delay',
};

export const TREND_PERIODS = ['week', 'month', 'quarter', 'year'] as const;
export type TrendPeriod = (typeof TREND_PERIODS)[number];

/** Without a tool: the whole server. Both empty: everything. */
export interface TrendSubject {
  server: string;
  tool: string;
}

/** One value per step of one thing; NaN where there is none. */
export interface TrendColumn extends TrendSubject {
  metric: TrendMetric;
  values: Float64Array;
  /** What it must not reach; absent where nothing says so. */
  limit?: number;
}

export interface TrendsInput {
  startMs: number;
  stepMs: number;
  columns: readonly TrendColumn[];
  /** 0: no forecasts. */
  horizonDays: number;
  anomalies: boolean;
  correlations: boolean;
}

export interface TrendSlope {
  perDay: number;
  /** 95 %. */
  interval: Interval;
  /** Of the median; null where that is 0. */
  percentPerDay: number | null;
  pValue: number;
  /** It is the sum of changes of level, between which nothing moves. */
  isStaircase: boolean;
  /** `stable` where it may be chance or is too small to matter. */
  direction: 'rising' | 'falling' | 'stable';
}

export interface Seasonality {
  /** 0, nothing repeats, to 1, nothing else happens; null where less than two cycles were seen, or steps are too wide. */
  dayStrength: number | null;
  weekStrength: number | null;
  /** UTC; where the day repeats. */
  busiestHour: number | null;
  quietestHour: number | null;
}

/** Where a level gives way to another. */
export interface ChangePoint {
  atMs: number;
  before: number;
  after: number;
}

/** Steps in a row that fit neither what repeats nor where it goes. */
export interface TrendAnomaly {
  fromMs: number;
  toMs: number;
  /** Of the farthest off. */
  value: number;
  expected: number;
  /** Standard deviations, robust. */
  score: number;
}

/** Columns with one value per step. */
export interface TrendForecast {
  startMs: number;
  stepMs: number;
  /** 95 % is between these. */
  low95: Float64Array;
  low80: Float64Array;
  middle: Float64Array;
  high80: Float64Array;
  high95: Float64Array;
}

/** When a limit is reached. */
export interface Capacity {
  limit: number;
  /**
   * `already`: the newest day is beyond it. `reached`: more likely than not within the horizon. `possible`: at least one path in ten reaches it.
   * `not`: none of these.
   */
  outcome: 'already' | 'reached' | 'possible' | 'not';
  /** When the highest tenth of paths reaches it; null where it does not. */
  earliestMs: number | null;
  likelyMs: number | null;
  /** When the lowest tenth does; null: not within the horizon. */
  latestMs: number | null;
}

export interface SeriesTrend extends TrendSubject {
  metric: TrendMetric;
  /** Steps with a value, and all. */
  known: number;
  steps: number;
  median: number;
  /** The median of the newest day, or of the newest week of days. */
  latest: number;
  slope: TrendSlope | null;
  seasonality: Seasonality;
  changePoints: ChangePoint[];
  anomalies: TrendAnomaly[];
  forecast: TrendForecast | null;
  capacity: Capacity | null;
  /** What could not be told, and why; empty where all could. */
  note: string;
}

export interface Correlation {
  a: TrendSubject & { metric: TrendMetric };
  b: TrendSubject & { metric: TrendMetric };
  /** How much later `b` moves; negative: earlier. */
  lagMs: number;
  /** Of ranks, of what neither repeats nor grows. */
  coefficient: number;
  pValue: number;
  /** The share of false ones among all that are at least as sure, at most. */
  falseShare: number;
}

export type InsightSeverity = 'info' | 'low' | 'medium' | 'high' | 'critical';

export interface Insight {
  severity: InsightSeverity;
  about: TrendSubject;
  /** A sentence without names, to follow that of its subject. */
  text: string;
  /** What the sentence ends with, where it is about two. */
  other?: TrendSubject;
}

export interface TrendsOutput {
  series: SeriesTrend[];
  correlations: Correlation[];
  /** The gravest first. */
  insights: Insight[];
}

export interface TrendAnalysis extends TrendsOutput {
  period: TrendPeriod;
  /** When it was made. */
  atMs: number;
  fromMs: number;
  toMs: number;
  stepMs: number;
  horizonDays: number;
  columns: readonly TrendColumn[];
}
