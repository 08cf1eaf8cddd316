/** A span of time as commands take it: the last of something, or from a time to another. */
import { VitalsError } from '../errors.ts';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * @param last e.g. `24h`; up to `to`, and not used where `from` is given
 * @throws VitalsError `invalid`
 */
export function rangeOf(
  last: string,
  from: string | undefined,
  to: string | undefined,
  nowMs: number,
): { startTime: string; endTime: string } {
  const [, number, unit] = /^(\d{1,6})([mhd])$/.exec(last) ?? [];
  if (number === undefined) {
    throw new VitalsError('invalid', `--last ${last}: not a length of time`, { hint: 'E.g. 30m, 24h or 7d' });
  }
  const endTime = to ?? new Date(nowMs).toISOString();
  const endMs = Date.parse(endTime);
  if (Number.isNaN(endMs)) {
    throw new VitalsError('invalid', `--to ${endTime}: not a time`, { hint: 'E.g. 2025-10-31T13:00:00Z' });
  }
  const lastMs = Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return { startTime: from ?? new Date(endMs - lastMs).toISOString(), endTime };
}
