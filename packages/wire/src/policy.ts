/**
 * What a collector may ask of a server, in its answer to a batch; a server does of it what its author has permitted by
 * name, and nothing else. The answer is JSON: `{ accepted, duplicate, policies?: Policy[] }`. A policy is a lease: it holds
 * for `leaseMs` after the answer that brought it, and each further answer that brings it renews it. An answer without it ends it.
 */

/** What a server's author can permit. */
export const CONTROLS = ['concurrency', 'timeout', 'cache', 'coalesce', 'rate', 'shed'] as const;
export type Control = (typeof CONTROLS)[number];

/** What is done to the calls of one tool. Absent: the tool behaves as written in that respect. */
export interface ToolPolicy {
  concurrency?: ConcurrencyPolicy;
  timeout?: TimeoutPolicy;
  cache?: CachePolicy;
  coalesce?: CoalescePolicy;
  rate?: RatePolicy;
  shed?: ShedPolicy;
}

/** At most so many calls at a time; further ones wait in a queue. */
export interface ConcurrencyPolicy {
  /** Where it begins; without `adaptive` where it stays. From 1 up. */
  limit: number;
  /** The limit follows what the tool can do, within these bounds. */
  adaptive?: { min: number; max: number };
  /** Calls that may wait; one more is refused. */
  maxQueued: number;
  /** A call that has waited this long is refused. */
  maxWaitMs: number;
}

/** A call that has run this long is answered with an error, and its signal is aborted. */
export interface TimeoutPolicy {
  /** Counted from where the tool begins: what a call waits in a queue has its own limit. */
  afterMs: number;
}

/** Answers of a tool that is read-only and idempotent are given again for the same arguments. */
export interface CachePolicy {
  ttlMs: number;
  maxEntries: number;
  maxBytes: number;
}

/** Calls with the same arguments that are under way together become one. Of tools that are read-only and idempotent. */
export type CoalescePolicy = Readonly<Record<never, never>>;

/** A bucket of tokens: `burst` at once, `perSecond` on average; further calls are refused. */
export interface RatePolicy {
  perSecond: number;
  burst: number;
}

/** While the wait in the queue stays above this, calls that would wait are refused at once. Says nothing without `concurrency`. */
export interface ShedPolicy {
  targetWaitMs: number;
}

export interface Policy {
  /** Name of the server it is for, as the batch has it. */
  server: string;
  /** Grows with each change, and is never used twice for a server. */
  version: number;
  leaseMs: number;
  /** By tool; `*` for those that are not named. Each tool has its own limits, also those that `*` stands for. */
  tools: Readonly<Record<string, ToolPolicy>>;
}

/** Bounds that both ends keep. A policy beyond one of them is not obeyed at all. */
export const POLICY_LIMITS = {
  maxAnswerBytes: 65_536,
  maxPolicies: 100,
  maxTools: 200,
  maxNameLength: 1_000,
  minLeaseMs: 1_000,
  maxLeaseMs: 600_000,
  maxConcurrency: 10_000,
  maxQueued: 100_000,
  /** Of `maxWaitMs`, `afterMs` and `targetWaitMs`. */
  maxWaitMs: 3_600_000,
  maxTtlMs: 86_400_000,
  maxEntries: 100_000,
  maxCacheBytes: 1_073_741_824,
  maxPerSecond: 1_000_000,
} as const;

/** What the SDK says of a server in each batch (key `controls`, rows `[server, permitted, version]`). */
export interface ControlState {
  /** Index into `Batch.servers`. */
  server: number;
  permitted: readonly Control[];
  /** Of the policy in force; 0 when there is none. */
  version: number;
}

/**
 * What controls did to calls, counted per tool as a series of the kind `counter` with the name
 * `mcp_vitals_controls{event="...",tool="..."}`. Refused: `queue_full`, `queue_timeout`, `rate_limited`, `shed`; answered
 * in place of the tool: `timeout`, `cache_hit`, `coalesced`.
 */
export const CONTROLS_COUNTER = 'mcp_vitals_controls';
export const CONTROL_EVENTS = [
  'queued',
  'queue_full',
  'queue_timeout',
  'shed',
  'rate_limited',
  'timeout',
  'cache_hit',
  'cache_miss',
  'coalesced',
] as const;
export type ControlEvent = (typeof CONTROL_EVENTS)[number];

/** Class of the errors of calls that controls ended, with one of `REFUSAL_CODES` as code. */
export const REFUSAL_CLASS = 'McpVitalsRefusal';
export const REFUSAL_CODES = ['queue_full', 'queue_timeout', 'shed', 'rate_limited', 'timeout'] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A gauge per tool: the limit on calls at a time that is in force now. */
export const CONCURRENCY_GAUGE = 'mcp_vitals_concurrency_limit';
