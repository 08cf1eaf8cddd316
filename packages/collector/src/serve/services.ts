/**
 * The ports that tools and routes use. `app.ts` joins them to the stages that implement them; a stage never imports
 * another stage, so the interfaces stand here, on the side of the user.
 */
import type { Control, ResourceSample, SeriesKind } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config, Objective, Rule } from '../config/schema.ts';
import type {
  Alert,
  AlertFeedback,
  AlertQuality,
  AlertSeverity,
  AlertStatus,
  ListedThreshold,
  ObjectiveStatus,
  Silence,
  Threshold,
  ThresholdMetric,
  ThresholdProposal,
} from '../model/alert.ts';
import type { AlertGrade } from '../model/alertRule.ts';
import type { AnalysisDashboard, DashboardRange, DashboardType } from '../model/analysisDashboard.ts';
import type { Anomaly, DetectionMethod, Explanation, SeenDeploy, Sensitivity } from '../model/anomaly.ts';
import type { AuditAction, AuditEntry } from '../model/audit.ts';
import type { BenchmarkReport, BenchmarkRequest, RunningBenchmark, SavedBenchmark } from '../model/benchmark.ts';
import type { BottleneckAnalysis } from '../model/bottleneck.ts';
import type { Comparison } from '../model/comparison.ts';
import type { CostReport } from '../model/cost.ts';
import type { IssuedToken } from '../model/issuedToken.ts';
import type { MonitorRequest, MonitorRun, MonitorSample } from '../model/monitor.ts';
import type { Plan, ResourceLimits, Strategy, Target } from '../model/optimization/plan.ts';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import type { Overview } from '../model/overview.ts';
import type { ReplicaAdvice } from '../model/replicas.ts';
import type { Dashboard, Report, ReportFormat, ReportKind, ToolStats } from '../model/report.ts';
import type { SeriesFilter, TimedKind } from '../model/series.ts';
import type { Distribution, Subject, Timeline } from '../model/timeline.ts';
import type { SeriesTrend, TrendAnalysis, TrendMetric, TrendPeriod } from '../model/trends.ts';
import type { Store, TimeRange } from '../store/store.ts';
import type { CallControl } from './toolBackend.ts';

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
  /** Why it is not, for the caller to read. */
  reason?: string | undefined;
}

export interface DetectionRequest {
  server: string | undefined;
  tool: string | undefined;
  kind: TimedKind;
  lookbackMs: number;
  method: DetectionMethod;
  sensitivity: Sensitivity;
}

export interface Detection {
  /** Cached for `config.detection.cacheSeconds`. Newest first. */
  detect(request: DetectionRequest): Promise<Anomaly[]>;
  /** The numbers behind an anomaly that was saved. @throws VitalsError `not_found` */
  explain(anomalyId: string): Promise<Explanation>;
}

export interface ThresholdInput {
  server: string | undefined;
  tool: string | undefined;
  metric: ThresholdMetric;
  threshold: number;
  severity: AlertSeverity;
  enabled: boolean;
}

/** A rule that was set here, and not in the settings. */
export interface SetRule extends Rule {
  /** In the words it was set with. */
  grade: AlertGrade;
  /** Whether a policy that the server permits may be applied when it raises an alert. */
  resolvesBy: 'people' | 'policy';
}

