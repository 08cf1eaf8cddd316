/**
 * The hot path: a call begins, a call ends. Two clock reads, one map look-up, one store into a Float64Array. Neither
 * function throws, and neither allocates unless a call failed or a buffer has to grow.
 */
import type { ErrorSample, Outcome, SeriesKind } from '@mcp-vitals/wire/encode';
import { OUTCOMES } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { MonitoredServer, Series } from '../window/series.ts';
import type { OpenWindow } from '../window/window.ts';
import { InFlightTable } from './inFlight.ts';

/** Where calls of tools beyond the limit are counted. */
export const OTHER_SERIES = '__other__';

/** Longer tool names are cut here. The collector shortens further; this bounds what a caller can make us keep. */
const MAX_NAME_LENGTH = 1_000;

/** Position of each outcome in `OutcomeCounts`. */
const OUTCOME_INDEX = Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, index])) as Record<Outcome, number>;

/** Outcomes before this one are calls, whose durations count. */
const FIRST_UNTIMED = OUTCOME_INDEX.cancelled;

export interface RecorderDeps {
  clock: Pick<Clock, 'monotonicMs'>;
  window: OpenWindow;
  diagnostics: Pick<Diagnostics, 'counters'>;
  /** Makes an empty series. */
  createSeries(server: MonitoredServer, kind: SeriesKind, name: string): Series;
  maxSeries: number;
  /** Calls that took this long are time-outs; undefined for never. */
  deadlineMs: number | undefined;
}

export class Recorder {
  readonly inFlight = new InFlightTable();
  readonly #deps: RecorderDeps;
  readonly #deadlineMs: number;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#deadlineMs = deps.deadlineMs ?? Number.POSITIVE_INFINITY;
  }

  /** A call of the tool `name` begins now; what is returned identifies it until `end`. */
  begin(server: MonitoredServer, name: string): number {
    const series = server.tools.get(name) ?? this.#addSeries(server, name);
    return this.inFlight.start(series, this.#deps.clock.monotonicMs());
  }

  /** The call ends now. `error` describes a failure. */
  end(call: number, outcome: Outcome, error?: ErrorSample): void {
    const { inFlight } = this;
    const durationMs = this.#deps.clock.monotonicMs() - inFlight.startedMs(call);
    const series = inFlight.seriesOf(call);
    inFlight.end(call);
    this.record(series, outcome, durationMs, error);
  }

  /** Records one call of which the duration is known already, in milliseconds. */
  record(series: Series, outcome: Outcome, durationMs: number, error?: ErrorSample): void {
    if (!series.isOpen) this.#deps.window.admit(series);
    let index = OUTCOME_INDEX[outcome];
    if (index < FIRST_UNTIMED) {
      if (durationMs >= this.#deadlineMs) index = OUTCOME_INDEX.timeout;
      if (series.sampleCount === series.samples.length && !series.grow()) this.#deps.window.sealFull(series);
      series.samples[series.sampleCount++] = durationMs;
    }
    series.outcomes[index]!++;
    if (error !== undefined) series.addError(error);
    this.#deps.diagnostics.counters.recorded++;
  }

  #addSeries(server: MonitoredServer, name: string): Series {
    const wanted = name.length > MAX_NAME_LENGTH ? name.slice(0, MAX_NAME_LENGTH) : name;
    const key = server.tools.size < this.#deps.maxSeries ? wanted : OTHER_SERIES;
    const known = server.tools.get(key);
    if (known) return known;
    const series = this.#deps.createSeries(server, 'tool', key.toWellFormed());
    server.tools.set(key, series);
    return series;
  }
}
