/**
 * Whether values go up or down over time, and by how much, by ranks and medians: single values that are far off, however far,
 * change neither answer.
 *
 * A value is compared only with values of the same season (the same hour of other days, the same weekday of other weeks), so
 * that a morning is no trend. The slope is the median of the slopes of all such pairs (Theil 1950, Sen 1968; Hirsch, Slack and
 * Smith 1982). Whether it is more than chance says the Mann-Kendall test, with the covariance of the seasons estimated from
 * the data (Dietz and Killeen 1981; Hirsch and Slack 1984): one slow day makes all of its hours slow, and counts as one.
 */
import { median } from './median.ts';
import { twoSidedPValue, zOfUpperTail } from './normal.ts';

export interface SeasonalTrend {
  /** Of the values, per cycle. */
  slopePerCycle: number;
  /** Between what it is, 19 times of 20: ranks among the slopes (Gilbert 1987, page 218). Infinite where there are too few. */
  interval: [low: number, high: number];
  /** How likely a trend that strong is where there is none. */
  pValue: number;
  /** Differences that the slope is the median of. */
  pairs: number;
}

/**
 * @param seasons per season its values in the order of the cycles, all of one length; NaN where there is none
 * @returns undefined where nothing can be compared
 */
export function seasonalTrend(seasons: readonly Float64Array[]): SeasonalTrend | undefined {
  const slopes = seasons.flatMap(slopesOf);
  if (slopes.length === 0) return undefined;
  const score = seasons.reduce((sum, values) => sum + scoreOf(values), 0);
  const variance = varianceOf(seasons);
  return {
    slopePerCycle: median(slopes),
    interval: intervalOf(slopes, variance),
    pValue: pValueOf(score, variance),
    pairs: slopes.length,
  };
}

const Z_OF_INTERVAL = zOfUpperTail(0.025);

/** @param variance of the score, which the number of slopes below the true one follows */
function intervalOf(slopes: readonly number[], variance: number): SeasonalTrend['interval'] {
  const sorted = Float64Array.from(slopes).sort();
  const reach = Z_OF_INTERVAL * Math.sqrt(Math.max(0, variance));
  const low = Math.floor((sorted.length - reach) / 2);
  const high = Math.ceil((sorted.length + reach) / 2);
  return [
    low < 0 ? Number.NEGATIVE_INFINITY : sorted[low]!,
    high >= sorted.length ? Number.POSITIVE_INFINITY : sorted[high]!,
  ];
}

function slopesOf(values: Float64Array): number[] {
  const slopes: number[] = [];
  forEachPair(values, (i, j) => void slopes.push((values[j]! - values[i]!) / (j - i)));
  return slopes;
}

/** Kendall's S: pairs that rise less pairs that fall. */
function scoreOf(values: Float64Array): number {
  let score = 0;
  forEachPair(values, (i, j) => {
    score += Math.sign(values[j]! - values[i]!);
  });
  return score;
}

function forEachPair(values: Float64Array, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    for (let j = i + 1; j < values.length; j++) if (!Number.isNaN(values[j])) visit(i, j);
  }
}

/** Of the sum of the scores: all covariances, those of a season with itself included. */
function varianceOf(seasons: readonly Float64Array[]): number {
  const ranks = seasons.map(centredRanks);
  let variance = 0;
  for (const [g, values] of seasons.entries()) {
    variance += covariance(values, values, ranks[g]!, ranks[g]!);
    for (let h = 0; h < g; h++) variance += 2 * covariance(values, seasons[h]!, ranks[g]!, ranks[h]!);
  }
  return variance;
}

/** Ranks less their mean; 0 where there is no value, which is how Hirsch and Slack treat what is missing. */
function centredRanks(values: Float64Array): Float64Array {
  const ranks = new Float64Array(values.length);
  forEachPair(values, (i, j) => {
    const sign = Math.sign(values[j]! - values[i]!) / 2;
    ranks[j]! += sign;
    ranks[i]! -= sign;
  });
  return ranks;
}

/** Of the scores of two seasons. */
function covariance(a: Float64Array, b: Float64Array, ranksOfA: Float64Array, ranksOfB: Float64Array): number {
  let concordant = 0;
  forEachPair(a, (i, j) => {
    const inB = Math.sign(b[j]! - b[i]!);
    if (!Number.isNaN(inB)) concordant += Math.sign(a[j]! - a[i]!) * inB;
  });
  let product = 0;
  for (let i = 0; i < ranksOfA.length; i++) product += ranksOfA[i]! * ranksOfB[i]!;
  return (concordant + 4 * product) / 3;
}

/** With the correction for continuity: scores are whole numbers, two apart. */
function pValueOf(score: number, variance: number): number {
  if (score === 0 || variance <= 0) return 1;
  return twoSidedPValue((Math.abs(score) - 1) / Math.sqrt(variance));
}
