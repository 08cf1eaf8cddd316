/**
 * Shapes of the analysis dashboard: what the analyses say of the same servers and the same time, side by side. Texts are ours
 * alone, but for names, which stand in fields of their own.
 */
import type { AuditEntry } from './audit.ts';
import type { Bottleneck } from './bottleneck.ts';
import type { CostReport } from './cost.ts';
import type { ReplicaAdvice } from './replicas.ts';
import type { CallStats, Health, OtherSeriesStats, ReportTimeline, ToolStats } from './report.ts';
import type { SeriesTrend, TrendColumn } from './trends.ts';

export const DASHBOARD_TYPES = ['overview', 'detailed', 'automation', 'system'] as const;
/**
 * `overview`: the most important of everything; `detailed`: all of it; `automation`: tool by tool; `system`: server by server,
 * with what they use.
 */
export type DashboardType = (typeof DASHBOARD_TYPES)[number];

export const DASHBOARD_RANGES = ['live', 'hour', 'day', 'week', 'month'] as const;
export type DashboardRange = (typeof DASHBOARD_RANGES)[number];

/** A server's figures over the range; resources null where it reports none. */
export interface ServerFigures extends CallStats {
  server: string;
  healthScore: number;
  status: Health;
  activeAlerts: number;
  instances: number;
  callsPerSecond: number;
  resources: {
    /** Of one core, all processes together. */
    cpuPercent: number;
    cpuPercentMax: number;
    memoryMb: number;
    memoryPercentMax: number;
    eventLoopDelayMs: number;
    eventLoopDelayMsMax: number;
  } | null;
}

/** What makes something slow, most of all time first. */
export interface ShownFinding
  extends Pick<
    Bottleneck,
    'cause' | 'title' | 'severity' | 'confidence' | 'server' | 'tools' | 'clients' | 'evidence'
  > {
  /** Of all time spent in tools; null where it cannot be told. */
  sharePercent: number | null;
  action: string;
}

/** What one figure of one thing was, and will be. */
export interface ShownForecast {
  trend: SeriesTrend;
  column: TrendColumn;
  /** Of the first value of the column. */
  startMs: number;
  stepMs: number;
  /** What it means, without the name of what it is about. */
  words: string;
}

/** A policy that servers are told of. */
export interface ShownPolicy {
  server: string;
  version: number;
  /** `watching`: compared with before; `kept`: nothing speaks against it. */
  state: 'watching' | 'kept';
  appliedAtMs: number;
  appliedBy: string;
  expiresAtMs: number;
  why: string;
  /** By tool, `*` for those that are not named. */
  controls: readonly { tool: string; control: string; settings: Readonly<Record<string, number | string>> }[];
}

export interface ShownBenchmark {
  target: string;
  tool: string;
  profile: string;
  atMs: number;
  callsPerSecond: number;
  p95Ms: number | null;
  errorPercent: number;
  /** Against its baseline, in words; empty where there was none. */
  change: string;
}

/** What somebody could do, and which analysis says so. */
export interface Recommendation {
  from: 'bottleneck' | 'cost' | 'replicas' | 'forecast';
  server: string;
  tool: string;
  what: string;
}

/** How the collector itself does. */
export interface CollectorFigures {
  databaseMb: number;
  freeDiskMb: number;
  series: number;
  conditions: readonly string[];
}

/** What could not be told, and why. */
export interface MissingPart {
  part: string;
  reason: string;
}

/** Parts are absent where the type of the dashboard, or who asked, leaves them out. */
export interface AnalysisDashboard {
  atMs: number;
  fromMs: number;
  toMs: number;
  type: DashboardType;
  range: DashboardRange;
  /** Undefined: all. */
  server: string | undefined;
  health: Health;
  overall: CallStats & { callsPerSecond: number };
  timeline: ReportTimeline;
  servers: ServerFigures[];
  tools?: ToolStats[] | undefined;
  findings?: ShownFinding[] | undefined;
  forecasts?: ShownForecast[] | undefined;
  cost?: CostReport | undefined;
  replicas?: ReplicaAdvice[] | undefined;
  policies?: ShownPolicy[] | undefined;
  benchmarks?: ShownBenchmark[] | undefined;
  audit?: AuditEntry[] | undefined;
  collector?: CollectorFigures | undefined;
  /** Series of the authors' own, that were asked for by name. */
  customMetrics?: OtherSeriesStats[] | undefined;
  recommendations?: Recommendation[] | undefined;
  missing: MissingPart[];
}
