/**
 * The ports that tools and routes use, a file for each stage in this folder, and all of them together. `app/` joins them to the
 * stages that implement them; a stage never imports another stage, so the interfaces stand here, on the side of the user.
 */
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import type { Store } from '../../store/store.ts';
import type { AccessTokens, Settings } from './access.ts';
import type { Alerts } from './alerts.ts';
import type { AnalysisDashboards, Bottlenecks, Costs, Replicas, Trends } from './analyses.ts';
import type { Audit } from './audit.ts';
import type { Benchmarks } from './benchmarks.ts';
import type { Detection } from './detection.ts';
import type { Monitors } from './monitors.ts';
import type { Optimizations } from './optimizations.ts';
import type { Forwarding, Notifications } from './outgoing.ts';
import type { Recent } from './recent.ts';
import type { Printer, Reports } from './reports.ts';
import type { TrackedCall, TrackedResult } from './tracking.ts';
import type { Views } from './views.ts';

/** What callers have of the collector: all of it, or what concerns one workspace. */
export type ServicesOf = (workspace: string | undefined) => Services;

export interface Services {
  clock: Clock;
  config: Config;
  store: Store;
  /** Resolves once durable; calls made close together travel in one batch. */
  track(call: TrackedCall): Promise<TrackedResult>;
  detection: Detection;
  alerts: Alerts;
  notifications: Notifications;
  forwarding: Forwarding;
  reports: Reports;
  views: Views;
  trends: Trends;
  audit: Audit;
  optimizations: Optimizations;
  recent: Recent;
  monitors: Monitors;
  benchmarks: Benchmarks;
  bottlenecks: Bottlenecks;
  costs: Costs;
  replicas: Replicas;
  analysisDashboards: AnalysisDashboards;
  printer: Printer;
  accessTokens: AccessTokens;
  settings: Settings;
}
