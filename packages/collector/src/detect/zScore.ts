/**
 * A value is odd when it is further from the mean of the window than a number of standard deviations. Mean and
 * deviation are those of the whole window, the judged value included, as specified. That bounds the score at
 * sqrt(n - 1): a window of fewer than 8 values cannot hold an anomaly at the default sensitivity, and a value that
 * leaves an otherwise constant window of 8 or more is one. A constant window has none.
 */
import type { Sensitivity } from '../model/anomaly.ts';
import { normalCoverage } from '../model/normal.ts';
import type { Finding } from './method.ts';

/** Standard deviations; specified with the share of a normal distribution that lies within: 99.7, 98.8 and 95.4 %. */
const LIMIT: Record<Sensitivity, number> = { low: 3.0, medium: 2.5, high: 2.0 };

/** Relative differences below this are rounding of the arithmetic, not a property of the data. */
const ROUNDING = 1e-12;

/** Confidence is the share of a normal distribution nearer to its mean than the value is, as in the specification. */
export function zScore(values: Float64Array, sensitivity: Sensitivity, judgeFrom: number): Finding[] {
  const limit = LIMIT[sensitivity];
  const mean = meanOf(values);
  const deviation = deviationOf(values, mean);
  if (!(deviation > Math.abs(mean) * ROUNDING)) return [];
  const allowed = limit * deviation;
  const findings: Finding[] = [];
  for (let index = judgeFrom; index < values.length; index++) {
    const distance = Math.abs(values[index]! - mean);
    if (distance <= allowed * (1 + ROUNDING)) continue;
    findings.push({
      index,
      low: Math.max(0, mean - allowed),
      high: mean + allowed,
      excess: distance / allowed,
      confidence: normalCoverage(distance / deviation),
    });
  }
  return findings;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Of the population: the window is everything there is, not a sample of something larger. */
function deviationOf(values: Float64Array, mean: number): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
