/**
 * Calls wait for each other: their time rises in proportion to how many there are, and however many come, no more get through.
 * How many are served at once tells a lock, one, from a pool, several.
 */
import { clarity, confidenceOf } from '../clarity.ts';
import type { Picture } from '../picture/picture.ts';
import { type Candidate, evidence } from './candidate.ts';
import { FASTER, PROPORTIONAL, type WaitingTool, waitingFinding, waitingTools } from './waiting.ts';

/** Below this not even one place was ever in use: what calls wait for is not each other. */
const MIN_SERVED = 0.75;

/** One place is in use all the time, give or take how well it can be told; two are not. */
const MAX_OF_LOCK = 1.5;

/** A pool has more callers waiting than places; beyond so many places it would be none. */
const MAX_PLACES = 200;

export function lock(picture: Picture): Candidate[] {
  return limited(picture)
    .filter(({ curve }) => curve.servedAtOnce < MAX_OF_LOCK)
    .map((waiting) =>
      waitingFinding(waiting, {
        cause: 'lock',
        title: 'Calls take turns: one at a time gets through',
        confidence: confidenceOf(
          waiting.confidence,
          proportionality(waiting),
          depth(waiting),
          clarity(waiting.curve.servedAtOnce, MIN_SERVED, 0.9),
          secondWaits(waiting),
        ),
        evidence: evidenceOf(waiting),
        advice: [
          'Find what lets only one in: a mutex, a queue with one worker, a transaction that locks the table, a file that is locked.',
          'Hold it for the part that needs it only, and not while waiting for something else.',
          'Lock what is touched (one row, one key), so that calls about different things do not meet.',
        ],
      }),
    );
}

export function smallPool(picture: Picture): Candidate[] {
  return limited(picture)
    .filter(({ curve }) => curve.servedAtOnce >= MAX_OF_LOCK && curve.servedAtOnce < MAX_PLACES)
    .map((waiting) =>
      waitingFinding(waiting, {
        cause: 'small_pool',
        title: `Calls wait for one of about ${Math.round(waiting.curve.servedAtOnce)} places`,
        confidence: confidenceOf(
          waiting.confidence,
          proportionality(waiting),
          clarity(waiting.curve.servedAtOnce, MAX_OF_LOCK, 2.2),
          depth(waiting),
        ),
        evidence: evidenceOf(waiting),
        advice: [
          'Look for a pool of about that size: connections of a database or an HTTP agent (maxSockets), threads (UV_THREADPOOL_SIZE), a semaphore.',
          'Make it larger if what is behind it can serve more at once; check there that it gets no slower.',
          'Hold a place for a shorter time: give it back before doing anything else, use fewer queries for a call.',
        ],
      }),
    );
}

function limited(picture: Picture): WaitingTool[] {
  return waitingTools(picture).filter(
    (waiting) => proportionality(waiting) > 0 && waiting.curve.servedAtOnce >= MIN_SERVED,
  );
}

/** Both sides of it: rises with the number under way, and no faster than it. */
function proportionality({ curve: { exponent } }: WaitingTool): number {
  return confidenceOf(clarity(exponent, PROPORTIONAL, 0.75), clarity(exponent, FASTER, 1.1));
}

/** Whoever waits has more callers before him than there are places. */
function depth({ curve: { span, servedAtOnce } }: WaitingTool): number {
  return clarity(span[1] / servedAtOnce, 2, 4);
}

/** With one place the second caller waits for half of a call at least; with two he does not wait. */
function secondWaits({ curve: { pairRatio } }: WaitingTool): number {
  return Number.isNaN(pairRatio) ? 0.75 : clarity(pairRatio, 1.2, 1.4);
}

function evidenceOf({ curve }: WaitingTool) {
  return [
    evidence('calls served at once', curve.servedAtOnce),
    evidence('calls a second that get through at most', curve.perSecondWhenSlow, 'calls/s'),
  ];
}
