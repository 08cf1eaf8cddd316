/** How finely a range is drawn: steps that people count in, as many as a screen can show, no finer than what is kept. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { TimeRange } from '../store/store.ts';

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30].map((days) => days * DAY_MS),
] as const;

export interface Kept {
  minuteHours: number;
  hourDays: number;
}

export interface Steps {
  stepMs: number;
  /** What the store is asked to group by: the widest that a step is made of. */
  groupBy: 'minute' | 'hour' | 'day';
}

/** @param points steps at most */
export function stepsOf({ fromMs, toMs }: TimeRange, points: number, nowMs: number, kept: Kept): Steps {
  const finestMs = finestKeptMs(fromMs, nowMs, kept);
  const wantedMs = (toMs - fromMs) / points;
  const stepMs = STEPS_MS.find((step) => step >= wantedMs && step >= finestMs) ?? STEPS_MS.at(-1)!;
  return { stepMs, groupBy: stepMs >= DAY_MS ? 'day' : stepMs >= HOUR_MS ? 'hour' : 'minute' };
}

/** Retention deletes by whole days at midnight; what is a little older may be there, and is drawn coarser all the same. */
function finestKeptMs(fromMs: number, nowMs: number, { minuteHours, hourDays }: Kept): number {
  const ageMs = nowMs - fromMs;
  if (ageMs > hourDays * DAY_MS) return DAY_MS;
  // A range that begins with the oldest minute has aged a little on its way here.
  return ageMs > minuteHours * HOUR_MS + 5 * MINUTE_MS ? HOUR_MS : MINUTE_MS;
}
