/** What the collector and the process that runs a benchmark tell each other. All of it can be cloned. */
import type {
  BenchmarkChange,
  BenchmarkFigures,
  BenchmarkIteration,
  BenchmarkMode,
  BenchmarkResources,
  LoadProfile,
  Saturation,
} from '../../model/benchmark.ts';
import type { ServerIdentity } from '../baseline.ts';

export type JobAddress =
  | { command: string; args: readonly string[]; env: Readonly<Record<string, string>>; cwd?: string | undefined }
  | { url: string; headers: Readonly<Record<string, string>> };

export interface BenchmarkJob {
  address: JobAddress;
  tool: string;
  /** Absent: the least that the tool's schema allows. */
  arguments: readonly Record<string, unknown>[] | undefined;
  /** What is needed to call a tool that may destroy something: that the settings name it, and that the caller says so. */
  destructive: { isAllowed: boolean; isAccepted: boolean };
  profile: LoadProfile;
  mode: BenchmarkMode;
  callers: number | undefined;
  perSecond: number | undefined;
  isBursty: boolean;
  warmUpMs: number;
  iterations: number;
  durationMs: number;
  timeoutMs: number;
  startMs: number;
  findsSaturation: boolean;
  seed: number;
  /** A baseline as `baselineFile.ts` writes it, to compare with. */
  compareWith: string | undefined;
  /** Of this program, for the server. */
  version: string;
}

export interface BenchmarkResult {
  server: ServerIdentity;
  callers: number | null;
  offeredPerSecond: number | null;
  figures: BenchmarkFigures | null;
  iterations: readonly BenchmarkIteration[];
  resources: BenchmarkResources | null;
  saturation: Saturation | null;
  comparison: JobComparison | null;
  warnings: readonly string[];
  endedBecause: string | null;
  /** As `baselineFile.ts` writes it; null where there is nothing to compare with later. */
  baseline: string | null;
}

export interface JobComparison {
  isWorse: boolean;
  words: string;
  changes: readonly BenchmarkChange[];
}

export interface JobProgress {
  doneMs: number;
  totalMs: number;
  /** What is being done. */
  doing: string;
}

export type ToRunner = { kind: 'run'; job: BenchmarkJob } | { kind: 'stop' };

export type FromRunner =
  /** A process of its own was started: whoever ends the runner by force has to end that as well. */
  | { kind: 'started'; pid: number }
  | { kind: 'progress'; progress: JobProgress }
  | { kind: 'done'; result: BenchmarkResult }
  | { kind: 'failed'; code: string; message: string; hint?: string | undefined };
