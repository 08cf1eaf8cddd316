/** What pages, commands and scrapers look at. */
import type { SeenDeploy } from '../../model/anomaly.ts';
import type { Overview } from '../../model/overview.ts';
import type { ToolStats } from '../../model/report.ts';
import type { TimedKind } from '../../model/series.ts';
import type { Distribution, Subject, Timeline } from '../../model/timeline.ts';
import type { TimeRange } from '../../store/store.ts';

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
