/**
 * `ServerMonitor` over the stages of this process. What it is given comes from code that may be wrong: whatever cannot be
 * used is said once on stderr and not recorded, and no error of ours reaches the caller.
 */
import type { ErrorSample, Labels, Outcome } from '@mcp-vitals/wire/encode';
import { formatSeriesName, OUTCOMES } from '@mcp-vitals/wire/encode';
import type { PolicyInForce } from './control/serverControls.ts';
import { describeFailure } from './instrument/failure.ts';
import { follow } from './instrument/follow.ts';
import { outcomeOfAnswer, outcomeOfError } from './instrument/outcome.ts';
import { CustomMetrics } from './metrics/customMetrics.ts';
import type { Monitor, MonitorStatus } from './monitor.ts';
import { Chain, type Link, newLink } from './record/chain.ts';
import type {
  CacheMetrics,
  CallBegin,
  CallEnd,
  CallInProgress,
  CallKind,
  ConnectionMetrics,
  ServerMonitor,
} from './serverMonitor.ts';
import { CALL_KINDS } from './serverMonitor.ts';
import type { MonitoredServer } from './window/series.ts';

/** A call that could not be begun. */
const NOT_RECORDED: CallInProgress = { end() {} };

export class MonitorOfServer implements ServerMonitor {
  readonly #monitor: Monitor;
  readonly #server: MonitoredServer;
  readonly #custom: CustomMetrics;
  readonly #chain = new Chain();

  constructor(monitor: Monitor, server: MonitoredServer) {
    const { recorder } = monitor;
    this.#monitor = monitor;
    this.#server = server;
    this.#custom = new CustomMetrics({ recorder, server });
  }

  begin(name: string, kind: CallKind = 'tool', details?: CallBegin): CallInProgress {
    return this.#safely('begin', NOT_RECORDED, () => this.#begin(text(name), kind, details));
  }

  call<Result>(name: string, run: () => Result, kind: CallKind = 'tool'): Result {
    return timed(this.begin(name, kind), run, (answer) => outcomeOfAnswer(answer, undefined));
  }

  learnTools(names: Iterable<string>): void {
    const { recorder } = this.#monitor;
    this.#safely('learnTools', undefined, () => recorder.learnNames(recorder.group(this.#server, 'tool'), names));
  }

  count(name: string, by?: number, labels?: Labels): void {
    this.#safely('count', undefined, () => this.#custom.count(text(name), by, labels));
  }

  gauge(name: string, value: number, labels?: Labels): void {
    this.#safely('gauge', undefined, () => this.#custom.gauge(text(name), value, labels));
  }

  time<Result>(name: string, run: () => Result, labels?: Labels): Result {
    const begin = () => this.#begin(formatSeriesName(text(name), labels), 'custom');
    return timed(this.#safely('time', NOT_RECORDED, begin), run, () => 'ok');
  }

  cache(name: string): CacheMetrics {
    const labels = { cache: name };
    return { hit: () => this.count('cache_hits', 1, labels), miss: () => this.count('cache_misses', 1, labels) };
  }

  query<Result>(type: string, run: () => Result): Result {
    return this.time('database_query', run, { query_type: type });
  }

  connections(type: string): ConnectionMetrics {
    let count = 0;
    const set = (value: number) => {
      count = value;
      this.gauge('active_connections', value, { type });
    };
    return { set, open: () => set(count + 1), close: () => set(Math.max(0, count - 1)) };
  }

  flush(timeoutMs?: number): Promise<void> {
    return this.#monitor.flush(timeoutMs);
  }

  shutdown(timeoutMs?: number): Promise<void> {
    return this.#monitor.shutdown(timeoutMs);
  }

  policy(): PolicyInForce | undefined {
    return this.#monitor.controls.of(this.#server)?.inForce;
  }

  get status(): MonitorStatus {
    return this.#monitor.status;
  }

  #begin(name: string, kind: CallKind, details?: CallBegin): CallInProgress {
    if (!CALL_KINDS.includes(kind)) throw new TypeError(`a call is of one of ${CALL_KINDS.join(', ')}`);
    const { recorder } = this.#monitor;
    const { traceparent } = details ?? {};
    const link = kind === 'tool' && details !== undefined ? this.#linkOf(details) : undefined;
    const call = recorder.begin(recorder.group(this.#server, kind), name, undefined, undefined, link);
    let hasEnded = false;
    return {
      end: (outcome = 'ok', details = {}) => {
        if (hasEnded) return;
        hasEnded = true;
        this.#safely('end', undefined, () => this.#end(call, outcome, details ?? {}, traceparent));
      },
    };
  }

  /** Who names no session may have many, of which the calls do not follow each other. */
  #linkOf({ session, client }: CallBegin): Link | undefined {
    if (session === undefined && client === undefined) return undefined;
    const link = session === undefined ? newLink() : this.#chain.linkOf(session);
    link.client = this.#monitor.recorder.clientOf(this.#server, client);
    return link;
  }

  /** A call ends even when what is told about it cannot be used, or it would be in flight for ever. */
  #end(call: number, outcome: Outcome, details: CallEnd, traceparent: unknown): void {
    const { error, resultBytes, waitMs, durationMs } = details;
    const isKnown = OUTCOMES.includes(outcome);
    const amounts = { resultBytes: amount(resultBytes), waitMs: amount(waitMs), durationMs: amount(durationMs) };
    const known = { ...amounts, traceparent };
    this.#monitor.recorder.end(call, isKnown ? outcome : 'ok', this.#errorSample(outcome, error), known);
    if (!isKnown) throw new TypeError(`an outcome is one of ${OUTCOMES.join(', ')}`);
    if (amounts.resultBytes !== resultBytes || amounts.waitMs !== waitMs || amounts.durationMs !== durationMs) {
      throw new TypeError('resultBytes, waitMs and durationMs are finite and not negative');
    }
  }

  #errorSample(outcome: Outcome, error: CallEnd['error']): ErrorSample | undefined {
    if (outcome !== 'tool_error' && outcome !== 'protocol_error' && outcome !== 'timeout') return undefined;
    const { errorClass = outcome, code, message } = error ?? {};
    const cause = { name: errorClass, message: message ?? '', code };
    const withMessage = this.#monitor.options.errorMessages && message !== undefined;
    return { atMs: this.#monitor.clock.nowMs(), ...describeFailure(outcome, cause, withMessage) };
  }

  /** What `run` gives, or `otherwise` and a line on stderr when it throws. Never encloses code of the caller. */
  #safely<Result>(what: string, otherwise: Result, run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'it cannot be used';
      this.#monitor.diagnostics.warnOnce(`monitor ${what}`, `${what}() was given what is not recorded: ${reason}`);
      return otherwise;
    }
  }
}

/** Runs `run` once and ends `call` when it has answered. */
function timed<Result>(call: CallInProgress, run: () => Result, outcomeOf: (answer: unknown) => Outcome): Result {
  const answered = (answer: unknown) => endWith(call, outcomeOf(answer), answer);
  const failed = (error: unknown) => endWith(call, outcomeOfError(error, undefined), error);
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

function endWith(call: CallInProgress, outcome: Outcome, cause: unknown): void {
  call.end(outcome, outcome === 'ok' ? {} : { error: describeFailure(outcome, cause, true) });
}

/** @throws TypeError */
function text(name: unknown): string {
  if (typeof name !== 'string') throw new TypeError('a name is a text');
  return name;
}

/** Undefined for what is none. */
function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