export interface Alerts {
  setThreshold(input: ThresholdInput): Promise<Threshold>;
  /** Alerts that are not resolved, newest first. */
  active(filter: {
    severity?: AlertSeverity | undefined;
    server?: string | undefined;
    status?: Exclude<AlertStatus, 'pending' | 'resolved'> | undefined;
  }): Promise<Alert[]>;
  /** @throws VitalsError `not_found`, or `conflict` when it is resolved */
  acknowledge(alertId: string, by: string, notes: string | undefined): Promise<Alert>;
  /** What a person thinks of it, resolved or not. @throws VitalsError `not_found` */
  judge(alertId: string, feedback: AlertFeedback): Promise<Alert>;
  /** @throws VitalsError `invalid` */
  silence(input: SilenceInput): Promise<Silence>;
  /** Those that have not ended. */
  silences(): Promise<Silence[]>;
  /** @throws VitalsError `not_found` */
  endSilence(silenceId: string): Promise<void>;
  /** `isFixed`: it comes from the settings, and cannot be changed here. */
  objectives(): Promise<(ObjectiveStatus & { isFixed: boolean })[]>;
  /** Inserts or replaces by name. @returns it as it is known. @throws VitalsError `conflict` */
  setObjective(objective: Objective): Promise<Objective>;
  /** @throws VitalsError `not_found`, `conflict` */
  removeObjective(name: string): Promise<void>;
  /**
   * Takes in what an Alertmanager tells; the same told again changes nothing.
   * @param workspace that all of it is about, whatever it says; undefined: what it says
   */
  receive(told: readonly ForeignAlert[], workspace?: string): Promise<ReceivedAlerts>;
  /** In force, the defaults included. */
  thresholds(): ListedThreshold[];
  /** What was set for it holds no longer; a default holds again. @throws VitalsError `not_found` */
  removeThreshold(thresholdId: string): Promise<Threshold>;
  /** Rules that were set here; those of the settings are in `config`. */
  rules(): Promise<readonly SetRule[]>;
  /** Inserts or replaces by name. @returns it as it is known. @throws VitalsError `conflict`, `invalid` */
  setRule(rule: SetRule): Promise<SetRule>;
  /** @throws VitalsError `not_found`, `conflict` */
  removeRule(name: string): Promise<void>;
  /** Of the alerts raised within the range. @param workspace whose alerts only; undefined: all */
  quality(range: TimeRange, workspace?: string): Promise<AlertQuality>;
  /** Thresholds that would fit the last week. */
  proposals(): Promise<ThresholdProposal[]>;
}

/** An alert as an Alertmanager tells of it. Every text is a stranger's, in maps because names may be `__proto__`. */
export interface ForeignAlert {
  isFiring: boolean;
  /** What it is known by. */
  labels: ReadonlyMap<string, string>;
  annotations: ReadonlyMap<string, string>;
  /** Null where it has no end yet. */
  endsAtMs: number | null;
  /** What raised it, as a link. */
  url: string | undefined;
}

export interface ReceivedAlerts {
  firing: number;
  resolved: number;
  /** Our own, those of no severity that needs anybody, and what is beyond the limit. */
  ignored: number;
}

export type SilenceInput = Omit<Silence, 'silenceId'>;

/** How a channel does, see `notify/`. */
export interface ChannelStatus {
  name: string;
  waiting: number;
  /** In a row. */
  failures: number;
  error?: string;
  counts: Record<string, number>;
}

export interface Notifications {
  status(): ChannelStatus[];
  /** @throws VitalsError `not_found`, or `unavailable` with the reason */
  test(channel: string): Promise<void>;
}

/** How forwarding to a destination does, see `forward/`. */
export interface ForwardingStatus {
  name: string;
  /** ISO 8601; everything before is there. Absent until a server has reported. */
  forwardedUntil?: string;
  lagMinutes?: number;
  /** In a row. */
  failures: number;
  /** Since the first of them. */
  failingSeconds: number;
  /** Why the last try failed; absent when it did not. */
  error?: string;
  /** What the destination said when it did not take something, and never will. */
  lastRefusal?: string;
  counts: Record<string, number>;
}

export interface Forwarding {
  status(): ForwardingStatus[];
  /** Destinations to which nothing has gone out for long. */
  failing(): ForwardingStatus[];
}

export interface ComparisonRequest {
  /** Environments; or, with a server, versions of it. */
  from: string;
  to: string;
  server: string | undefined;
  /** Newest minutes of an environment or a version that are looked at. */
  minutes: number;
}

