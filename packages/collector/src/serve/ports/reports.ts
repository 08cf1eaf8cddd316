/** Reports and comparisons, and their printer. */
import type { AnalysisDashboard } from '../../model/analysisDashboard.ts';
import type { BottleneckAnalysis } from '../../model/bottleneck.ts';
import type { Comparison } from '../../model/comparison.ts';
import type { Dashboard, Report, ReportFormat, ReportKind } from '../../model/report.ts';
import type { TrendAnalysis } from '../../model/trends.ts';
import type { TimeRange } from '../../store/store.ts';

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
  renderTrends(analysis: TrendAnalysis, format: ReportFormat): Promise<string>;
  renderBottlenecks(analysis: BottleneckAnalysis, format: ReportFormat): string;
  /** The analysis dashboard as a page that needs nothing else. */
  renderAnalysis(dashboard: AnalysisDashboard): Promise<string>;
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

/** PDFs, where there is a browser to print them. */
export interface Printer {
  /** @throws VitalsError `not_found` without an installed Chromium, `unavailable` */
  pdf(html: string): Promise<Uint8Array>;
}
