/**
 * The monitor of one server as its author uses it: to report calls from a dispatch of their own, and to measure what only
 * they know of. Nothing here throws into the caller, and functions that are timed run exactly once.
 */
import type { ErrorSample, Labels, Outcome } from '@mcp-vitals/wire/encode';
import { formatSeriesName } from '@mcp-vitals/wire/encode';
import { describeFailure } from './instrument/failure.ts';
import { follow } from './instrument/follow.ts';
import { outcomeOfAnswer, outcomeOfError } from './instrument/outcome.ts';
import { CustomMetrics } from './metrics/customMetrics.ts';
import type { Monitor, MonitorStatus } from './monitor.ts';
import type { MonitoredServer } from './window/series.ts';

/** What a call can be of. */
export type CallKind = 'tool' | 'resource' | 'prompt' | 'method' | 'custom';

/** What is known of a call when it has ended. */
export interface CallEnd {
  /** Of a call that failed: the class and code of its error; the message is kept only with the option `errorMessages`. */
  error?: { errorClass: string; code?: string | undefined; message?: string | undefined } | undefined;
  /** Size of the result in bytes, recorded as a series of its own. */
  resultBytes?: number | undefined;
  /** Milliseconds that were spent waiting for the client: no part of the call's own time. */
  waitMs?: number | undefined;
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
  begin(name: string, kind?: CallKind): CallInProgress;
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
  readonly status: MonitorStatus;
}

export class MonitorOfServer implements ServerMonitor {
  readonly #monitor: Monitor;
  readonly #server: MonitoredServer;
  readonly #custom: CustomMetrics;

  constructor(monitor: Monitor, server: MonitoredServer) {
    const { recorder, diagnostics } = monitor;
    this.#monitor = monitor;
    this.#server = server;
    this.#custom = new CustomMetrics({ recorder, server, diagnostics });
  }

  begin(name: string, kind: CallKind = 'tool'): CallInProgress {
    const { recorder } = this.#monitor;
    const call = recorder.begin(recorder.group(this.#server, kind), String(name));
    let hasEnded = false;
    return {
      end: (outcome = 'ok', details = {}) => {
        if (hasEnded) return;
        hasEnded = true;
        recorder.end(call, outcome, this.#errorSample(outcome, details.error), details);
      },
    };
  }

  call<Result>(name: string, run: () => Result, kind: CallKind = 'tool'): Result {
    return this.#time(this.begin(name, kind), run, (answer) => outcomeOfAnswer(answer, undefined));
  }

  learnTools(names: Iterable<string>): void {
    const { recorder } = this.#monitor;
    recorder.learnNames(recorder.group(this.#server, 'tool'), names);
  }

  count(name: string, by?: number, labels?: Labels): void {
    this.#custom.count(name, by, labels);
  }

  gauge(name: string, value: number, labels?: Labels): void {
    this.#custom.gauge(name, value, labels);
  }

  time<Result>(name: string, run: () => Result, labels?: Labels): Result {
    return this.#time(this.begin(formatSeriesName(String(name), labels), 'custom'), run, () => 'ok');
  }

  cache(name: string): CacheMetrics {
    const labels = { cache: name };
    return { hit: this.#custom.counterOf('cache_hits', labels), miss: this.#custom.counterOf('cache_misses', labels) };
  }

  query<Result>(type: string, run: () => Result): Result {
    return this.time('database_query', run, { query_type: type });
  }

  connections(type: string): ConnectionMetrics {
    let count = 0;
    const set = (value: number) => {
      count = value;
      this.#custom.gauge('active_connections', value, { type });
    };
    return { set, open: () => set(count + 1), close: () => set(Math.max(0, count - 1)) };
  }

  flush(timeoutMs?: number): Promise<void> {
    return this.#monitor.flush(timeoutMs);
  }

  shutdown(timeoutMs?: number): Promise<void> {
    return this.#monitor.shutdown(timeoutMs);
  }

  get status(): MonitorStatus {
    return this.#monitor.status;
  }

  #time<Result>(call: CallInProgress, run: () => Result, outcomeOf: (answer: unknown) => Outcome): Result {
    const answered = (answer: unknown) => this.#end(call, outcomeOf(answer), answer);
    const failed = (error: unknown) => this.#end(call, outcomeOfError(error, undefined), error);
    let answer: Result;
    try {
      answer = run();
    } catch (error) {
      failed(error);
      throw error;
    }
    if (!follow(answer, answered, failed)) answered(answer);
    return answer;
  }

  #end(call: CallInProgress, outcome: Outcome, cause: unknown): void {
    call.end(outcome, outcome === 'ok' ? {} : { error: describeFailure(outcome, cause, true) });
  }

  #errorSample(outcome: Outcome, error: CallEnd['error']): ErrorSample | undefined {
    if (outcome !== 'tool_error' && outcome !== 'protocol_error' && outcome !== 'timeout') return undefined;
    const atMs = this.#monitor.clock.nowMs();
    const { errorClass = outcome, code, message } = error ?? {};
    const cause = { name: errorClass, message: message ?? '', code };
    return { atMs, ...describeFailure(outcome, cause, this.#monitor.options.errorMessages && message !== undefined) };
  }
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
  status: {
    endpoints: [],
    servers: [],
    queuedBatches: 0,
    queuedBytes: 0,
    counters: { recorded: 0, batchesSent: 0, sendFailures: 0, batchesSpooled: 0, dropped: {} },
  },
};
