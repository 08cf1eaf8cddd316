/** What makes a server slow, and how that was told. */

/** What a finding can name. */
export const BOTTLENECK_CAUSES = [
  'cpu_bound',
  'blocked_event_loop',
  'noisy_neighbour',
  'memory_leak',
  'lock',
  'small_pool',
  'unbounded_concurrency',
  'slow_dependency',
  'n_plus_one',
  'huge_results',
  'failing_calls',
  'slow_instance',
  'slow_for_client',
] as const;
export type BottleneckCause = (typeof BOTTLENECK_CAUSES)[number];

/** What callers select by: the resource that a cause is about. */
export const BOTTLENECK_TYPES = ['cpu', 'memory', 'io', 'network', 'concurrency', 'calls'] as const;
export type BottleneckType = (typeof BOTTLENECK_TYPES)[number];

export const TYPES_OF_CAUSE: Readonly<Record<BottleneckCause, readonly BottleneckType[]>> = {
  cpu_bound: ['cpu'],
  blocked_event_loop: ['cpu', 'io'],
  noisy_neighbour: ['cpu'],
  memory_leak: ['memory'],
  lock: ['concurrency'],
  small_pool: ['concurrency', 'io', 'network'],
  unbounded_concurrency: ['concurrency', 'io', 'network'],
  slow_dependency: ['io', 'network'],
  n_plus_one: ['calls'],
  huge_results: ['memory', 'network', 'calls'],
  failing_calls: ['calls'],
  slow_instance: ['cpu', 'io', 'network'],
  slow_for_client: ['io', 'network', 'calls'],
};

/** Least first. */
export const BOTTLENECK_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type BottleneckSeverity = (typeof BOTTLENECK_SEVERITIES)[number];

/** A number that a finding rests on. */
export interface BottleneckEvidence {
  name: string;
  value: number;
  /** E.g. `ms`, `%`, `calls/s`; empty for a plain number. */
  unit: string;
}

/** What a finding was told from: windows of the SDK, or stored rows. */
export const BOTTLENECK_RESOLUTIONS = ['second', 'minute', 'hour'] as const;
export type BottleneckResolution = (typeof BOTTLENECK_RESOLUTIONS)[number];

export interface Bottleneck {
  cause: BottleneckCause;
  /** A sentence without names from outside. */
  title: string;
  severity: BottleneckSeverity;
  /** 0 to 1: how clearly the weakest of its tests was passed, see docs/bottlenecks.md. */
  confidence: number;
  /**
   * Of all time that the calls of the server took, the share that this costs, in per cent; null where calls that are there
   * do not show it.
   */
  shareOfTimePercent: number | null;
  server: string;
  /** The tools it is about, the one that matters most first; empty: the server as a whole. */
  tools: string[];
  /** Processes that show it, where others of the server do not; empty: all of them. */
  instances: string[];
  /** Clients that show it, by the names they give themselves, where others of the server do not; empty: all of them. */
  clients: string[];
  evidence: BottleneckEvidence[];
  /** What to do, the most useful first. */
  advice: string[];
  /** What was seen too, and follows from this one. */
  consequences: BottleneckCause[];
  resolution: BottleneckResolution;
}

/** What an analysis found, and of what. */
export interface BottleneckAnalysis {
  fromMs: number;
  toMs: number;
  /** Most severe first, then what costs most. */
  findings: Bottleneck[];
  /** That were looked at. */
  calls: number;
  servers: { server: string; calls: number }[];
  /** What could not be told of a server, and why, in sentences without names from outside. */
  notJudged: { server: string; reason: string }[];
}

export function severityRank(severity: BottleneckSeverity): number {
  return BOTTLENECK_SEVERITIES.indexOf(severity);
}