export interface Reports {
  build(
    range: TimeRange,
    options: {
      /** Default: `period`. */
      kind?: ReportKind | undefined;
      server: string | undefined;
      includeRecommendations: boolean;
      includeOtherKinds: boolean;
    },
  ): Promise<Report>;
  render(report: Report, format: ReportFormat): string;
  renderTrends(analysis: TrendAnalysis, format: ReportFormat): string;
  renderBottlenecks(analysis: BottleneckAnalysis, format: ReportFormat): string;
  /** The analysis dashboard as a page that needs nothing else. */
  renderAnalysis(dashboard: AnalysisDashboard): string;
  /** HTML for mail: without charts, and readable where its style is taken out. */
  renderMail(report: Report): string;
  /** The Content-Security-Policy under which a report in HTML is served. */
  readonly htmlCsp: string;
  /** Whether what the second side does is worse than what the first does. @throws VitalsError `invalid`, `not_found` */
  compare(request: ComparisonRequest): Promise<Comparison>;
  /**
   * Cached for `config.dashboard.cacheSeconds`; a change of alerts or thresholds clears it.
   * @param maxAgeMs for callers who want it fresher than that
   */
  dashboard(maxAgeMs?: number): Promise<Dashboard>;
}

/** What pages and commands look at. */
export interface Views {
  /** Shared by all who watch; a few seconds old at most while it is asked for. */
  overview(): Promise<Overview>;
  timeline(request: TimeRange & { subject: Subject; points: number; heatmap: boolean }): Promise<Timeline>;
  /** @param ranges one or two, in the same bins */
  distribution(subject: Subject, ranges: readonly TimeRange[]): Promise<Distribution>;
  /** Series that were called within the range, slowest p95 first. */
  tools(range: TimeRange, filter: { server: string | undefined; kind: TimedKind }): Promise<ToolStats[]>;
  /** New versions that were seen, newest first. */
  deploys(range: TimeRange, server: string | undefined): Promise<SeenDeploy[]>;
}

/** What a scraper is shown. */
export interface Metrics {
  /**
   * @param accept the header of the request, which chooses between Prometheus' text format and OpenMetrics
   * @param workspace whose servers only, and nothing of the collector itself; undefined: all
   */
  render(accept: string | undefined, workspace?: string): Promise<{ contentType: string; body: string }>;
  /** All but the duration are one of few: the route is a pattern, never a path. */
  observeRequest(request: { method: string; route: string; status: number; durationMs: number }): void;
}

export interface AuditFilter extends TimeRange {
  actions?: readonly AuditAction[] | undefined;
  server?: string | undefined;
  limit: number;
}

/** Who changed what. */
export interface Audit {
  /** Resolves once it is durable. */
  record(change: Omit<AuditEntry, 'entryId' | 'atMs'>): Promise<AuditEntry>;
  /** Newest first. */
  entries(filter: AuditFilter): Promise<AuditEntry[]>;
}

/** One window of one series as it came, without its samples. Times in epoch milliseconds on the collector's clock. */
export interface RecentWindow {
  server: string;
  kind: SeriesKind;
  name: string;
  /** The process that reported it. */
  instance: string;
  startMs: number;
  endMs: number;
  calls: number;
  errors: number;
  /** Of the values of all calls, in the unit of the kind. */
  sumMs: number;
  /** 0 where there is no call. */
  maxMs: number;
}

/** What a process used, as a sample of each of its servers; `atMs` on the collector's clock. */
export interface RecentResources extends ResourceSample {
  server: string;
  instance: string;
}

/** A process that reported a server within the last minutes. */
export interface RecentInstance {
  instance: string;
  server: string;
  version: string;
  host: string;
  pid: number;
  runtime: string;
  lastSeenMs: number;
}

/** What was reported in the newest minutes, at the resolution of the SDKs' windows. */
export interface Recent {
  /**
   * Windows that ended within the range, its end included and its start not, oldest first; what is kept of them. An object
   * is made of each: ask for as much as is needed.
   */
  windows(range: TimeRange, filter: SeriesFilter): RecentWindow[];
  /** Samples taken within the range, as for windows. */
  resources(range: TimeRange, server?: string): RecentResources[];
  /** The newest first. */
  instances(server?: string): RecentInstance[];
  /** From here on everything is kept. */
  keptFromMs(): number;
}

export interface CostRequest extends TimeRange {
  /** Default: all servers. */
  server?: string | undefined;
}

/** What calls cost. */
export interface Costs {
  /** @throws VitalsError `not_found` for a server that has not reported */
  analyse(request: CostRequest): Promise<CostReport>;
}

