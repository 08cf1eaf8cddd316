/**
 * A learned method to compare with: isolation forests (Liu, Ting and Zhou, 2008), by the library `ml-isolation-forest`. Trained anew every day on
 * the days before, from this and earlier minutes only. The library draws by chance without a seed, so figures differ a little from run to run.
 */
import { IsolationForest } from 'ml-isolation-forest';
import type { ServerColumns, ToolColumns } from './adaptive.ts';

const MINUTES_PER_DAY = 1_440;
const TRAINING_DAYS = 3;
/** More trees and rows make it slower and no better. */
const TREES = 50;
const MAX_ROWS = 1_500;
/** Of the rows it was trained on, so few score higher than what is flagged; two minutes in a row, as it would be alone. */
const QUANTILE = 0.999;
const IN_A_ROW = 2;

export function detectTool({ t, count, errors, p50, avg, max }: ToolColumns): Uint8Array {
  const log = (value: number) => (value > 0 ? Math.log(value) : 0);
  const features = (i: number) => {
    const angle = (2 * Math.PI * (t[i]! % 86_400_000)) / 86_400_000;
    const share = count[i]! > 0 ? errors[i]! / count[i]! : 0;
    return [
      log(p50[i]!),
      log(avg[i]!),
      log(max[i]!),
      10 * share,
      Math.log1p(count[i]!),
      Math.sin(angle),
      Math.cos(angle),
    ];
  };
  return flagOutliers(t.length, features, (i) => count[i]! > 0);
}

export function detectServer({ t, mem, cpu }: ServerColumns): Uint8Array {
  return flagOutliers(
    t.length,
    (i) => [mem[i]!, cpu[i]!],
    () => true,
  );
}

function flagOutliers(
  minutes: number,
  featuresAt: (i: number) => number[],
  isKnown: (i: number) => boolean,
): Uint8Array {
  const flags = new Uint8Array(minutes);
  for (let day = 1; day * MINUTES_PER_DAY < minutes; day += 1) {
    const start = day * MINUTES_PER_DAY;
    const first = Math.max(0, start - TRAINING_DAYS * MINUTES_PER_DAY);
    const { forest, limit } = train(sample(first, start, isKnown).map(featuresAt));
    if (forest === undefined) continue;
    const today = Array.from({ length: Math.min(MINUTES_PER_DAY, minutes - start) }, (_, i) => start + i).filter(
      isKnown,
    );
    const scores = forest.predict(today.map(featuresAt));
    let inARow = 0;
    for (const [k, minute] of today.entries()) {
      inARow = scores[k]! > limit ? inARow + 1 : 0;
      if (inARow >= IN_A_ROW) flags[minute] = 1;
    }
  }
  return flags;
}

function train(rows: number[][]): { forest: IsolationForest | undefined; limit: number } {
  if (rows.length < 100) return { forest: undefined, limit: 0 };
  const forest = new IsolationForest({ nEstimators: TREES });
  forest.train(rows);
  const scores = forest.predict(rows).sort((a, b) => a - b);
  return { forest, limit: scores[Math.ceil(QUANTILE * scores.length) - 1]! };
}

function sample(first: number, end: number, isKnown: (i: number) => boolean): number[] {
  const known = Array.from({ length: end - first }, (_, i) => first + i).filter(isKnown);
  const step = Math.max(1, known.length / MAX_ROWS);
  return Array.from({ length: Math.floor(known.length / step) }, (_, i) => known[Math.floor(i * step)]!);
}

/** Values of a metric in a row, and how they moved. */
const LAGS = 8;
const RETRAIN = 1_000;
const FIRST = 500;

/** Scores of 0 to 1 for the Numenta Anomaly Benchmark. */
export function scoreValues(values: ArrayLike<number>): Float64Array {
  const featuresAt = (i: number) => Array.from({ length: LAGS }, (_, lag) => values[Math.max(0, i - lag)]!);
  const scores = new Float64Array(values.length);
  let forest: IsolationForest | undefined;
  for (let start = FIRST; start < values.length; start += RETRAIN) {
    forest = new IsolationForest({ nEstimators: TREES });
    forest.train(sample(LAGS, start, () => true).map(featuresAt));
    const rows = Array.from({ length: Math.min(RETRAIN, values.length - start) }, (_, i) => featuresAt(start + i));
    scores.set(forest.predict(rows), start);
  }
  return scores;
}
