/** A length of time as people type it: `90m`, `24h`, `7d`, `2w`. */
import { VitalsError } from '../errors.ts';

const MINUTES = { m: 1, h: 60, d: 1440, w: 7 * 1440 } as const;

/**
 * @param flag its name, for the message
 * @throws VitalsError `invalid`
 */
export function minutesOf(flag: string, span: string): number {
  const [, number, unit] = /^(\d{1,6})([mhdw])$/.exec(span) ?? [];
  if (unit === undefined) throw new VitalsError('invalid', `${flag} ${span}: a number and m, h, d or w, e.g. 24h`);
  return Number(number) * MINUTES[unit as keyof typeof MINUTES];
}
