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

  constructor(sensitivity: Sensitivity = 'medium') {
    this.errors = new ErrorWatch(ALARMS_PER_DAY[sensitivity]);
    this.latency = new LatencyWatch(ALARMS_PER_DAY[sensitivity]);
  }

  /** Minutes in order, those without calls included; one that nobody observed is left out. */
  observe(minute: ToolMinute): void {
    this.errors.observe(minute);
    this.silence.observe(minute);
    // Calls that fail take as long as failing takes.
    this.latency.observe(minute, this.errors.isOpen);
  }

  get isOpen(): boolean {
    return this.errors.isOpen || this.silence.isOpen || this.latency.isOpen;
  }
}
