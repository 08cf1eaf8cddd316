/**
 * The hot path: a call begins, a call ends. Two clock reads, one map look-up, one store into a Float64Array. Neither
 * function throws, and neither allocates unless a call failed, is new, or a buffer has to grow.
 */
import type { ErrorSample, Outcome, SeriesKind } from '@mcp-vitals/wire/encode';
import { OUTCOMES } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Client, MonitoredServer, Series, SeriesGroup } from '../window/series.ts';
import type { OpenWindow } from '../window/window.ts';
import type { Link } from './chain.ts';
import { Clients } from './clients.ts';
import { InFlightTable } from './inFlight.ts';
import { OTHER_SERIES } from './otherSeries.ts';
import { Relations } from './relations.ts';
import { sampledTrace } from './traceContext.ts';

/** Longer names are cut here. The collector shortens further; this bounds what a caller can make us keep. */
const MAX_NAME_LENGTH = 1_000;

/** Names of one kind that get a series although nobody knows whether there is such a thing. */
const MAX_UNPROVEN = 100;

/** Position of each outcome in `OutcomeCounts`. */
const OUTCOME_INDEX = Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, index])) as Record<Outcome, number>;

/** Outcomes before this one are calls, whose durations count. */
const FIRST_UNTIMED = OUTCOME_INDEX.cancelled;

export interface RecorderDeps {
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  window: OpenWindow;
  diagnostics: Pick<Diagnostics, 'counters'>;
  /** Makes an empty series. */
  createSeries(server: MonitoredServer, kind: SeriesKind, name: string): Series;
  /** Makes an empty group. */
  createGroup(server: MonitoredServer, kind: SeriesKind): SeriesGroup;
  maxSeries: number;
  /** Calls that took this long are time-outs; undefined for never. */
  deadlineMs: number | undefined;
}

/** What is known of a call beyond how it ended. */
export interface CallDetails {
  /** Size of its result as JSON. */
  resultBytes?: number | undefined;
  /** Milliseconds of it that were spent waiting for the client. */
  waitMs?: number | undefined;
  /** Milliseconds it took, waiting included, where that is measured elsewhere. Default: since `begin`. */
  durationMs?: number | undefined;
  /** The trace context that its request brought, as it came. */
  traceparent?: unknown;
}

/**
 * Whether a server has something of this name: undefined where that cannot be told. Names come from clients, which may
 * send any; only real ones get a series of their own.
 */
export type KnowsName = (name: string) => boolean | undefined;

/** What is the same for all calls that come in on one way. */
export interface CallOrigin {
  /** Asked about names that are new. */
  knows?: KnowsName | undefined;
  /** The server object that handles the calls. */
  owner?: object | undefined;
}

