/** Numbers, times and names for people. */

const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three digits are as much as a reader compares; larger numbers keep all before the point. */
export function readable(value: number): string {
  return Math.abs(value) < 1000 ? threeDigits.format(value) : whole.format(value);
}

/** A time of day, with the date where it is another one. What the client says of locale and zone may be nonsense. */
export function timeText(iso: string, now: Date, locale: string | null, timeZone: string | null): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const isToday = Math.abs(now.getTime() - at.getTime()) < 12 * 3_600_000;
  const options: Intl.DateTimeFormatOptions = isToday
    ? { timeStyle: 'medium' }
    : { dateStyle: 'medium', timeStyle: 'short' };
  try {
    return new Intl.DateTimeFormat(locale ?? undefined, { ...options, ...(timeZone && { timeZone }) }).format(at);
  } catch {
    return at.toISOString();
  }
}

/** `2026-03-01 12:00 to 2026-03-02 12:00 UTC`, as reports have their times. */
export function periodText(period: string): string {
  const [from = '', to = ''] = period.split('/').map((iso) => iso.slice(0, 16).replace('T', ' '));
  return `${from} to ${to} UTC`;
}

/** But for the variation selector that emoji use. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|(?!\uFE0F)\p{Variation_Selector}/gu;

/** A name from outside, with what cannot be seen written out: a turned-around or an empty name would pass for another. */
export function visibleName(name: string): string {
  return name.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
