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

/** Why a watch is open: what it saw against what it expected, in the unit of what it watches. */
export interface Reading {
  /** Epoch ms of the minute in which the change is taken to have begun. */
  sinceMs: number;
  value: number;
  low: number;
  high: number;
  /** Evidence and what an alarm takes, in nats; absent where a watch goes by a rule. */
  evidence?: { nats: number; neededNats: number };
}

export interface ServerMinute {
  /** Epoch ms of its start. */
  atMs: number;
  memoryMb: number;
  /** Of one core. */
  cpuPercent: number;
}