export class Recorder {
  readonly inFlight = new InFlightTable();
  readonly #deps: RecorderDeps;
  readonly #relations: Relations;
  readonly #clients: Clients;
  readonly #deadlineMs: number;
  /** Calls by slot that are counted in `__other__` unless they end well. */
  readonly #provisional = new Map<number, { group: SeriesGroup; name: string }>();

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#relations = new Relations(deps);
    this.#clients = new Clients(deps);
    this.#deadlineMs = deps.deadlineMs ?? Number.POSITIVE_INFINITY;
  }

  /** The series of one kind of a server: to be looked up once, and kept. */
  group(server: MonitoredServer, kind: SeriesKind): SeriesGroup {
    const known = server.groups.get(kind);
    if (known !== undefined) return known;
    const group = this.#deps.createGroup(server, kind);
    server.groups.set(kind, group);
    return group;
  }

  /** The client of a server that calls itself so; undefined for what is no name. */
  clientOf(server: MonitoredServer, name: unknown): Client | undefined {
    return this.#clients.of(server, name);
  }

  /**
   * A call of `name` begins now; what is returned identifies it until `end`.
   * @param extra what its handler is given along with the request
   * @param link the session it belongs to, of tools where that is known
   */
  begin(group: SeriesGroup, name: string, origin?: CallOrigin, extra?: unknown, link?: Link): number {
    const known = group.byName.get(name);
    const startedMs = this.#deps.clock.monotonicMs();
    const admitted = known ?? this.#admit(group, name, origin?.knows);
    const series = admitted ?? this.#add(group, OTHER_SERIES);
    const call = this.inFlight.start(series, startedMs, origin?.owner, extra);
    if (admitted === undefined) this.#provisional.set(call, { group, name });
    if (link !== undefined) {
      const pair = this.#relations.pairOf(link, series, startedMs);
      const byClient = link.client && this.#clients.seriesOf(series, link.client);
      this.inFlight.follow(call, link, pair, byClient);
    }
    return call;
  }

  /** The call ends now. `error` describes a failure. */
  end(call: number, outcome: Outcome, error?: ErrorSample, details?: CallDetails): void {
    const { inFlight } = this;
    const nowMs = this.#deps.clock.monotonicMs();
    const waitMs = inFlight.waitedMs(call, nowMs) + (details?.waitMs ?? 0);
    const durationMs = (details?.durationMs ?? nowMs - inFlight.startedMs(call)) - waitMs;
    const begun = inFlight.seriesOf(call);
    const together = inFlight.together(call);
    const pair = inFlight.pairOf(call);
    const byClient = inFlight.byClient(call);
    const series = this.#provisional.size === 0 ? begun : this.#settle(call, outcome);
    inFlight.end(call, nowMs);
    if (!series.isProven && outcome === 'ok') prove(series);
    this.record(series, outcome, Math.max(0, durationMs), error, details?.traceparent);
    if (together > 1 && begun.isRelated) {
      this.record(this.#relations.overlapOf(begun, together), outcome, Math.max(0, durationMs));
    }
    if (pair !== undefined) this.#countPair(pair);
    if (byClient !== undefined) this.record(byClient, outcome, Math.max(0, durationMs));
    if (waitMs > 0 && series.kind === 'tool')
      this.record(this.seriesOf(series.server, 'wait', series.name), 'ok', waitMs);
    if (details?.resultBytes !== undefined) {
      this.record(this.seriesOf(series.server, 'result_bytes', series.name), 'ok', details.resultBytes);
    }
  }

  /** Records one sample: a duration in milliseconds, or whatever the kind of the series is measured in. */
  record(series: Series, outcome: Outcome, value: number, error?: ErrorSample, traceparent?: unknown): void {
    if (!series.isOpen) this.#deps.window.admit(series);
    let index = OUTCOME_INDEX[outcome];
    if (index < FIRST_UNTIMED) {
      if (value >= this.#deadlineMs && series.isTimed) index = OUTCOME_INDEX.timeout;
      if (series.sampleCount === series.samples.length && !series.grow()) this.#deps.window.sealFull(series);
      series.samples[series.sampleCount++] = value;
      if (traceparent !== undefined) this.#offerExemplar(series, value, traceparent);
    }
    series.outcomes[index]!++;
    if (error !== undefined) series.addError(error);
    this.#deps.diagnostics.counters.recorded++;
  }

  /** A series by name, made when it is new; that of `__other__` where there is no room. For names that the author gave. */
  seriesOf(server: MonitoredServer, kind: SeriesKind, name: string): Series {
    const group = this.group(server, kind);
    return group.byName.get(name) ?? this.#add(group, name);
  }

  /**
   * Learns what a server says it has: from here on other names are counted in `__other__` until a call of one ends well.
   * @param isContinued whether these come on top of those learnt before, as pages of a list do
   */
  learnNames(group: SeriesGroup, names: Iterable<string>, isContinued = false): void {
    const listed = isContinued && group.listed !== undefined ? group.listed : new Set<string>();
    for (const name of names) {
      // More cannot have a series anyway.
      if (listed.size < this.#deps.maxSeries) listed.add(name);
    }
    group.listed = listed;
  }

  /** One sample per window says how often. */
  #countPair(pair: Series): void {
    if (pair.isOpen && pair.sampleCount > 0) pair.samples[0]! += 1;
    else this.record(pair, 'ok', 1);
  }

  /** Keeps the trace of the slowest call of the window. */
  #offerExemplar(series: Series, valueMs: number, traceparent: unknown): void {
    if (series.exemplar !== undefined && valueMs <= series.exemplar.valueMs) return;
    const trace = sampledTrace(traceparent);
    if (trace !== undefined) series.exemplar = { ...trace, valueMs, atMs: this.#deps.clock.nowMs() };
  }

  /** The series of a new name; undefined when there is most likely no such thing. */
  #admit(group: SeriesGroup, name: string, knows?: KnowsName): Series | undefined {
    if (!group.isNamedByClients) return this.#add(group, name);
    const isKnown = knows?.(name) ?? group.listed?.has(name);
    if (isKnown === true) return this.#add(group, name);
    if (isKnown === false || group.unproven >= MAX_UNPROVEN) return undefined;
    const series = this.#add(group, name);
    if (series.isProven && series.name !== OTHER_SERIES) {
      series.isProven = false;
      group.unproven += 1;
    }
    return series;
  }

  /** Where a call belongs that was not sure to have a series of its own, now that it has ended. */
  #settle(call: number, outcome: Outcome): Series {
    const wanted = this.#provisional.get(call);
    if (wanted === undefined) return this.inFlight.seriesOf(call);
    this.#provisional.delete(call);
    return outcome === 'ok' ? this.#add(wanted.group, wanted.name) : this.inFlight.seriesOf(call);
  }

  #add(group: SeriesGroup, name: string): Series {
    const { server, kind, byName } = group;
    const wanted = name.length > MAX_NAME_LENGTH ? name.slice(0, MAX_NAME_LENGTH) : name;
    const known = byName.get(wanted);
    if (known !== undefined) return known;
    const key = server.seriesCount < this.#deps.maxSeries ? wanted : OTHER_SERIES;
    const other = byName.get(key);
    if (other !== undefined) return other;
    const series = this.#deps.createSeries(server, kind, key.toWellFormed());
    series.isRelated = kind === 'tool' && key !== OTHER_SERIES;
    byName.set(key, series);
    // What is beyond the limit is not counted, or there would be a kind without its `__other__`.
    if (key !== OTHER_SERIES) server.seriesCount += 1;
    return series;
  }
}

/** There is such a thing: a call of it ended well. */
function prove(series: Series): void {
  series.isProven = true;
  const group = series.server.groups.get(series.kind);
  if (group !== undefined) group.unproven -= 1;
}
