/** All that is watched of a tool, minute by minute. */
import type { Sensitivity } from '../../model/anomaly.ts';
import { ALARMS_PER_DAY } from './budget.ts';
import { ErrorWatch } from './errorWatch.ts';
import { LatencyWatch } from './latencyWatch.ts';
import type { ToolMinute } from './observation.ts';
import { SilenceWatch } from './silenceWatch.ts';

export class ToolWatch {
  readonly errors: ErrorWatch;
  readonly silence = new SilenceWatch();
  readonly latency: LatencyWatch;
  /** A setting and no memory: not in snapshots. */
  readonly #alarmsPerDay: number;

  constructor(sensitivity: Sensitivity = 'medium') {
    this.errors = new ErrorWatch(ALARMS_PER_DAY[sensitivity]);
    this.latency = new LatencyWatch(ALARMS_PER_DAY[sensitivity]);
    this.#alarmsPerDay = ALARMS_PER_DAY[sensitivity];
  }

  /**
   * Minutes in order, those without calls included; one that nobody observed is left out.
   * @param isClose after a deployment, when an alarm is to take as little as at high sensitivity
   */
  observe(minute: ToolMinute, isClose = false): void {
    const alarmsPerDay = isClose ? Math.max(this.#alarmsPerDay, ALARMS_PER_DAY.high) : this.#alarmsPerDay;
    this.errors.alarmsPerDay = alarmsPerDay;
    this.latency.alarmsPerDay = alarmsPerDay;
    this.errors.observe(minute);
    this.silence.observe(minute);
    // Calls that fail take as long as failing takes.
    this.latency.observe(minute, this.errors.isOpen);
  }

  get isOpen(): boolean {
    return this.errors.isOpen || this.silence.isOpen || this.latency.isOpen;
  }
}
