/** Shapes of advice on how many instances a server needs. */

/**
 * - `add`, `remove`: instances, to what is recommended;
 * - `would_not_help`: calls wait, and not for a processor;
 * - `not_enough_data`: the reasons say what is missing.
 */
export const REPLICA_VERDICTS = ['add', 'remove', 'keep', 'would_not_help', 'not_enough_data'] as const;
export type ReplicaVerdict = (typeof REPLICA_VERDICTS)[number];

/** A figure, and between what it lies 19 times of 20. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** What a number of instances would do at the peak. */
export interface ExpectedLoad {
  instances: number;
  /** Of the processor of one instance, on average. */
  utilisationPercent: number;
  /** Calls that wait for a free instance; 100 where there is not enough processor for all. */
  waitingPercent: number;
  /** What one call in twenty waits at least; null where the queue would grow without end. */
  p95WaitMs: number | null;
}

export interface ReplicaAdvice {
  server: string;
  verdict: ReplicaVerdict;
  /** Alive now. */
  instances: number;
  /** Null where it cannot be told. */
  recommended: Estimate | null;
  peakPerSecond: Estimate | null;
  /** Days ahead that the peak is forecast for; 0: it was measured. */
  peakDaysAhead: number;
  cpuMsPerCall: Estimate | null;
  /** At the peak, with the instances there are. */
  now: ExpectedLoad | null;
  /** At the peak, with those that are recommended. */
  planned: ExpectedLoad | null;
  /** Sentences of ours alone. */
  reasons: string[];
}
