/**
 * The calls that have started and not ended. A slot per call in flat arrays, so that starting and ending a call
 * allocates nothing; what is rarely asked (the oldest call of a series, the call that a question belongs to) is found
 * by a scan.
 */
import type { Series } from '../window/series.ts';
import type { Link } from './chain.ts';

/** Calls of one series in flight. */
export interface SeriesInFlight {
  series: Series;
  count: number;
  oldestAgeMs: number;
}

/** A call that waits for the client; `end` says that the answer is there. */
export interface Waiting {
  end(nowMs: number): void;
}

const INITIAL_SLOTS = 64;

export class InFlightTable {
  #startedMs = new Float64Array(INITIAL_SLOTS);
  /** Time spent waiting for the client, without what is still being waited for. */
  #waitedMs = new Float64Array(INITIAL_SLOTS);
  /** How many calls of the series were under way when the call began, itself included. */
  #together = new Int32Array(INITIAL_SLOTS);
  readonly #series: (Series | undefined)[] = [];
  /** Which server object handles the call, and what its handler was given along with the request. */
  readonly #owner: (object | undefined)[] = [];
  readonly #extra: unknown[] = [];
  readonly #link: (Link | undefined)[] = [];
  readonly #pair: (Series | undefined)[] = [];
  readonly #byClient: (Series | undefined)[] = [];
  readonly #free: number[] = [];
  /** Questions that are open, by slot: how many, and since when there is at least one. */
  readonly #questions = new Map<number, { count: number; sinceMs: number }>();

  /** Takes a slot for a call of `series`; the slot identifies the call until `end`. */
  start(series: Series, startedMs: number, owner?: object, extra?: unknown): number {
    const slot = this.#free.pop() ?? this.#series.length;
    if (slot === this.#startedMs.length) this.#grow();
    this.#startedMs[slot] = startedMs;
    this.#waitedMs[slot] = 0;
    series.underWay += 1;
    this.#together[slot] = series.underWay;
    this.#series[slot] = series;
    this.#owner[slot] = owner;
    this.#extra[slot] = extra;
    return slot;
  }

  /**
   * The call is one of a session.
   * @param pair with the one before it, if there was one
   * @param byClient where it is recorded whose it is
   */
  follow(slot: number, link: Link, pair: Series | undefined, byClient: Series | undefined): void {
    this.#link[slot] = link;
    this.#pair[slot] = pair;
    if (byClient !== undefined) this.#byClient[slot] = byClient;
  }

  /** The series in which it is counted what the call follows. */
  pairOf(slot: number): Series | undefined {
    return this.#pair[slot];
  }

  /** The series in which it is recorded whose call it is. */
  byClient(slot: number): Series | undefined {
    return this.#byClient[slot];
  }

  seriesOf(slot: number): Series {
    return this.#series[slot]!;
  }

  /** How many calls of its series were under way when this one began, itself included. */
  together(slot: number): number {
    return this.#together[slot]!;
  }

  startedMs(slot: number): number {
    return this.#startedMs[slot]!;
  }

  /** Milliseconds of the call that went by while it waited for the client, until `nowMs`. */
  waitedMs(slot: number, nowMs: number): number {
    const question = this.#questions.size === 0 ? undefined : this.#questions.get(slot);
    return this.#waitedMs[slot]! + (question === undefined ? 0 : nowMs - question.sinceMs);
  }

  /** The call of this slot asks its client something. Questions that overlap count once. */
  wait(slot: number, nowMs: number): Waiting {
    const question = this.#questions.get(slot) ?? { count: 0, sinceMs: nowMs };
    question.count += 1;
    this.#questions.set(slot, question);
    return {
      end: (endMs) => {
        question.count -= 1;
        // A slot may have been given to another call by now, which has a question of its own, or none.
        if (question.count > 0 || this.#questions.get(slot) !== question) return;
        this.#questions.delete(slot);
        this.#waitedMs[slot]! += endMs - question.sinceMs;
      },
    };
  }

  extraOf(slot: number): unknown {
    return this.#extra[slot];
  }

  /** The slots of the calls that a server object is handling. */
  slotsOf(owner: object): number[] {
    const found: number[] = [];
    this.#series.forEach((series, slot) => {
      if (series !== undefined && this.#owner[slot] === owner) found.push(slot);
    });
    return found;
  }

  /** Gives the slot back. */
  end(slot: number, nowMs: number): void {
    this.#series[slot]!.underWay -= 1;
    const link = this.#link[slot];
    if (link !== undefined) {
      link.atMs = nowMs;
      this.#link[slot] = undefined;
      this.#pair[slot] = undefined;
      if (this.#byClient[slot] !== undefined) this.#byClient[slot] = undefined;
    }
    this.#series[slot] = undefined;
    this.#owner[slot] = undefined;
    this.#extra[slot] = undefined;
    if (this.#questions.size > 0) this.#questions.delete(slot);
    this.#free.push(slot);
  }

  /** Calls in flight per series, at the monotonic time `nowMs`. */
  snapshot(nowMs: number): SeriesInFlight[] {
    const bySeries = new Map<Series, SeriesInFlight>();
    this.#series.forEach((series, slot) => {
      if (series === undefined) return;
      const entry = bySeries.get(series) ?? { series, count: 0, oldestAgeMs: 0 };
      entry.count += 1;
      entry.oldestAgeMs = Math.max(entry.oldestAgeMs, nowMs - this.#startedMs[slot]!);
      bySeries.set(series, entry);
    });
    return [...bySeries.values()];
  }

  #grow(): void {
    this.#startedMs = doubled(this.#startedMs);
    this.#waitedMs = doubled(this.#waitedMs);
    const together = new Int32Array(this.#startedMs.length);
    together.set(this.#together);
    this.#together = together;
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
