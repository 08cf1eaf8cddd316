/** What a caller reports itself. */

/** One call that a caller reports itself, see the tool `track_performance`. */
export interface TrackedCall {
  server: string;
  tool: string;
  durationMs: number;
  success: boolean;
  errorMessage: string | undefined;
  resources: { cpuPercent: number; memoryMb: number; diskIoKb: number } | undefined;
}

export interface TrackedResult {
  /** Unique, stable across retries. */
  metricId: string;
  atMs: number;
  /** Whether it is durable. */
  stored: boolean;
  /** Why it is not, for the caller to read. */
  reason?: string | undefined;
}
