/** Times for people, as a client has them. */

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
