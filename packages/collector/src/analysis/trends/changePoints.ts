/**
 * Where the level of a series gives way to another and stays there, e.g. with a deployment: the segments whose levels explain the
 * series best, when each further one costs a penalty.
 *
 * - What repeats is taken out first, and what is far from everything around it is drawn near, so that a spike is no level.
 * - The penalty is that of the Bayesian information criterion for a place and a level, times the long-run variance: hours that hang
 *   together look like levels, and are worth fewer (Bai and Perron 1998; for an AR(1) process (1 + r) / (1 - r)).
 * - A series that rises steadily is no staircase: segments are looked for with and without a slope, and the cheaper account is taken.
 */
import { median } from '../../model/median.ts';
import { DAY_MS } from '../../model/rollup.ts';
import type { ChangePoint } from '../../model/trends.ts';
import { segmentEnds } from './segments.ts';
import { spreadOfDifferences, withoutSpikes } from './spikes.ts';

/** Fewer steps are an episode, no level. */
const MIN_STEPS_OF_LEVEL = 7;
const MIN_LEVEL_MS = DAY_MS;
/** Between levels, in standard deviations of single steps, and of the level before. */
const MIN_SHIFT_DEVIATIONS = 1;
const MIN_SHIFT_SHARE = 0.05;
const CLIPPED_AT = 3;

export interface Levels {
  changePoints: ChangePoint[];
  /** What is usual at each step, what repeats left out. */
  level: Float64Array;
  /** Between changes nothing rises or falls. */
  isFlat: boolean;
}

/** @param rest the values without what repeats; NaN where there is none, and one at least that is not */
export function levelsOf(rest: Float64Array, startMs: number, stepMs: number): Levels {
  const at = Float64Array.from(rest.keys()).filter((i) => !Number.isNaN(rest[i]!));
  const known = at.map((i) => rest[i]!);
  const noise = noiseOf(known);
  const values = withoutSpikes(known, noise.deviation, CLIPPED_AT);
  const minSteps = Math.max(MIN_STEPS_OF_LEVEL, Math.ceil(MIN_LEVEL_MS / stepMs));
  const penalty = PENALTY * Math.log(known.length) * noise.deviation ** 2 * noise.inflation;
  const accountWith = (slope: number) => {
    const tilted = values.map((value, i) => value - slope * at[i]!);
    return { slope, tilted, ...segmentEnds(tilted, minSteps, penalty) };
  };
  const [flat, sloping] = [accountWith(0), accountWith(slopeBetweenLevels(values, at))];
  const { tilted, ends, slope } = flat.cost <= sloping.cost + penalty ? flat : sloping;
  const kept = mergedSegments(tilted, ends, noise.deviation);
  const segments = kept.map((end, s) => {
    const from = s === 0 ? 0 : kept[s - 1]!;
    const begin = s === 0 ? 0 : at[from]!;
    return { begin, end: at[end] ?? rest.length, own: median(tilted.subarray(from, end)) };
  });
  const level = new Float64Array(rest.length);
  for (const { begin, end, own } of segments) for (let i = begin; i < end; i++) level[i] = own + slope * i;
  const changePoints = segments.slice(1).map(({ begin, own }, s) => ({
    atMs: startMs + begin * stepMs,
    before: segments[s]!.own + slope * begin,
    after: own + slope * begin,
  }));
  return { changePoints, level, isFlat: slope === 0 };
}

/** A level is one parameter; its place is worth two, being one of many (Zhang and Siegmund 2007). */
const PENALTY = 3;

interface Noise {
  deviation: number;
  /** How much more the mean of many steps varies than if they were independent. */
  inflation: number;
}

/**
 * From differences, which a few shifts hardly change: those between neighbours vary with 2 s² (1 - r), those of two steps with
 * 2 s² (1 - r²), where r is the correlation of neighbours.
 */
function noiseOf(known: Float64Array): Noise {
  const one = spreadOfDifferences(known, 1);
  const two = spreadOfDifferences(known, 2);
  if (one === 0) return { deviation: two / Math.SQRT2, inflation: 1 };
  const correlation = Math.min(0.95, Math.max(0, (two / one) ** 2 - 1));
  return {
    deviation: one / Math.sqrt(2 * (1 - correlation)),
    inflation: (1 + correlation) / (1 - correlation),
  };
}

/** Per step: the median slope over an eighth of the length, which the few pairs that span a shift do not move. */
function slopeBetweenLevels(values: Float64Array, at: Float64Array): number {
  const lag = values.length >> 3;
  if (lag < 1) return 0;
  return median(values.subarray(lag).map((value, i) => (value - values[i]!) / (at[i + lag]! - at[i]!)));
}

/** Segments whose levels hardly differ are one, those that differ least first. */
function mergedSegments(values: Float64Array, ends: readonly number[], deviation: number): number[] {
  const kept = [...ends];
  const levelOf = (s: number) => median(values.subarray(s === 0 ? 0 : kept[s - 1]!, kept[s]!));
  const levels = kept.map((_, s) => levelOf(s));
  for (;;) {
    let [least, leastSize] = [-1, Number.POSITIVE_INFINITY];
    for (let s = 0; s + 1 < kept.length; s++) {
      const size = Math.abs(levels[s + 1]! - levels[s]!);
      const needed = Math.max(MIN_SHIFT_DEVIATIONS * deviation, MIN_SHIFT_SHARE * Math.abs(levels[s]!));
      if (size < needed && size < leastSize) [least, leastSize] = [s, size];
    }
    if (least < 0) return kept;
    kept.splice(least, 1);
    levels.splice(least, 1);
    levels[least] = levelOf(least);
  }
}
