/** What tools may use. `app.ts` makes it; tests make it around a store and a clock of their own. */
import type { AlertManager } from '../alert/manager.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { DetectionService } from '../detect/service.ts';
import type { DashboardService } from '../report/dashboard.ts';
import type { Store } from '../store/store.ts';

/** One call that a caller reports itself, see the tool `track_performance`. */
export interface TrackedCall {
  server: string;
  tool: string;
  durationMs: number;
  success: boolean;
  errorMessage: string | undefined;
  resources: { cpuPercent: number; memoryMb: number; diskIoKb: number } | undefined;
}

export interface TrackedResult {
  /** Unique, stable across retries. */
  metricId: string;
  atMs: number;
  /** Whether it is durable. */
  stored: boolean;
}

export interface Services {
  clock: Clock;
  config: Config;
  store: Store;
  /** Resolves once durable; calls made close together travel in one batch. */
  track(call: TrackedCall): Promise<TrackedResult>;
  detection: DetectionService;
  alerts: AlertManager;
  dashboard: DashboardService;
}
