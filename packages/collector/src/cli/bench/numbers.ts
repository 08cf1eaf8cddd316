/** Numbers that were typed. */
import { VitalsError } from '../../errors.ts';

/** @throws VitalsError `invalid` unless it is a whole number in the range */
export function whole(option: string, typed: string, least: number, most: number): number {
  const value = number(option, typed, least, most);
  if (Number.isInteger(value)) return value;
  throw new VitalsError('invalid', `${option} ${typed}: not a whole number`);
}

/** @throws VitalsError `invalid` unless it is a number in the range */
export function number(option: string, typed: string, least: number, most: number): number {
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  if (value >= least && value <= most) return value;
  throw new VitalsError('invalid', `${option} ${typed}: not a number from ${least} to ${most}`);
}
