/** What the analyses say: bottlenecks, trends, cost, instances, and all of it side by side. */
import type { AnalysisDashboard, DashboardRange, DashboardType } from '../../model/analysisDashboard.ts';
import type { BottleneckAnalysis } from '../../model/bottleneck.ts';
import type { CostReport } from '../../model/cost.ts';
import type { ReplicaAdvice } from '../../model/replicas.ts';
import type { SeriesTrend, TrendAnalysis, TrendMetric, TrendPeriod } from '../../model/trends.ts';
import type { TimeRange } from '../../store/store.ts';
import type { CallControl } from '../toolBackend.ts';

export interface CostRequest extends TimeRange {
  /** Default: all servers. */
  server?: string | undefined;
}

/** What calls cost. */
export interface Costs {
  /** @throws VitalsError `not_found` for a server that has not reported */
  analyse(request: CostRequest): Promise<CostReport>;
}

/** How many instances servers need. */
export interface Replicas {
  /**
   * From the last day, and the hours of the last week.
   * @param server default: all
   * @throws VitalsError `not_found` for a server that has not reported
   */
  recommend(server: string | undefined): Promise<ReplicaAdvice[]>;
}

export interface TrendsRequest {
  period: TrendPeriod;
  metrics: readonly TrendMetric[];
  /** Absent: everything, and by themselves the servers with the most calls. */
  server: string | undefined;
  /** Only with a server. */
  tool: string | undefined;
  /** 0: without forecasts. */
  horizonDays: number;
  /** Of the first metric, in its unit; absent: the threshold in force. */
  limit: number | undefined;
  anomalies: boolean;
  correlations: boolean;
}

export interface ForecastRequest {
  server: string;
  tool?: string | undefined;
  metric: TrendMetric;
  horizonDays: number;
  /** What it is learnt from; default: the last month, by hours. */
  period?: TrendPeriod;
  limit?: number | undefined;
}

/** Where things are going. */
export interface Trends {
  /** @throws VitalsError `not_found` for what has never reported or has no data in the period, `invalid`, `unavailable` */
  analyse(request: TrendsRequest): Promise<TrendAnalysis>;
  /** Of one metric; undefined where it has no value in the period. @throws like `analyse` */
  forecast(request: ForecastRequest): Promise<SeriesTrend | undefined>;
}

export interface AnalysisDashboardRequest {
  type: DashboardType;
  range: DashboardRange;
  /** Default: all servers. */
  server?: string | undefined;
  includePredictions: boolean;
  includeRecommendations: boolean;
  /** Names of custom metrics, counters and gauges, with or without their labels. */
  customMetrics: readonly string[];
}

/** What all analyses say, side by side. */
export interface AnalysisDashboards {
  /**
   * Cached for `config.dashboard.cacheSeconds`.
   * @param maxAgeMs for callers who want it fresher than that
   * @throws VitalsError `not_found` for a server or a metric that has not been seen
   */
  build(request: AnalysisDashboardRequest, maxAgeMs?: number): Promise<AnalysisDashboard>;
}

export interface BottleneckRequest extends TimeRange {
  /** Default: each that has reported. */
  server?: string | undefined;
  /** Only findings that are about it; servers are looked at as a whole all the same. */
  tool?: string | undefined;
}

/** What makes servers slow. */
export interface Bottlenecks {
  /** @throws VitalsError `not_found`, `invalid` for a range in the future, `unavailable` when it takes too long */
  analyze(request: BottleneckRequest, control?: CallControl): Promise<BottleneckAnalysis>;
}
