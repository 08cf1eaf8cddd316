/** Shapes of the dashboard and of reports; the renderers know nothing else. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import type { Alert } from './alert.ts';
import type { Anomaly } from './anomaly.ts';
import type { AuditEntry } from './audit.ts';

export type Health = 'healthy' | 'degraded' | 'critical';

export interface DashboardServer {
  name: string;
  /** 0 to 100, see `report/health.ts`. */
  healthScore: number;
  /** In the last hour, as are the figures below. */
  calls: number;
  avgResponseTimeMs: number;
  /** 0 when there was no call. */
  p95Ms: number;
  errorRatePercent: number;
  activeAlerts: number;
  status: Health;
}

export interface Dashboard {
  atMs: number;
  servers: DashboardServer[];
  activeAlerts: number;
  recentAnomalies: number;
  systemHealth: Health;
}

/** Numbers of one server, one tool or everything over a span. */
export interface CallStats {
  calls: number;
  errors: number;
  errorRatePercent: number;
  avgMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface ToolStats extends CallStats {
  server: string;
  tool: string;
  /** Calls times mean: what this tool cost in total. */
  totalMs: number;
  /** Share of all tools' total time, per cent. */
  sharePercent: number;
}

export interface ServerStats extends CallStats {
  server: string;
  version: string;
  healthScore: number;
}

/** A series that is no tool: another request, waiting, a size, the author's own. */
export interface OtherSeriesStats {
  server: string;
  kind: Exclude<SeriesKind, 'tool'>;
  name: string;
  /** Of what the values are in: `ms`, `bytes`, or nothing. */
  unit: string;
  samples: number;
  errorRatePercent: number;
  sum: number;
  avg: number;
  p95: number;
  max: number;
}

export type TargetGroup = 'performance' | 'operational' | 'quality';

/** A success criterion of the specification with its value. */
export interface Target {
  group: TargetGroup;
  name: string;
  target: string;
  /** In words, unit included. */
  value: string;
  /** As a number in the unit of the target; null where it cannot be told. */
  actual: number | null;
  /** Undefined where it cannot be told, e.g. because there was no call; `value` says why. */
  met: boolean | undefined;
}

export interface Trend {
  /** Both empty: everything that the report covers. */
  server: string;
  tool: string;
  metric: 'response_time' | 'error_rate' | 'calls';
  /** First and second half of the period: p95 in ms, per cent, or calls. */
  before: number;
  after: number;
  /** Null where there is nothing to compare with: `before` is 0. */
  changePercent: number | null;
  /** More or fewer calls are neither good nor bad. */
  direction: 'improving' | 'degrading' | 'stable' | 'rising' | 'falling';
}

export const REPORT_FORMATS = ['markdown', 'json', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** One of the newest failures: class and code, never a message. */
export interface ToolError {
  server: string;
  tool: string;
  atMs: number;
  errorClass: string;
  /** Empty when there is none. */
  code: string;
}

/** Calls of a tool that have started and not ended, when the report was made. */
export interface ToolInFlight {
  server: string;
  tool: string;
  calls: number;
  oldestAgeMs: number;
}

export const REPORT_KINDS = ['period', 'daily', 'weekly'] as const;
/** `daily` and `weekly` compare with the day or the week before, and begin with a summary of that. */
export type ReportKind = (typeof REPORT_KINDS)[number];

export interface ReportStep {
  startMs: number;
  calls: number;
  errors: number;
  /** Null without calls. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** Everything that a report covers, step by step, steps without calls included. */
export interface ReportTimeline {
  stepMs: number;
  points: ReportStep[];
}

/** What became of the alerts of a period. */
export interface Incidents {
  /** Their condition is over. */
  ended: number;
  open: number;
  acknowledged: number;
  /** From the alert to the end of its condition; null when none has ended. */
  meanMinutesToResolve: number | null;
  /** Null when nobody has acknowledged one. */
  meanMinutesToAcknowledge: number | null;
}

export interface MetricChange {
  metric: 'calls' | 'error_rate' | 'p50' | 'p95' | 'p99';
  before: number;
  after: number;
  /** Null where there is nothing to compare with: `before` is 0. */
  changePercent: number | null;
}

/** The same length of time just before. */
export interface PreviousPeriod {
  fromMs: number;
  toMs: number;
  overall: CallStats;
  changes: MetricChange[];
  /** By server, for those that were called in either. */
  servers: { server: string; errorRateBefore: number; errorRateAfter: number }[];
  /** Tools beyond chance slower, faster, failing more or less than before; worst first. */
  tools: Trend[];
  timeline: ReportTimeline;
}

export interface LastingTrend {
  /** Empty: everything that the report covers. */
  server: string;
  metric: 'response_time' | 'error_rate' | 'calls' | 'cpu' | 'memory';
  /** Of all steps: p95 in ms, per cent, calls per step, per cent of a core, per cent of the limit. */
  median: number;
  slopePerDay: number;
  /** Of the median; null where that is 0. */
  slopePercentPerDay: number | null;
  /** That it is no chance. */
  confidencePercent: number;
  /** `stable` where the confidence or the slope is too small. */
  direction: Trend['direction'];
}

export interface LastingTrends {
  fromMs: number;
  toMs: number;
  /** How they were found, in words; or why there are none. */
  method: string;
  trends: LastingTrend[];
}

export interface ServerResources {
  cpuPercentAvg: number;
  cpuPercentMax: number;
  memoryMbAvg: number;
  memoryMbMax: number;
  memoryPercentMax: number;
  /** Until 90 % of the limit at the slope of its trend; null where no trend can be seen. */
  daysUntilCpuLimit: number | null;
  daysUntilMemoryLimit: number | null;
}

/** How much a server has to do, and how much of what it has it needs for that. */
export interface ServerCapacity {
  server: string;
  /** What "busiest" and "latest" are measured over. */
  stepMs: number;
  callsPerSecond: { mean: number; busiest: number; latest: number };
  busiestAtMs: number;
  /** Calls under way at a time, by Little's law. */
  concurrency: { mean: number; busiest: number };
  /** Null where it does not report any. */
  resources: ServerResources | null;
  /** Markdown of one line. */
  advice: string;
}

/** What a tool's time would be less if it were as it could be. */
export interface Optimisation {
  server: string;
  tool: string;
  /** `slow_tail`: single calls are much slower than usual; `slow_usually`: most are above the target. */
  reason: 'slow_tail' | 'slow_usually';
  gainMs: number;
  /** Of the time of all tools. */
  gainPercent: number;
  calls: number;
  p50Ms: number;
  p95Ms: number;
  slowCalls: number;
}

/** What people and policies changed meanwhile, of what can move the numbers or hide alerts. */
export interface PeriodChanges {
  /** Newest first, no more than fit into a report. */
  newest: AuditEntry[];
  /** Those left out. */
  more: number;
}

export interface Report {
  kind: ReportKind;
  /** When it was made. */
  atMs: number;
  /** The range asked for. */
  fromMs: number;
  toMs: number;
  /** The range actually covered by stored data; differs only where levels were snapped. */
  usedFromMs: number;
  usedToMs: number;
  server: string | undefined;
  /** That of the least healthy server. */
  health: Health;
  overall: CallStats;
  targets: Target[];
  targetCounts: { met: number; missed: number; unknown: number };
  incidents: Incidents;
  timeline: ReportTimeline;
  /** Of kind `daily` and `weekly`. */
  previous: PreviousPeriod | undefined;
  servers: ServerStats[];
  /** Slowest p95 first. */
  tools: ToolStats[];
  /** Series of the other kinds, most samples first; undefined where they were not wanted. */
  otherSeries: OtherSeriesStats[] | undefined;
  /** Within the range, newest first; at most 20 per tool are kept. */
  newestErrors: ToolError[];
  inFlight: ToolInFlight[];
  anomalies: Anomaly[];
  alerts: Alert[];
  /** Undefined where nothing was changed. */
  changes: PeriodChanges | undefined;
  /** Tools by the time they cost in total. */
  bottlenecks: ToolStats[];
  /** First half of the period against the second. */
  trends: Trend[];
  lastingTrends: LastingTrends;
  capacity: ServerCapacity[];
  /** Largest gain first. */
  optimisations: Optimisation[];
  /** Markdown of one line each, names in code spans; undefined where they were not wanted. */
  recommendations: string[] | undefined;
}
