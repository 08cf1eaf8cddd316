/** How finely a range is drawn: steps that people count in, as many as a screen can show, no finer than what is kept. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { TimeRange } from '../store/store.ts';

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30].map((days) => days * DAY_MS),
] as const;
/** Steps that are wider are whole ones of these. */
const WIDEST_MS = 30 * DAY_MS;

export interface Kept {
  minuteHours: number;
  hourDays: number;
}

export interface Steps {
  stepMs: number;
  /** What the store is asked to group by: the widest that a step is made of. */
  groupBy: 'minute' | 'hour' | 'day';
}

/** @param points steps at most; one more where the range begins within a step */
export function stepsOf({ fromMs, toMs }: TimeRange, points: number, nowMs: number, kept: Kept): Steps {
  const finestMs = finestKeptMs(fromMs, nowMs, kept);
  const wantedMs = (toMs - fromMs) / points;
  const stepMs =
    STEPS_MS.find((step) => step >= wantedMs && step >= finestMs) ?? Math.ceil(wantedMs / WIDEST_MS) * WIDEST_MS;
  return { stepMs, groupBy: stepMs >= DAY_MS ? 'day' : stepMs >= HOUR_MS ? 'hour' : 'minute' };
}

/** As retention deletes: minutes by whole hours, hours by whole days; what is older may be there still, and is drawn coarser. */
function finestKeptMs(fromMs: number, nowMs: number, { minuteHours, hourDays }: Kept): number {
  const startOf = (spanMs: number, atMs: number) => Math.floor(atMs / spanMs) * spanMs;
  if (fromMs >= startOf(HOUR_MS, nowMs - minuteHours * HOUR_MS)) return MINUTE_MS;
  return fromMs >= startOf(DAY_MS, nowMs - hourDays * DAY_MS) ? HOUR_MS : DAY_MS;
}
