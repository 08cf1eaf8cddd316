/**
 * How the author of a server sees its monitor: to report calls from a dispatch of their own, and to measure what only
 * they know of. Nothing here throws into the caller, and functions that are timed run exactly once.
 */
import type { Labels, Outcome } from '@mcp-vitals/wire/encode';
import type { PolicyInForce } from './control/serverControls.ts';
import type { MonitorStatus } from './monitor.ts';

/** What a call can be of. */
export const CALL_KINDS = ['tool', 'resource', 'prompt', 'method', 'custom'] as const;

export type CallKind = (typeof CALL_KINDS)[number];

/** What is known of a call when it begins. */
export interface CallBegin {
  /**
   * The trace that it belongs to, in the form of https://www.w3.org/TR/trace-context/; in MCP, what a request has under
   * `params._meta.traceparent`. The slowest call of a window becomes its exemplar, where it was sampled.
   */
  traceparent?: string | undefined;
  /** What tells conversations with clients apart: within one it is counted which tool is called next after which. */
  session?: string | undefined;
  /** What the client calls itself: with several, it is said how long the calls of each take. Nothing that names a person. */
  client?: string | undefined;
}

/** What is known of a call when it has ended. */
export interface CallEnd {
  /** Of a call that failed: the class and code of its error; the message is kept only with the option `errorMessages`. */
  error?: { errorClass: string; code?: string | undefined; message?: string | undefined } | undefined;
  /** Size of the result in bytes, recorded as a series of its own. */
  resultBytes?: number | undefined;
  /** Milliseconds that were spent waiting for the client: no part of the call's own time. */
  waitMs?: number | undefined;
  /** Milliseconds it took, waiting included, where that was measured elsewhere. Default: since `begin`. */
  durationMs?: number | undefined;
}

export interface CallInProgress {
  /** The call has ended. Only the first time counts. */
  end(outcome?: Outcome, details?: CallEnd): void;
}

export interface CacheMetrics {
  hit(): void;
  miss(): void;
}

export interface ConnectionMetrics {
  /** How many there are now. */
  set(count: number): void;
  open(): void;
  close(): void;
}

/** How one server is monitored. */
export interface ServerMonitor {
  /** A call begins now. Until `end` it is in flight. */
  begin(name: string, kind?: CallKind, details?: CallBegin): CallInProgress;
  /** Times `run`, which answers as a request handler does: `isError` in the answer, or a thrown error, is a failure. */
  call<Result>(name: string, run: () => Result, kind?: CallKind): Result;
  /** The tools that there are; calls of others are counted together. To be called whenever they change. */
  learnTools(names: Iterable<string>): void;
  /** Adds to a counter. */
  count(name: string, by?: number, labels?: Labels): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Labels): void;
  /** Times `run`; what it throws is a failure. */
  time<Result>(name: string, run: () => Result, labels?: Labels): Result;
  /** Counters `cache_hits` and `cache_misses` with the label `cache`. */
  cache(name: string): CacheMetrics;
  /** Times a database query, as `database_query` with the label `query_type`. */
  query<Result>(type: string, run: () => Result): Result;
  /** The gauge `active_connections` with the label `type`. */
  connections(type: string): ConnectionMetrics;
  /** Sends what there is; resolves when that is done or did not work out, at the latest after `timeoutMs` (2,000). */
  flush(timeoutMs?: number): Promise<void>;
  /** Flushes, keeps in the spool what could not be sent, and stops timers and connections of this process. */
  shutdown(timeoutMs?: number): Promise<void>;
  /** What the collector's policy makes of this server at the moment; undefined where there is none. */
  policy(): PolicyInForce | undefined;
  readonly status: MonitorStatus;
}

/** Where monitoring is switched off: functions run, nothing is measured. */
export const SWITCHED_OFF: ServerMonitor = {
  begin: () => ({ end() {} }),
  call: (_name, run) => run(),
  learnTools() {},
  count() {},
  gauge() {},
  time: (_name, run) => run(),
  cache: () => ({ hit() {}, miss() {} }),
  query: (_type, run) => run(),
  connections: () => ({ set() {}, open() {}, close() {} }),
  flush: async () => {},
  shutdown: async () => {},
  policy: () => undefined,
  status: {
    endpoints: [],
    servers: [],
    metricsUrl: undefined,
    queuedBatches: 0,
    queuedBytes: 0,
    counters: { recorded: 0, batchesSent: 0, sendFailures: 0, batchesSpooled: 0, dropped: {} },
  },
};
