/**
 * Calls that start when they are meant to, whether those before have been answered or not: as many clients who know nothing of
 * each other send them. A closed loop waits for a slow server, and so leaves out the calls that would have been slow with it
 * (coordinated omission, see G. Tene, "How NOT to Measure Latency", 2013); here their time counts from when they were meant
 * to start, however late they could be made.
 */
import { type Clock, nextTurn, pause } from '../../clock.ts';

export interface OpenLoopOptions<Call> {
  calls: Iterable<Call>;
  /** Milliseconds since the beginning, ascending; the loop ends with the calls or with these. */
  arrivalsMs: Iterable<number>;
  /** More are not under way at a time; what would be another is dropped. */
  maxOutstanding: number;
  clock: Pick<Clock, 'monotonicMs'>;
  isOver(): boolean;
  /** @param dueMs when the call was meant to start, by the clock; @returns when it is answered, never rejects */
  make(call: Call, dueMs: number): Promise<void>;
  drop(call: Call, dueMs: number): void;
}

/** A timer is up to a millisecond late, and more on a busy machine; what is left is waited for turn by turn. */
const TIMER_SLACK_MS = 2;

/** In a longer pause nobody would notice that the loop is over. */
const LONGEST_PAUSE_MS = 100;

/** @returns when every call is answered or dropped */
export async function openLoop<Call>(options: OpenLoopOptions<Call>): Promise<void> {
  const { calls, arrivalsMs, maxOutstanding, clock, isOver, make, drop } = options;
  const beginMs = clock.monotonicMs();
  const arrivals = arrivalsMs[Symbol.iterator]();
  const underWay = new Set<Promise<void>>();
  for (const call of calls) {
    const arrival = arrivals.next();
    if (arrival.done) break;
    const dueMs = beginMs + arrival.value;
    await until(dueMs, options);
    if (isOver()) break;
    if (underWay.size >= maxOutstanding) {
      drop(call, dueMs);
      continue;
    }
    const answered = make(call, dueMs).finally(() => underWay.delete(answered));
    underWay.add(answered);
  }
  await Promise.all(underWay);
}

/** Answers are read at least once in between: who is late would else never read any. */
async function until(dueMs: number, { clock, isOver }: Pick<OpenLoopOptions<unknown>, 'clock' | 'isOver'>) {
  do {
    const waitMs = dueMs - clock.monotonicMs();
    if (waitMs > TIMER_SLACK_MS) await pause(Math.min(LONGEST_PAUSE_MS, waitMs - TIMER_SLACK_MS / 2));
    else await nextTurn();
  } while (clock.monotonicMs() < dueMs && !isOver());
}
