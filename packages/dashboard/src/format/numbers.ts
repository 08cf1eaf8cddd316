/** Numbers and times as people read them. Times are those of the person's own clock. */

const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function formatNumber(value: number): string {
  return Math.abs(value) < 1000 ? threeDigits.format(value) : whole.format(value);
}

export function formatCount(value: number): string {
  return whole.format(value);
}

/** E.g. `12.3 ms`, `1.2 s`, `3 min`. */
export function formatMs(valueMs: number): string {
  if (valueMs < 1000) return `${threeDigits.format(valueMs)} ms`;
  if (valueMs < 120_000) return `${threeDigits.format(valueMs / 1000)} s`;
  return `${threeDigits.format(valueMs / 60_000)} min`;
}

export function formatPercent(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01 ? '<0.01 %' : `${threeDigits.format(value)} %`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

/** In whole units, e.g. `25 min`, `3 h`; below a minute in seconds. */
export function formatSpan(durationMs: number): string {
  for (const [unitMs, name] of UNITS) {
    if (durationMs >= (name === 'min' ? 1 : 2) * unitMs) return `${Math.floor(durationMs / unitMs)} ${name}`;
  }
  return `${Math.max(0, Math.floor(durationMs / 1000))} s`;
}

export function formatAgo(at: string, nowMs = Date.now()): string {
  return `${formatSpan(nowMs - Date.parse(at))} ago`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** The time of day; with the day where that is not today. */
export function formatTime(at: string | number, nowMs = Date.now()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return isToday ? clock.format(date) : dayAndClock.format(date);
}

export function formatFullTime(at: string | number): string {
  return full.format(new Date(at));
}
