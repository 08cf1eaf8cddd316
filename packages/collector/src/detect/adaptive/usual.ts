/** What is usual for a server, to hold against the minute of an incident: means that forget within a day. */
import type { ResourceRollup } from '../../model/rollup.ts';
import type { Usual } from '../evidence.ts';

const MEMORY_MINUTES = 1_440;

export class UsualUse implements Usual {
  cpuPercent = 0;
  memoryMb = 0;
  eventLoopDelayMs = 0;
  /** Of all tools, per minute. */
  calls = 0;
  private minutes = 0;

  learn(use: ResourceRollup, calls: number): void {
    this.minutes = Math.min(this.minutes + 1, MEMORY_MINUTES);
    this.cpuPercent += (use.cpuPercentAvg - this.cpuPercent) / this.minutes;
    this.memoryMb += (use.memoryMbAvg - this.memoryMb) / this.minutes;
    this.eventLoopDelayMs += (use.eventLoopDelayMsAvg - this.eventLoopDelayMs) / this.minutes;
    this.calls += (calls - this.calls) / this.minutes;
  }
}
