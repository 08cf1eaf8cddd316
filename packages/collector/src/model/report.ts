/** Shapes of the dashboard and of reports; the renderers know nothing else. */
import type { Alert } from './alert.ts';
import type { Anomaly } from './anomaly.ts';

export type Health = 'healthy' | 'degraded' | 'critical';

export interface DashboardServer {
  name: string;
  /** 0 to 100, see `report/health.ts`. */
  healthScore: number;
  avgResponseTimeMs: number;
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

/** A target of the specification with its value. */
export interface Target {
  name: string;
  target: string;
  value: string;
  met: boolean;
}

export interface Trend {
  server: string;
  tool: string;
  metric: 'response_time' | 'error_rate' | 'calls';
  /** First and second half of the period. */
  before: number;
  after: number;
  changePercent: number;
  direction: 'improving' | 'degrading' | 'stable';
}

export interface Report {
  fromMs: number;
  toMs: number;
  /** The range actually covered by stored data; differs only where levels were snapped. */
  usedFromMs: number;
  usedToMs: number;
  server: string | undefined;
  overall: CallStats;
  targets: Target[];
  servers: ServerStats[];
  tools: ToolStats[];
  anomalies: Anomaly[];
  alerts: Alert[];
  bottlenecks: ToolStats[];
  trends: Trend[];
  recommendations: string[];
}
