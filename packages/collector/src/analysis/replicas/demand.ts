/**
 * How much processor a call needs, from minutes of different load: by the utilisation law the processor used is the rate of
 * calls times the demand of one (P. J. Denning, J. P. Buzen, "The Operational Analysis of Queueing Network Models", ACM
 * Computing Surveys 10 (3), 1978, section 4), plus what a process uses by itself. A straight line through the minutes tells
 * the two apart; its error comes from leaving out one hour after the other, because minutes of one hour resemble each other
 * (grouped jackknife: B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 11).
 */
import { groupBy } from '../../model/groupBy.ts';
import { zOfUpperTail } from '../../model/normal.ts';
import type { Estimate } from '../../model/replicas.ts';
import { HOUR_MS } from '../../model/rollup.ts';

/** Of one server, all its instances together. */
export interface LoadMinute {
  startMs: number;
  callsPerSecond: number;
  /** Processor used, in cores. */
  cores: number;
}

export interface Demand {
  /** Core seconds. */
  perCall: Estimate;
  /** Used without a call, all instances together. */
  idleCores: number;
}

/** Below it an hour left out is no measure of how much hours differ. */
const MIN_HOURS = 4;
const Z_95 = zOfUpperTail(0.025);

/** @returns undefined where minutes are too few or too alike, or the processor does not follow the calls beyond chance */
export function demandOf(minutes: readonly LoadMinute[]): Demand | undefined {
  const hours = [...groupBy(minutes, ({ startMs }) => Math.floor(startMs / HOUR_MS)).values()].map(sumsOf);
  const whole = hours.reduce(plus, NOTHING);
  const line = lineThrough(whole);
  if (line === undefined || hours.length < MIN_HOURS) return undefined;
  const slopes = hours.flatMap((hour) => lineThrough(minus(whole, hour))?.slope ?? []);
  const reach = Z_95 * jackknifeError(slopes);
  const { slope, intercept } = line;
  if (slopes.length < hours.length || slope - reach <= 0) return undefined;
  return { perCall: { value: slope, low: slope - reach, high: slope + reach }, idleCores: Math.max(0, intercept) };
}

/** All that a straight line through points depends on. */
interface Sums {
  n: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
}

const NOTHING: Sums = { n: 0, x: 0, y: 0, xx: 0, xy: 0 };

function sumsOf(minutes: readonly LoadMinute[]): Sums {
  return minutes.map(({ callsPerSecond: x, cores: y }) => ({ n: 1, x, y, xx: x * x, xy: x * y })).reduce(plus, NOTHING);
}

function plus(a: Sums, b: Sums): Sums {
  return { n: a.n + b.n, x: a.x + b.x, y: a.y + b.y, xx: a.xx + b.xx, xy: a.xy + b.xy };
}

function minus(a: Sums, b: Sums): Sums {
  return { n: a.n - b.n, x: a.x - b.x, y: a.y - b.y, xx: a.xx - b.xx, xy: a.xy - b.xy };
}

/** What is below is the rounding of sums, and no spread. */
const MIN_RELATIVE_SPREAD = 1e-9;

/** Least squares. */
function lineThrough({ n, x, y, xx, xy }: Sums): { slope: number; intercept: number } | undefined {
  const spread = xx - (x * x) / n;
  if (!(spread > MIN_RELATIVE_SPREAD * xx)) return undefined;
  const slope = (xy - (x * y) / n) / spread;
  return { slope, intercept: (y - slope * x) / n };
}

function jackknifeError(slopes: readonly number[]): number {
  const n = slopes.length;
  const mean = slopes.reduce((sum, slope) => sum + slope, 0) / n;
  return Math.sqrt(((n - 1) / n) * slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0));
}
