/** Numbers as a person reads them at a glance: about three digits, and always the unit. */
import { visibleText } from '../../model/visibleText.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** E.g. `0.31 ms`, `3.20 s`, `12.0 min`; eight columns at most below ten years. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  if (ms < 999.5 * SECOND_MS) return `${threeDigits(ms / SECOND_MS)} s`;
  const minutes = ms / MINUTE_MS;
  return minutes < 99.95 ? `${threeDigits(minutes)} min` : `${threeDigits(minutes / 60)} h`;
}

/** E.g. `7`, `12,345`, `1.23 M`; seven columns at most below 10^15. */
export function count(value: number): string {
  if (Math.abs(value) < 999_999.5) return Math.round(value).toLocaleString('en');
  if (value < 999.5e6) return `${threeDigits(value / 1e6)} M`;
  return value < 999.5e9 ? `${threeDigits(value / 1e9)} G` : `${threeDigits(value / 1e12)} T`;
}

/** A number that may have a fraction; whole from 100 on. */
export function rate(value: number): string {
  return value < 99.95 ? value.toFixed(1) : count(value);
}

/** E.g. `12.3 %`; nothing is `0 %`, so that what is little can be told from it. Seven columns. */
export function percent(value: number): string {
  if (value === 0) return '0 %';
  if (value < 0.05) return `${value < 0.005 ? '<0.01' : value.toFixed(2)} %`;
  return `${value.toFixed(value < 99.95 ? 1 : 0)} %`;
}

/** How long ago, in one unit. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 3_600);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** The unit of what an alert is about follows from its condition, e.g. `error_rate > 5%`. */
export function measured(value: number, condition: string): string {
  if (/^response_time/.test(condition)) return duration(value);
  return /^(error_rate|cpu|memory)\b/.test(condition)
    ? percent(value)
    : String(Number(threeDigits(value).replaceAll(',', '')));
}

/** `16:42:07 UTC` of an ISO time. */
export function clockTime(isoTime: string): string {
  return `${visibleText(isoTime.slice(11, 19), 8)} UTC`;
}

/** E.g. `812 B`, `1.23 MB`. */
export function bytes(value: number): string {
  if (value < 999.5) return `${Math.round(value)} B`;
  if (value < 999.5e3) return `${threeDigits(value / 1e3)} kB`;
  return value < 999.5e6 ? `${threeDigits(value / 1e6)} MB` : `${threeDigits(value / 1e9)} GB`;
}

/** Of which nothing is known, not even that it is above zero. */
export function plainNumber(value: number): string {
  if (Math.abs(value) >= 99.95) return Math.abs(value) < 1e15 ? count(value) : value.toExponential(2);
  return String(Number(value.toPrecision(3)));
}

/** Zeros at the end stay: figures stand below each other. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return Math.round(value).toLocaleString('en');
  return value.toFixed(size < 9.995 ? 2 : 1);
}
