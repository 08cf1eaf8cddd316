/** Whether whoever made the calls of an open loop was late itself: then its durations tell of it, and not of the server. */
import { Digest } from '@mcp-vitals/sketch';
import { significant } from '../../model/significant.ts';
import { type Round, wholeDigest } from '../baseline.ts';

/** A lateness below is that of any timer. */
const NOTICEABLE_MS = 1;

/** Of the usual duration: a lateness above shows in the figures. */
const NOTICEABLE_SHARE = 0.1;

/** @param lag by how much calls started later than they were meant to, in milliseconds */
export function isLate(lag: Digest, runs: readonly { rounds: readonly Round[] }[]): boolean {
  const durations = Digest.merge(runs.map(wholeDigest));
  if (lag.count === 0 || durations.count === 0) return false;
  return lag.quantile(0.95) > Math.max(NOTICEABLE_MS, NOTICEABLE_SHARE * durations.quantile(0.5));
}

export function latenessWords(lag: Digest): string {
  const [usual, worst] = [0.5, 0.95].map((q) => significant(lag.quantile(q), 2));
  return `the calls were made late, by ${usual} ms usually and ${worst} ms at p95: this machine is too busy for the rate, and the durations include it`;
}
