/** What every engine keeps of senders and failures, and for how long. */
import { DAY_MS, MINUTE_MS } from '../model/rollup.ts';

/** An instance that sent nothing for this long is gone, and its calls in flight with it. */
export const LIVE_MS = 2 * MINUTE_MS;

/** Longer than any spool file waits, so that a batch which comes from one is still recognised. */
export const KEEP_INSTANCE_MS = 7 * DAY_MS;

/** The newest failures of a series. */
export const ERRORS_PER_SERIES = 20;

/** A minute this far ahead was filled while the clock was wrong; waiting for it could take for ever. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS;

/** Reasons come from strangers; a server has at most this many of them. */
const MAX_REASONS = 50;

/** Adds up samples that were lost, by reason. */
export function addDropped(into: Record<string, number>, counts: Record<string, number>): void {
  for (const [reason, count] of Object.entries(counts)) {
    if (!Object.hasOwn(into, reason) && Object.keys(into).length >= MAX_REASONS) continue;
    into[reason] = (Object.hasOwn(into, reason) ? into[reason]! : 0) + count;
  }
}
