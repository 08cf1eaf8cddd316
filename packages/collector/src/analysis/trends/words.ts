/** Days and figures as people write them. All times are UTC. */

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** E.g. `3 March`; with the year where that is not the year of `nowMs`. */
export function dayOf(atMs: number, nowMs: number): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const year = at.getUTCFullYear() === now.getUTCFullYear() ? '' : ` ${at.getUTCFullYear()}`;
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${year}`;
}

/** E.g. `3 March 14:00`. */
export function dayAndHour(atMs: number, nowMs: number): string {
  return `${dayOf(atMs, nowMs)} ${new Date(atMs).toISOString().slice(11, 16)}`;
}

/** E.g. `between 3 and 19 March`. */
export function daysBetween(fromMs: number, toMs: number, nowMs: number): string {
  const [from, to] = [dayOf(fromMs, nowMs), dayOf(toMs, nowMs)];
  const [day, ...month] = from.split(' ');
  const isSameMonth = to.split(' ').slice(1).join(' ') === month.join(' ');
  return `between ${isSameMonth ? day : from} and ${to}`;
}

const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three digits, or all before the point. */
export function figure(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'unknown';
  return `${Math.abs(value) < 1000 ? threeDigits.format(value) : whole.format(value)} ${unit}`.trimEnd();
}

/** E.g. `+12 %`. */
export function signedPercent(value: number): string {
  return `${value > 0 ? '+' : ''}${figure(value, '%')}`;
}
