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

/** A call that has taken this long is answered with an error, and its signal is aborted. */
export interface TimeoutPolicy {
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

/** While the wait in the queue stays above this, calls that would wait are refused at once. */
export interface ShedPolicy {
  targetWaitMs: number;
}

export interface Policy {
  /** Name of the server it is for, as the batch has it. */
  server: string;
  /** Grows with each change, and is never used twice for a server. */
  version: number;
  leaseMs: number;
  /** By tool; `*` for those that are not named. */
  tools: Readonly<Record<string, ToolPolicy>>;
}

export const POLICY_LIMITS = { maxAnswerBytes: 65_536, maxTools: 200, minLeaseMs: 1_000, maxLeaseMs: 600_000 } as const;

/** What the SDK says of a server in each batch (key `controls`, rows `[server, permitted, version]`). */
export interface ControlState {
  /** Index into `Batch.servers`. */
  server: number;
  permitted: readonly Control[];
  /** Of the policy in force; 0 when there is none. */
  version: number;
}
