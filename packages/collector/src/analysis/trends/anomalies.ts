/**
 * Steps that fit neither what repeats nor the level around them. How far off a step usually is, is measured above and below the level by
 * itself: times and counts are crooked, and what is far below is rarer than what is far above.
 */
import { median } from '../../model/median.ts';
import type { TrendAnomaly } from '../../model/trends.ts';

/** Robust standard deviations; of normal noise one step in 30 million is as far off, of what durations are, one in some thousands. */
const MIN_SCORE = 6;
/** Of the level; what is nearer is of no interest, however steady the rest is. */
const MIN_DISTANCE_SHARE = 0.1;
const MAX_ANOMALIES = 10;

/** @param expected per step @returns the farthest off, in the order of time */
export function anomaliesOf(
  values: Float64Array,
  expected: Float64Array,
  startMs: number,
  stepMs: number,
): TrendAnomaly[] {
  const residuals = values.map((value, i) => value - expected[i]!);
  const above = deviation(residuals.filter((residual) => residual > 0));
  const below = deviation(residuals.filter((residual) => residual < 0));
  const least = MIN_DISTANCE_SHARE * Math.abs(median(values.filter((value) => !Number.isNaN(value))));
  const scores = residuals.map((residual) => {
    if (!(Math.abs(residual) >= least)) return 0;
    return residual / (residual > 0 ? above : below);
  });
  return runs(scores)
    .map(([from, to]) => {
      const peak = farthest(scores, from, to);
      return {
        fromMs: startMs + from * stepMs,
        toMs: startMs + to * stepMs,
        value: values[peak]!,
        expected: expected[peak]!,
        score: scores[peak]!,
      };
    })
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, MAX_ANOMALIES)
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** Of one side: the median distance is 0.6745 standard deviations. Nothing is far off where there is no distance at all. */
function deviation(distances: Float64Array): number {
  const typical = distances.length === 0 ? 0 : 1.4826 * median(distances.map((value) => Math.abs(value)));
  return typical > 0 ? typical : Number.POSITIVE_INFINITY;
}

/** From and to, exclusive, of steps in a row that are off to the same side. */
function runs(scores: Float64Array): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (!(Math.abs(score) >= MIN_SCORE)) continue;
    const last = found.at(-1);
    if (last !== undefined && last[1] === i && Math.sign(scores[i - 1]!) === Math.sign(score)) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

function farthest(scores: Float64Array, from: number, to: number): number {
  let peak = from;
  for (let i = from + 1; i < to; i++) if (Math.abs(scores[i]!) > Math.abs(scores[peak]!)) peak = i;
  return peak;
}
