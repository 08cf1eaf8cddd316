/**
 * What a tool can do by how many of its calls are under way. By Little's law n calls that take T each make n / T calls a second
 * (Little 1961); where that no longer grows, further calls only make each other wait (Denning and Buzen 1978, the asymptotic
 * bounds). A lock stands still from one call on, a pool of k from k on, and where calls hinder each other it falls.
 */
import type { LevelEvidence } from '../../model/optimization/evidence.ts';

export interface CurvePoint {
  /** Calls under way, on average of the level. */
  underWay: number;
  /** Calls a second, of one process. */
  perSecond: number;
  /** Between what it lies with 95 % confidence. */
  low: number;
  high: number;
  level: LevelEvidence;
}

/** Of fewer calls a mean says little. */
const MIN_LEVEL_CALLS = 30;

/** Calls that overlap share their fate: together they tell as much as a quarter of them would, each by itself. */
const SHARED_FATE = 4;

const Z_95 = 1.96;

/** Durations that rise by less from the first level to the last say that nothing is short yet. */
const FLAT_RISE = 1.5;

/** Of the levels that have an upper end and calls enough, ascending. */
export function curveOf(levels: readonly LevelEvidence[]): CurvePoint[] {
  return levels
    .filter(({ calls, greatest, meanMs }) => calls >= MIN_LEVEL_CALLS && greatest !== null && meanMs > 0)
    .map((level) => {
      const underWay = (level.least + level.greatest!) / 2;
      const reach = Z_95 * (level.deviationMs / Math.sqrt(level.calls / SHARED_FATE));
      const perSecondOf = (meanMs: number) => (1_000 * underWay) / meanMs;
      return {
        underWay,
        perSecond: perSecondOf(level.meanMs),
        low: perSecondOf(level.meanMs + reach),
        high: perSecondOf(Math.max(level.meanMs - reach, level.meanMs / 10)),
        level,
      };
    });
}

/** Where throughput is greatest; undefined while it still grows with the calls under way, or nothing is known. */
export function peakOf(curve: readonly CurvePoint[]): CurvePoint | undefined {
  const [first] = curve;
  const last = curve.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  if (last.level.meanMs < FLAT_RISE * first.level.meanMs) return undefined;
  // By what it surely does: of few calls a figure may be great by chance.
  return curve.reduce((best, point) => (point.low > best.low ? point : best));
}

/** The fewest calls under way with which the tool does this many a second, between the points by straight lines. */
export function underWayFor(curve: readonly CurvePoint[], perSecond: number): number {
  let before = { underWay: 0, perSecond: 0 };
  for (const point of curve) {
    if (point.perSecond >= perSecond) {
      const share = (perSecond - before.perSecond) / (point.perSecond - before.perSecond);
      return before.underWay + share * (point.underWay - before.underWay);
    }
    before = point;
  }
  return before.underWay;
}

/** The point that tells best what happens with this many calls under way. */
export function pointNear(curve: readonly CurvePoint[], underWay: number): CurvePoint {
  return curve.reduce((best, point) =>
    Math.abs(Math.log(point.underWay / underWay)) < Math.abs(Math.log(best.underWay / underWay)) ? point : best,
  );
}
