/** Numbers and times for people. */

const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three digits are as much as a reader compares; larger numbers keep all before the point. */
function readable(value: number): string {
  return Math.abs(value) < 1000 ? threeDigits.format(value) : whole.format(value);
}

/** @param unit empty for a number of its own */
export function inUnit(value: number, unit: string): string {
  return `${readable(value)} ${unit}`.trimEnd();
}

export function milliseconds(valueMs: number): string {
  return inUnit(valueMs, 'ms');
}

export function percent(value: number): string {
  return `${readable(value)} %`;
}

export function count(value: number): string {
  return whole.format(value);
}

/** E.g. `1 call`, `3 calls`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** To the second, in UTC, as people write it: `2025-10-31 13:00:00`. */
export function dateTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** A span in its largest unit, e.g. `3.5 h`. */
export function span(durationMs: number): string {
  for (const [unitMs, name] of UNITS) {
    if (durationMs >= unitMs) return `${Math.round((10 * durationMs) / unitMs) / 10} ${name}`;
  }
  return milliseconds(durationMs);
}

/** E.g. `12.5 min`. */
export function minutes(value: number): string {
  return inUnit(value, 'min');
}

/** How sure something is; nothing is ever quite sure. */
export function confidence(valuePercent: number): string {
  return valuePercent > 99.9 ? '> 99.9 %' : `${Math.floor(valuePercent * 10) / 10} %`;
}
