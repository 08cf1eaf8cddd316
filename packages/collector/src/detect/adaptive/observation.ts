/** What adaptive detection sees of a minute. Minutes come in order; one that nobody observed is left out. */

export interface ToolMinute {
  /** Epoch ms of its start. */
  atMs: number;
  calls: number;
  /** Failed calls. */
  errors: number;
  /** Durations of the calls; NaN when there were none. */
  p50Ms: number;
  meanMs: number;
  maxMs: number;
}

export interface ServerMinute {
  /** Epoch ms of its start. */
  atMs: number;
  memoryMb: number;
  /** Of one core. */
  cpuPercent: number;
}
