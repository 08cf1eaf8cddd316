/** Benchmarks. */
import type { BenchmarkReport, BenchmarkRequest, RunningBenchmark, SavedBenchmark } from '../../model/benchmark.ts';

export interface BenchmarkControl {
  /** Who asked for it, for the audit log. */
  by: string;
  /** Ends it; what was measured is still answered. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { doneMs: number; totalMs: number; doing: string }) => void) | undefined;
}

export interface Benchmarks {
  /** @throws VitalsError with what to do: an unknown target, a tool that may not be called, a server that cannot be started */
  run(request: BenchmarkRequest, control: BenchmarkControl): Promise<BenchmarkReport>;
  running(): RunningBenchmark[];
  /** The newest of each target, tool and load, newest first. */
  latest(filter: { target?: string | undefined; tool?: string | undefined }): Promise<BenchmarkReport[]>;
  /** Baselines that were saved, newest first. */
  saved(): Promise<SavedBenchmark[]>;
}
