/** Shapes of what the page and `mcp-vitals top` show of everything at once. */
import type { Alert } from './alert.ts';
import type { CallStats, Dashboard, DashboardServer, ToolStats } from './report.ts';

export interface Overview extends Omit<Dashboard, 'servers'> {
  /** Worst health first. */
  servers: ServerOverview[];
  /** Of everything, over the last hour. */
  totals: CallStats;
  callsPerMinute: number;
  /** Start of the first minute of every `Spark`. */
  sparkFromMs: number;
  /** Of `activeAlerts`, those whose condition holds now. */
  firingAlerts: number;
  /** Not resolved, the worst first; `activeAlerts` counts all. */
  alerts: Alert[];
  /** Of the last 24 hours, newest first. */
  changes: Change[];
  /** Tools of the last hour by the share of all time that they took. */
  timeShares: ToolStats[];
}

export interface ServerOverview extends DashboardServer {
  version: string;
  /** Epoch ms of the newest batch. */
  lastSeenMs: number;
  liveInstances: number;
  /** Mean of the last minutes that are over. */
  callsPerMinute: number;
  spark: Spark;
}

/** One value a minute of the last hour, the minute under way last. */
export interface Spark {
  calls: number[];
  errors: number[];
  /** Null in minutes without a call. */
  avgMs: (number | null)[];
}

export type ChangeKind =
  | 'deploy'
  | 'server_new'
  | 'anomaly_began'
  | 'anomaly_ended'
  | 'alert_raised'
  | 'alert_acknowledged'
  | 'alert_resolved';

/** Something that became different. */
export interface Change {
  atMs: number;
  kind: ChangeKind;
  server: string;
  /** Empty for a whole server. */
  tool: string;
  severity: 'info' | 'warning' | 'critical';
  /** The alert or the anomaly that it is about; empty where there is none. */
  id: string;
  /** E.g. `1.0.0 to 1.1.0`, `error_rate > 5%`; may hold text from outside. */
  detail: string;
}
