/**
 * One monitor from its start to its end. Readings are taken every interval; a sample is made of them a little later, when what
 * servers say of that time has arrived:
 *
 *     tick -> reading ─┐
 *     recent windows ──┴─> sample, `SETTLE_MS` later
 */
import type { Clock } from '../clock.ts';
import type { Figures, MonitorMetric, MonitorRequest, MonitorSample } from '../model/monitor.ts';
import type { MonitorControl } from '../serve/ports/monitors.ts';
import type { Recent } from '../serve/ports/recent.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { callFigures, callTotals, hostFigures, resourceFigures, selectFigures } from './figures.ts';
import { type HostReading, HostUsage } from './hostUsage.ts';

/** Windows of a second leave with a batch of a second. */
const SETTLE_MS = 2_500;

/** A window that ends this much later may have begun within the interval. */
const WINDOW_MS = 1_000;

/** Processes say once a second what they use, not at the same moment. */
const RESOURCE_SPAN_MS = 2_000;

/** What windows tell. */
export const CALL_METRICS: ReadonlySet<MonitorMetric> = new Set(['execution_time', 'throughput', 'error_rate']);

const TELL_EVERY_MS = 1_000;

export interface WatchDeps {
  clock: Pick<Clock, 'nowMs' | 'after'>;
  store: Pick<Store, 'readInFlight'>;
  recent: Pick<Recent, 'windows' | 'resources'>;
}

/** What is seen at one moment. */
interface Reading {
  atMs: number;
  host: HostReading | undefined;
  inFlight: number | null;
}

/** Everything that was seen, before it is put into words. */
export interface Watched extends TimeRange {
  isCancelled: boolean;
  samples: MonitorSample[];
  calls: number;
  errors: number;
  /** The widest window that was reported; 0 where none was. */
  widestMs: number;
}

export class Watch {
  readonly #samples: MonitorSample[] = [];
  /** The last one of which a sample is made, and those after it. */
  readonly #readings: Reading[] = [];
  readonly #host: HostUsage | undefined;
  readonly #needsInFlight: boolean;
  readonly #needsCalls: boolean;
  #calls = 0;
  #errors = 0;
  #widestMs = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #inFlight: { atMs: number; count: number } | undefined;

  constructor(
    private readonly deps: WatchDeps,
    private readonly request: MonitorRequest,
    private readonly control: MonitorControl,
  ) {
    this.#host = request.scope === 'system' ? new HostUsage() : undefined;
    this.#needsInFlight = request.metrics.includes('in_flight');
    this.#needsCalls = request.metrics.some((metric) => CALL_METRICS.has(metric));
  }

  async run(): Promise<Watched> {
    const { clock } = this.deps;
    const { durationMs, intervalMs } = this.request;
    const startMs = clock.nowMs();
    const endMs = startMs + durationMs;
    try {
      await this.#read();
      for (let dueMs = startMs; dueMs < endMs && !this.#isCancelled; ) {
        // Ticks stay where they were planned: those that it is too late for are left out.
        const passed = Math.floor((Math.max(dueMs, clock.nowMs()) - startMs) / intervalMs);
        dueMs = Math.min(startMs + (passed + 1) * intervalMs, endMs);
        await this.#until(dueMs);
        await this.#read();
        this.#makeSamples(clock.nowMs() - this.#settleMs);
        this.#tell(startMs);
      }
      await this.#until(endMs + this.#settleMs);
      this.#makeSamples(Number.POSITIVE_INFINITY);
    } finally {
      this.#host?.stop();
    }
    const toMs = this.#samples.at(-1)?.atMs ?? clock.nowMs();
    const [calls, errors] = [Math.round(this.#calls), Math.round(this.#errors)];
    const isCancelled = this.#isCancelled;
    return { fromMs: startMs, toMs, isCancelled, samples: this.#samples, calls, errors, widestMs: this.#widestMs };
  }

  /** The host is not late. */
  get #settleMs(): number {
    return this.#host !== undefined && !this.#needsCalls ? 0 : SETTLE_MS;
  }

  get #isCancelled(): boolean {
    return this.control.signal?.aborted ?? false;
  }

  async #read(): Promise<void> {
    const inFlight = this.#needsInFlight ? await this.#countInFlight() : null;
    this.#readings.push({ atMs: this.deps.clock.nowMs(), host: this.#host?.read(), inFlight });
  }

  /** At most once a second: servers do not say more often, and the store may be another machine. */
  async #countInFlight(): Promise<number> {
    const nowMs = this.deps.clock.nowMs();
    if (this.#inFlight === undefined || nowMs - this.#inFlight.atMs >= WINDOW_MS) {
      const { server, tool: name } = this.request;
      const running = await this.deps.store.readInFlight({ server, name });
      this.#inFlight = { atMs: nowMs, count: running.reduce((sum, { count }) => sum + count, 0) };
    }
    return this.#inFlight.count;
  }

  /** Of readings until `settledMs`. */
  #makeSamples(settledMs: number): void {
    while (this.#readings.length > 1 && this.#readings[1]!.atMs <= settledMs) {
      const [before, after] = this.#readings as [Reading, Reading];
      this.#readings.shift();
      // Two readings at the same moment: the event loop was late.
      if (after.atMs > before.atMs) this.#samples.push(this.#sample(before, after));
    }
  }

  #sample(before: Reading, after: Reading): MonitorSample {
    const range = { fromMs: before.atMs, toMs: after.atMs };
    const figures = { ...this.#calledWithin(range), ...this.#usedWithin(before, after), inFlight: after.inFlight };
    return { atMs: after.atMs, figures: selectFigures(figures, this.request.metrics) };
  }

  #calledWithin(range: TimeRange): Figures {
    const { server, tool: name } = this.request;
    const windows = this.deps.recent.windows({ ...range, toMs: range.toMs + WINDOW_MS }, { server, name });
    const totals = callTotals(windows, range);
    this.#calls += totals.calls;
    this.#errors += totals.errors;
    for (const { startMs, endMs } of windows) this.#widestMs = Math.max(this.#widestMs, endMs - startMs);
    return callFigures(totals, range);
  }

  #usedWithin(before: Reading, after: Reading): Figures {
    const range = { fromMs: before.atMs, toMs: after.atMs };
    if (before.host !== undefined && after.host !== undefined) return hostFigures(before.host, after.host, range);
    const { server } = this.request;
    // A tool that several servers have runs in no process of its own.
    if (server === undefined) return {};
    const span = { ...range, fromMs: Math.min(range.fromMs, range.toMs - RESOURCE_SPAN_MS) };
    return resourceFigures(this.deps.recent.resources(span, server), span);
  }

  #tell(startMs: number): void {
    const nowMs = this.deps.clock.nowMs();
    if (this.control.onTick === undefined || nowMs - this.#toldMs < TELL_EVERY_MS) return;
    this.#toldMs = nowMs;
    this.control.onTick(Math.min(nowMs - startMs, this.request.durationMs), this.#samples.at(-1));
  }

  /** Resolves at the time, or as soon as the caller cancels. */
  #until(atMs: number): Promise<void> {
    const { signal } = this.control;
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.deps.clock.after(Math.max(0, atMs - this.deps.clock.nowMs()), done);
      signal?.addEventListener('abort', done);
    });
  }
}
