/** Scales for values: from nothing up, or logarithmic where the largest would leave the usual ones on the ground. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { PLOT, type YScale } from './frame.ts';

const RANGE = [PLOT.bottom, PLOT.top];
const TICKS = 4;
/** From here on the usual values would be flat on a scale that shows the largest. */
const LOG_FROM_FACTOR = 20;

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const LONGEST_WHOLE = 10_000;

/** @param max the largest value */
export function linearScale(max: number, unit: string): YScale {
  const scale = scaleLinear([0, max > 0 ? max : 1], RANGE).nice(TICKS);
  return yScale((value) => scale(value), scale.ticks(TICKS), unit);
}

/** For durations, which may differ by powers of ten. @param values positive, at least one */
export function durationScale(values: readonly number[], usualMs: number): YScale {
  const max = values.reduce((a, b) => Math.max(a, b), 0);
  if (max < LOG_FROM_FACTOR * usualMs || usualMs <= 0) return linearScale(max, 'ms');
  const min = values.reduce((a, b) => Math.min(a, b > 0 ? b : a), max);
  const scale = scaleLog([min, max], RANGE).nice();
  const ticks = scale.ticks().filter((tick) => isPowerOfTen(tick));
  return yScale((value) => scale(Math.max(value, scale.domain()[0]!)), ticks, 'ms, log');
}

function isPowerOfTen(value: number): boolean {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

function yScale(toY: (value: number) => number, ticks: readonly number[], unit: string): YScale {
  return Object.assign((value: number) => toY(value), {
    ticks,
    unit,
    format: shortNumber,
  });
}

function shortNumber(value: number): string {
  return value < LONGEST_WHOLE ? whole.format(value) : compact.format(value);
}
