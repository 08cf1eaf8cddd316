/** Watching live. */
import type { MonitorRequest, MonitorRun, MonitorSample } from '../../model/monitor.ts';

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
