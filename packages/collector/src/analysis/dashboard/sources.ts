/** What the dashboard asks of other analyses. One that is absent has no part in it. */
import type { ShownBenchmark, ShownFinding, ShownForecast, ShownPolicy } from '../../model/analysisDashboard.ts';
import type { TimeRange } from '../../store/store.ts';

export interface DashboardSources {
  /** What makes it slow, most of all time first. */
  findings?(range: TimeRange, server: string | undefined): Promise<ShownFinding[]>;
  /** The most urgent first. */
  forecasts?(server: string | undefined): Promise<ShownForecast[]>;
  /** In force. */
  policies?(server: string | undefined): Promise<ShownPolicy[]>;
  /** The newest of each target and tool. */
  benchmarks?(): Promise<ShownBenchmark[]>;
}
