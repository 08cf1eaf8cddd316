/** The calls of a period step by step: what charts draw and lasting trends are looked for in. */
import type { Config } from '../config/schema.ts';
import type { ReportStep, ReportTimeline } from '../model/report.ts';
import { callCount, DAY_MS, errorCount, HOUR_MS, MINUTE_MS, type SeriesRollup } from '../model/rollup.ts';
import type { RollupQuery, Store, TimeRange } from '../store/store.ts';

export type Retention = Pick<Config['retention'], 'minuteHours' | 'hourDays'>;

/** A chart of more steps than this shows no single one. */
const MAX_MINUTES_MS = 6 * HOUR_MS;
const MAX_HOURS_MS = 7 * DAY_MS;
/** Beyond it a period is cut to where there are calls, so that one from 1970 on has no empty decades. */
const MAX_EMPTY_STEPS = 1_000;

const GROUPS = { [MINUTE_MS]: 'minute', [HOUR_MS]: 'hour', [DAY_MS]: 'day' } as const;

/** The finest steps that suit the length of a period and are still kept. */
export function stepOf({ fromMs, toMs }: TimeRange, nowMs: number, { minuteHours, hourDays }: Retention): number {
  const lengthMs = toMs - fromMs;
  if (lengthMs <= MAX_MINUTES_MS && fromMs >= nowMs - minuteHours * HOUR_MS) return MINUTE_MS;
  return lengthMs <= MAX_HOURS_MS && fromMs >= nowMs - hourDays * DAY_MS ? HOUR_MS : DAY_MS;
}

/** How a store calls steps of a length. */
export function groupOf(stepMs: number): NonNullable<RollupQuery['groupBy']> {
  return GROUPS[stepMs as keyof typeof GROUPS];
}

export async function readTimeline(
  store: Pick<Store, 'readRollups'>,
  range: TimeRange,
  server: string | undefined,
  stepMs: number,
): Promise<ReportTimeline> {
  const scope = server === undefined ? ('all' as const) : ('server' as const);
  const query = { ...range, filter: { server }, scope, groupBy: groupOf(stepMs), digests: true };
  const { rollups } = await store.readRollups(query);
  return timelineOf(rollups, range, stepMs);
}

/** @param rollups at most one per step */
export function timelineOf(
  rollups: readonly SeriesRollup[],
  { fromMs, toMs }: TimeRange,
  stepMs: number,
): ReportTimeline {
  const byStart = new Map(rollups.map((rollup) => [rollup.startMs, rollup]));
  let [atMs, endMs] = [Math.floor(fromMs / stepMs) * stepMs, toMs];
  if ((endMs - atMs) / stepMs > MAX_EMPTY_STEPS) {
    atMs = Math.min(...byStart.keys(), endMs);
    endMs = Math.max(...byStart.keys(), atMs - stepMs) + stepMs;
  }
  const points: ReportStep[] = [];
  for (; atMs < endMs; atMs += stepMs) points.push(pointOf(atMs, byStart.get(atMs)));
  return { stepMs, points };
}

function pointOf(startMs: number, rollup: SeriesRollup | undefined): ReportStep {
  const calls = rollup ? callCount(rollup) : 0;
  const quantileMs = (q: number) => (calls === 0 ? null : rollup!.digest!.quantile(q));
  return {
    startMs,
    calls,
    errors: rollup ? errorCount(rollup) : 0,
    p50Ms: quantileMs(0.5),
    p95Ms: quantileMs(0.95),
    p99Ms: quantileMs(0.99),
  };
}
