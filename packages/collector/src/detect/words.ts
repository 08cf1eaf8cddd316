/** The texts of an anomaly. They hold numbers only, never names: those come from strangers. */
import { MINUTE_MS } from '../model/rollup.ts';
import type { Finding } from './method.ts';

type Range = Pick<Finding, 'low' | 'high'>;

/**
 * About three significant digits, whole numbers from 100 on; never an exponent, whose minus would read as a range.
 * By arithmetic, since `toPrecision` would be most of the time that many findings take.
 */
export function readable(value: number): string {
  const scale = value >= 100 ? 1 : value >= 10 ? 10 : value >= 1 ? 100 : 1000;
  return String(Math.round(value * scale) / scale);
}

/** E.g. `100-500`, in the unit of the value. */
export function expectedRange({ low, high }: Range): string {
  return `${readable(low)}-${readable(high)}`;
}

/** How many times the nearer end of the expected range the value is, e.g. `10x expected`. */
export function deviation(value: number, { low, high }: Range): string {
  const end = value < low ? low : high;
  return end > 0 ? `${readable(value / end)}x expected` : `${readable(value)} where 0 was expected`;
}

/** Minute of the day, e.g. `13:05 UTC`. */
export function minuteOf(atMs: number): string {
  const minutes = Math.floor(atMs / MINUTE_MS);
  return `${twoDigits(Math.floor(minutes / 60) % 24)}:${twoDigits(minutes % 60)} UTC`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
