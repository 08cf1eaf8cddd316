/**
 * How alike two runs fared that were made in turn: a machine that is slow for a while is so for both, and that is no difference
 * between them. Told from how many calls more than usual were slow in the same stretches of both.
 */
import { batchSums, excessesOf, type RoundCounts } from './effectiveCount.ts';

/** Stretches: few enough to hold what lasts, and enough to tell a correlation from chance. */
const STRETCHES = 25;

/** Of fewer nothing is told. */
const FEWEST_STRETCHES = 12;

/** Standard errors (of Fisher's z) by which less is believed than was seen: chance may look like it. */
const DOUBT = 1;

/** @returns 0 to 1; 0 where the rounds of the two are not the same in number, or too few */
export function roundCorrelation(from: readonly RoundCounts[], to: readonly RoundCounts[]): number {
  if (from.length !== to.length || from.length < FEWEST_STRETCHES) return 0;
  const size = Math.max(1, Math.floor(from.length / STRETCHES));
  const [x, y] = [from, to].map((rounds) => batchSums(excessesOf(rounds), size)) as [number[], number[]];
  const seen = dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  if (!(seen > 0)) return 0;
  return Math.max(0, Math.tanh(Math.atanh(Math.min(seen, 0.999)) - DOUBT / Math.sqrt(x.length - 3)));
}

/** Excesses are zero on average. */
function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}
