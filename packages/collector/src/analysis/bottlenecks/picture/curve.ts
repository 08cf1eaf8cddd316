/**
 * How long calls of a tool take by how many of it were under way when they began: the shape tells what they wait for. By
 * Little's law (L = λ W; Little, "A proof for the queuing formula", Operations Research 9, 1961) a resource that serves k
 * calls at once, each for S, lets n calls take S while n ≤ k and n S / k beyond: flat, then proportional, with at most k / S
 * calls a second. What is slow by itself is flat for any n. What gets less done the more it is asked rises faster than n.
 */
import type { Band } from '../evidence/sight.ts';
import { weightedLine, weightedQuantile } from './numbers.ts';
import type { ToolPicture } from './toolPicture.ts';

/** Calls in a band from which its mean is used. */
const MIN_BAND_CALLS = 5;

/** Where the last band, which has no end, is taken to have its middle, as a multiple of its beginning. */
const OPEN_BAND_CENTER = 1.4;

/** Points that took so many times the usual show how it rises; below, they show where it begins to. */
const RISEN = 1.5;

export interface CurvePoint {
  /** Calls under way when these began, about the middle of the band. */
  atOnce: number;
  calls: number;
  meanMs: number;
  /** Whether it stands for any number from somewhere up. */
  isOpen: boolean;
}

export interface Curve {
  /** Of the slow slots, ascending by `atOnce`. */
  points: CurvePoint[];
  /**
   * With which power of the number under way the time rises in slow slots: 0 not at all, 1 in proportion, above 1 ever faster.
   * NaN where there were not different numbers enough.
   */
  exponent: number;
  /** Least and greatest `atOnce` of `points`. */
  span: [least: number, most: number];
  /** Calls a second while time was lost: the median, each slot as important as what was lost in it. */
  perSecondWhenSlow: number;
  /** How many calls are served at once: calls a second times what one takes when nothing is in its way. */
  servedAtOnce: number;
  /** How much longer calls take that begin as the second one, slow slots or not: above 1 only where there is one place. */
  pairRatio: number;
}

/** @param widthMs per slot */
export function curveOf(tool: ToolPicture, widthMs: ArrayLike<number>): Curve {
  const inSlow = (slot: number) => tool.slow[slot] === 1;
  const points = tool.bands.map((band) => pointOf(band, inSlow)).filter(({ calls }) => calls >= MIN_BAND_CALLS);
  const perSecond = tool.calls.map((calls, slot) => (1_000 * calls) / widthMs[slot]!);
  // Where most time is lost the queue is longest, and every place in use.
  const perSecondWhenSlow = weightedQuantile(0.5, [...perSecond], [...tool.excessMs]);
  return {
    points,
    exponent: exponentOf(points, tool.usualMs),
    span: [points[0]?.atOnce ?? 0, points.at(-1)?.atOnce ?? 0],
    perSecondWhenSlow,
    servedAtOnce: (perSecondWhenSlow * tool.usualMs) / 1_000,
    pairRatio: pairRatioOf(tool),
  };
}

/** NaN of too few pairs. */
function pairRatioOf({ bands, usualMs }: ToolPicture): number {
  const pairs = bands.find(({ from, to }) => from === 2 && to === 2);
  const point = pairs && pointOf(pairs, () => true);
  return point === undefined || point.calls < MIN_BAND_CALLS ? Number.NaN : point.meanMs / usualMs;
}

function pointOf({ from, to, calls, sumMs }: Band, selects: (slot: number) => boolean): CurvePoint {
  let [count, totalMs] = [0, 0];
  for (let slot = 0; slot < calls.length; slot++) {
    if (!selects(slot)) continue;
    count += calls[slot]!;
    totalMs += sumMs[slot]!;
  }
  const isOpen = to === Number.POSITIVE_INFINITY;
  const atOnce = isOpen ? from * OPEN_BAND_CENTER : (from + to) / 2;
  return { atOnce, calls: count, meanMs: totalMs / count, isOpen };
}

/** Of points with an end, and of those that have risen, as far as there are two of them. */
function exponentOf(points: readonly CurvePoint[], usualMs: number): number {
  const narrowed = [({ isOpen }: CurvePoint) => !isOpen, ({ meanMs }: CurvePoint) => meanMs >= RISEN * usualMs].reduce(
    (kept, isBetter) => (kept.filter(isBetter).length >= 2 ? kept.filter(isBetter) : kept),
    points,
  );
  return (narrowed.length < 2 ? undefined : weightedLine(narrowed.map(logPoint)))?.slope ?? Number.NaN;
}

function logPoint({ atOnce, calls, meanMs }: CurvePoint) {
  return { x: Math.log(atOnce), y: Math.log(meanMs), weight: calls };
}