export interface BenchmarkControl {
  /** Who asked for it, for the audit log. */
  by: string;
  /** Ends it; what was measured is still answered. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { doneMs: number; totalMs: number; doing: string }) => void) | undefined;
}

export interface Benchmarks {
  /** @throws VitalsError with what to do: an unknown target, a tool that may not be called, a server that cannot be started */
  run(request: BenchmarkRequest, control: BenchmarkControl): Promise<BenchmarkReport>;
  running(): RunningBenchmark[];
  /** The newest of each target, tool and load, newest first. */
  latest(filter: { target?: string | undefined; tool?: string | undefined }): Promise<BenchmarkReport[]>;
  /** Baselines that were saved, newest first. */
  saved(): Promise<SavedBenchmark[]>;
}

/** How a monitor that runs is heard and ended. */
export interface MonitorControl {
  /** Who asked for it, for the audit. */
  by: string;
  /** Ends it early, with what it has until then. */
  signal?: AbortSignal | undefined;
  /** Told every interval, at most once a second. */
  onTick?: ((elapsedMs: number, newest: MonitorSample | undefined) => void) | undefined;
}

export const MONITOR_FORMATS = ['csv', 'dashboard'] as const;

/** Watching live. */
export interface Monitors {
  /**
   * Watches for `request.durationMs`, and up to three seconds longer for what is reported late.
   * @throws VitalsError `not_found` for a server or a tool that nobody knows, `rate_limited` when too many run
   */
  run(request: MonitorRequest, control: MonitorControl): Promise<MonitorRun>;
  /** `dashboard`: one HTML page that loads nothing. */
  render(run: MonitorRun, format: (typeof MONITOR_FORMATS)[number]): string;
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

/** PDFs, where there is a browser to print them. */
export interface Printer {
  /** @throws VitalsError `not_found` without an installed Chromium, `unavailable` */
  pdf(html: string): Promise<Uint8Array>;
}

export interface OptimizationRequest {
  /** Absent: every server that has reported lately. */
  server?: string | undefined;
  tool?: string | undefined;
  /** Only these; absent: all. */
  controls?: readonly Control[] | undefined;
  strategy: Strategy;
  target: Target;
  limits: ResourceLimits;
}

/** A process whose author permits something. */
export interface ControlledInstance {
  instance: string;
  permitted: readonly Control[];
  /** Of the policy that it has in force; 0: none. */
  version: number;
  lastSeenMs: number;
}

/** What may be changed for servers, is, and was; see `docs/optimization.md`. */
export interface Optimizations {
  /** What is proposed, and changes nothing. @throws VitalsError `not_found` for a server or a tool that is not known */
  plan(request: OptimizationRequest): Promise<Plan[]>;
  /** Why a plan cannot be applied, as a sentence that says what to do; undefined when it can. */
  obstacle(plan: Plan): string | undefined;
  /** Applies what is permitted, and watches it. @throws VitalsError `forbidden`, `conflict` */
  apply(plan: Plan, how: { by: string; watchSeconds: number }): Promise<PolicyRecord>;
  /** Gives a server back what was before. @throws VitalsError `not_found`, `conflict` */
  undo(server: string, by: string): Promise<PolicyRecord>;
  /** In force, by server. */
  policies(): PolicyRecord[];
  /** All that are remembered, newest first. */
  history(filter: { server?: string | undefined; limit: number }): PolicyRecord[];
  /** Processes of a server that obey policies and report to this collector. */
  instances(server: string): ControlledInstance[];
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

/** Tokens that see and change one workspace only. */
export interface AccessTokens {
  /** The token itself is in this answer and nowhere else. @throws VitalsError `invalid`, `conflict` */
  create(input: Pick<IssuedToken, 'name' | 'scope' | 'workspace'>): Promise<IssuedToken & { token: string }>;
  /** Oldest first. */
  list(): Promise<IssuedToken[]>;
  /** From here on it is worth nothing, and neither are sessions that were begun with it. @throws VitalsError `not_found` */
  revoke(tokenId: string): Promise<IssuedToken>;
}

/** The settings in force, for people. */
export interface Settings {
  inForce(): ShownSetting[];
}

export interface ShownSetting {
  path: string;
  /** What JSON can hold; what may hold a secret is shown without it. */
  value: unknown;
  isDefault: boolean;
  description: string;
  /** The environment variable that sets it. */
  environment: string;
}

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
