/** A tool of a server with what is known of it: its watch, and what was seen lately. */
import type { AnomalyType, Sensitivity } from '../../model/anomaly.ts';
import type { Reading, ToolMinute } from './observation.ts';
import { RecentCalls } from './recentCalls.ts';
import { ToolWatch } from './toolWatch.ts';

/** What a watch that is open says. */
export interface Sighting {
  type: AnomalyType;
  reading: Reading;
}

export class WatchedTool {
  /** Minutes before this one have been observed. */
  untilMs = Number.NEGATIVE_INFINITY;
  /** Which minute of the hour it is written to disk in. */
  slot = 0;
  lastCallMs = Number.NEGATIVE_INFINITY;
  readonly recent = new RecentCalls();
  private readonly watch: ToolWatch;

  constructor(sensitivity: Sensitivity) {
    this.watch = new ToolWatch(sensitivity);
  }

  /** @param isClose see `ToolWatch` */
  observe(minute: ToolMinute, isClose: boolean): void {
    this.watch.observe(minute, isClose);
    this.recent.add(minute.atMs, minute.calls, minute.errors);
    if (minute.calls > 0) this.lastCallMs = minute.atMs;
  }

  *sightings(): Generator<Sighting> {
    const { latency, errors, silence } = this.watch;
    if (latency.isOpen) yield { type: 'response_time_spike', reading: latency.reading! };
    if (errors.isOpen) yield { type: 'error_rate_spike', reading: errors.reading! };
    if (silence.isOpen) yield { type: 'traffic_stopped', reading: silence.reading! };
  }
}
