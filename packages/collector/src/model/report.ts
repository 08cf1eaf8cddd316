/** Shapes of the dashboard and of reports; the renderers know nothing else. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import type { Alert } from './alert.ts';
import type { Anomaly } from './anomaly.ts';

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

/** A target of the specification with its value. */
export interface Target {
  name: string;
  target: string;
  value: string;
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

export interface Report {
  /** When it was made. */
  atMs: number;
  /** The range asked for. */
  fromMs: number;
  toMs: number;
  /** The range actually covered by stored data; differs only where levels were snapped. */
  usedFromMs: number;
  usedToMs: number;
  server: string | undefined;
  overall: CallStats;
  targets: Target[];
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
  /** Tools by the time they cost in total. */
  bottlenecks: ToolStats[];
  trends: Trend[];
  /** Markdown of one line each, names in code spans; undefined where they were not wanted. */
  recommendations: string[] | undefined;
}
