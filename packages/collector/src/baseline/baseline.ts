/** What a run of a load against a server measured. It holds no arguments and no results of tools. */
import { Digest } from '@mcp-vitals/sketch';

export interface Baseline {
  /** ISO 8601. */
  createdAt: string;
  server: ServerIdentity;
  environment: Environment;
  load: Load;
  /** In the order in which the server lists them. */
  tools: readonly ToolRun[];
  notMeasured: readonly NotMeasured[];
  /** Why the run ended before all calls were made; absent when it did not. */
  endedBecause?: string | undefined;
}

export interface ServerIdentity {
  name: string;
  version: string;
}

/** Where it ran: durations of different machines do not compare. */
export interface Environment {
  node: string;
  platform: string;
  arch: string;
  cpu: string;
  cpus: number;
  /** Processes that wanted a processor, on average of the last minute of the run; 0 where that is not known. */
  busyProcesses: number;
  transport: 'stdio' | 'http';
}

/** How the server was loaded: durations under different loads do not compare either. */
export interface Load {
  /** Of each tool, but for what a script says otherwise. */
  calls: number;
  warmUpCalls: number;
  /** Calls at a time of a closed loop; of an open one, at most. */
  concurrency: number;
  /** Of an open loop: calls that start in a second, whatever is answered. */
  perSecond?: number | undefined;
  rounds: number;
  timeoutMs: number;
  /** That the calls of a tool may take together. */
  maxToolMs: number;
  /** Where the arguments come from. */
  source: 'schemas' | 'script';
}

export interface ToolRun {
  tool: string;
  /** In the order of time. What changes slowly on a machine shows as a difference between rounds. */
  rounds: readonly Round[];
  failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** Absent when all of its calls were made. */
  endedEarly?: { because: string; isFailure: boolean } | undefined;
}

export interface Round {
  /** Durations of the calls that succeeded, in milliseconds. */
  digest: Digest;
  errors: number;
}

/** `connection`: the server could not be reached, or ended; `dropped`: of an open loop, too many calls were under way to make another. */
export const FAILURE_KINDS = ['tool_error', 'protocol_error', 'timeout', 'connection', 'dropped'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface NotMeasured {
  tool: string;
  reason: string;
  /** What the person in front of it can do about it. */
  advice: string;
  /** Whether the tool did not do its work, rather than that it was left out. */
  isFailure: boolean;
}

export function successCount({ rounds }: Pick<ToolRun, 'rounds'>): number {
  return rounds.reduce((sum, { digest }) => sum + digest.count, 0);
}

export function failureCount({ rounds }: Pick<ToolRun, 'rounds'>): number {
  return rounds.reduce((sum, { errors }) => sum + errors, 0);
}

/** All that succeeded. */
export function wholeDigest({ rounds }: Pick<ToolRun, 'rounds'>): Digest {
  return Digest.merge(rounds.map(({ digest }) => digest));
}
