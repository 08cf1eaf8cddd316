/**
 * How clearly a test was passed. A finding rests on several tests, and is as sure as the least clear of them: its confidence
 * says how far from the thresholds the evidence is, and how much of it there was. It is no probability; how often findings of
 * a confidence were right is measured, see docs/bottlenecks.md.
 */
import type { BottleneckSeverity } from '../../model/bottleneck.ts';

/** A test that was passed narrowly is worth this, one that was passed clearly is worth 1. */
const NARROW = 0.5;

/**
 * @param threshold where the test is just passed
 * @param clear from where there is no doubt; below `threshold` for tests that want a small value
 * @returns 0 where the test failed or the value is not known, else from a half to 1
 */
export function clarity(value: number, threshold: number, clear: number): number {
  const part = (value - threshold) / (clear - threshold);
  if (Number.isNaN(part) || part < 0) return 0;
  return NARROW + (1 - NARROW) * Math.min(1, part);
}

/** Of how many observations: few leave doubt whatever they say. A half at `few`, and near 1 at ten times as many. */
export function clarityOfCount(count: number, few: number): number {
  return count / (count + few);
}

/** 0 where any test failed. */
export function confidenceOf(...clarities: readonly number[]): number {
  return Math.min(...clarities);
}

/** @param limits from which it is medium, high and critical */
export function severityOf(
  value: number,
  [medium, high, critical]: readonly [number, number, number],
): BottleneckSeverity {
  if (value >= critical) return 'critical';
  if (value >= high) return 'high';
  return value >= medium ? 'medium' : 'low';
}
