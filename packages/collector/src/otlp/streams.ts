/**
 * What came since the point before, for each stream of a source. A cumulative stream says how much there was since its
 * start; what it said last is remembered and subtracted. A delta stream says what came by itself; remembered is which spans
 * it has told of, so that a repeat counts nothing.
 *
 * A cumulative stream is another one when its start is another: so a process that began anew counts from zero, and two
 * processes that say they are the same one do not look like one that begins anew with each point.
 */
import { Histogram } from '@mcp-vitals/sketch';
import { MINUTE_MS } from '../model/rollup.ts';
import { TEMPORALITY } from '../protobuf/otlpMessages.ts';
import { keyOf } from './attributes.ts';

/** When a point is of, on the sender's clock, in epoch milliseconds. */
export interface PointTime {
  /** 0 where it is not known. */
  startMs: number;
  timeMs: number;
  isCumulative: boolean;
}

/** What is remembered of a stream. */
export interface StreamState {
  /** When it was heard of last, on our clock. */
  seenMs: number;
  /** Time of the newest point. */
  timeMs: number;
  /** What a cumulative stream said last. */
  last?: Histogram | number;
  /** Ends of the newest spans of a delta stream. */
  ends?: readonly number[];
}

/** What came between two points. */
export interface Increase<Value> {
  value: Value;
  startMs: number;
  endMs: number;
}

export interface StreamsOptions {
  /** Whether the source was heard of before. */
  isKnown: boolean;
  nowMs: number;
  maxStreams: number;
}

/**
 * How old the first point of a source may make its stream, for what it says to be counted: longer ago, we do not know
 * whether all of it happened just now, and a day's calls in one minute would be worse than none.
 */
const FIRST_POINT_MS = 10 * MINUTE_MS;

/** A sender tries again with its newest few exports. */
const MAX_ENDS = 16;

/** A point that cannot be counted; the message is for the sender. */
export class RefusedPoint extends Error {
  override readonly name = 'RefusedPoint';
}

export class Streams {
  readonly #states: Map<string, StreamState>;
  #hasChanged = false;

  /** @param states stay as they are */
  constructor(
    states: ReadonlyMap<string, StreamState>,
    private readonly options: StreamsOptions,
  ) {
    this.#states = new Map(states);
  }

  /** What is to be remembered from now on. */
  get states(): ReadonlyMap<string, StreamState> {
    return this.#states;
  }

  /** Whether there was anything that was not told of before. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** @throws RefusedPoint when there are too many streams */
  histogram(identity: string, time: PointTime, value: Histogram): Increase<Histogram> | undefined {
    return this.#increase(identity, time, value, (now, before) =>
      before instanceof Histogram ? now.since(before) : undefined,
    );
  }

  /** Of a sum that never falls. @throws RefusedPoint when there are too many streams */
  sum(identity: string, time: PointTime, value: number): Increase<number> | undefined {
    return this.#increase(identity, time, value, (now, before) =>
      typeof before === 'number' && now >= before ? now - before : undefined,
    );
  }

  /** Undefined when there is nothing new. */
  #increase<Value extends Histogram | number>(
    identity: string,
    time: PointTime,
    value: Value,
    since: (now: Value, before: Histogram | number) => Value | undefined,
  ): Increase<Value> | undefined {
    const { startMs, timeMs, isCumulative } = time;
    const key = keyOf(identity, isCumulative ? startMs : TEMPORALITY.delta);
    const state = this.#states.get(key);
    const whole = { value, startMs: startMs > 0 ? Math.min(startMs, timeMs) : timeMs, endMs: timeMs };
    if (!isCumulative) return this.#isRepeat(key, state, timeMs) ? undefined : whole;
    if (state?.last === undefined) {
      this.#remember(key, { timeMs, last: value });
      return this.#mayCount(time) ? whole : undefined;
    }
    if (timeMs <= state.timeMs) return undefined;
    this.#remember(key, { timeMs, last: value });
    const increase = since(value, state.last);
    return increase === undefined ? whole : { value: increase, startMs: state.timeMs, endMs: timeMs };
  }

  #isRepeat(key: string, state: StreamState | undefined, timeMs: number): boolean {
    const ends = state?.ends ?? [];
    const newest = [...ends, timeMs].sort((a, b) => a - b).slice(-MAX_ENDS);
    // Older than all that are remembered: it may have been told of before.
    if (ends.includes(timeMs) || !newest.includes(timeMs)) return true;
    this.#remember(key, { timeMs: Math.max(timeMs, state?.timeMs ?? 0), ends: newest });
    return false;
  }

  /** A stream that is new in a known source was at zero when the source was last heard of. */
  #mayCount({ startMs, timeMs }: PointTime): boolean {
    return this.options.isKnown || (startMs > 0 && timeMs - startMs <= FIRST_POINT_MS);
  }

  #remember(key: string, state: Omit<StreamState, 'seenMs'>): void {
    const { nowMs, maxStreams } = this.options;
    if (!this.#states.has(key) && this.#states.size >= maxStreams) {
      throw new RefusedPoint(`more than ${maxStreams} streams of one process (setting otlp.maxStreams)`);
    }
    this.#states.set(key, { ...state, seenMs: nowMs });
    this.#hasChanged = true;
  }
}
