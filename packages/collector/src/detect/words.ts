/** The texts of an anomaly. They hold numbers only, never names: those come from strangers. */
import type { Finding } from './method.ts';

/** Three significant digits, whole numbers from 100 on; never an exponent, whose minus would read as a range. */
export function readable(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded < 0.001 ? '0' : String(rounded);
}

/** E.g. `100-500`, in the unit of the value. */
export function expectedRange({ low, high }: Finding): string {
  return `${readable(low)}-${readable(high)}`;
}

/** How many times the nearer end of the expected range the value is, e.g. `10x expected`. */
export function deviation(value: number, { low, high }: Finding): string {
  const end = value < low ? low : high;
  return end > 0 ? `${readable(value / end)}x expected` : `${readable(value)} where 0 was expected`;
}

/** Minute of the day, e.g. `13:05 UTC`. */
export function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}
