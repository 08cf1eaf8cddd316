/**
 * Thresholds that would fit what tools have done over the last week. They are proposed and never set: what is slow for whom is
 * for people to say.
 */
import type { AlertSeverity, ThresholdProposal } from '../model/alert.ts';
import { groupBy } from '../model/groupBy.ts';
import { callCount, DAY_MS, errorRatePercent, HOUR_MS } from '../model/rollup.ts';
import type { Store } from '../store/store.ts';
import type { ThresholdBook } from './thresholds.ts';

const HISTORY_MS = 7 * DAY_MS;
/** Two working days, at least. */
const MIN_HOURS = 16;
/** An hour with fewer calls has no p95 worth the name. */
const MIN_CALLS = 20;
/** Above nearly every ordinary hour: a tenth of all hours may be incidents. */
const USUAL_QUANTILE = 0.9;
/** Half as slow again is a warning, three times as slow is critical: what the specification's 500 and 1000 ms are to its target of 300. */
const FACTOR: Record<AlertSeverity, number> = { warning: 1.5, critical: 3 };
/** A threshold that is right within a quarter needs no change. */
const NEAR = 1.25;
/** No error rate below this is worth an alert, per cent. */
const LEAST_ERROR_PERCENT = 1;

/** Only what differs from the threshold in force. */
export async function proposeThresholds(
  store: Pick<Store, 'readRollups'>,
  book: ThresholdBook,
  nowMs: number,
): Promise<ThresholdProposal[]> {
  const toMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const query = {
    fromMs: toMs - HISTORY_MS,
    toMs,
    filter: {},
    scope: 'series',
    groupBy: 'hour',
    digests: true,
  } as const;
  const { rollups } = await store.readRollups(query);
  const series = groupBy(rollups, (rollup) => JSON.stringify([rollup.series.server, rollup.series.name]));
  return [...series.values()].flatMap((hours) => {
    const busy = hours.filter((hour) => callCount(hour) >= MIN_CALLS);
    if (busy.length < MIN_HOURS) return [];
    const { server, name: tool } = busy[0]!.series;
    const p95 = busy.map(({ digest }) => digest!.quantile(0.95));
    const errors = busy.map(errorRatePercent);
    return (['warning', 'critical'] as const).flatMap((severity) => [
      ...propose({ server, tool, metric: 'response_time', severity }, p95, 0, book),
      ...propose({ server, tool, metric: 'error_rate', severity }, errors, LEAST_ERROR_PERCENT, book),
    ]);
  });
}

function propose(
  subject: Pick<ThresholdProposal, 'server' | 'tool' | 'metric' | 'severity'>,
  hours: readonly number[],
  least: number,
  book: ThresholdBook,
): ThresholdProposal[] {
  const { server, tool, metric, severity } = subject;
  const usual = quantile(hours, USUAL_QUANTILE);
  const proposed = rounded(FACTOR[severity] * Math.max(usual, least));
  const current = book.limits(server, tool, metric)[severity] ?? null;
  if (current !== null && proposed < current * NEAR && proposed > current / NEAR) return [];
  const above = (limit: number) => hours.filter((value) => value > limit).length;
  return [
    {
      ...subject,
      current,
      proposed,
      hours: hours.length,
      hoursAboveCurrent: current === null ? 0 : above(current),
      hoursAboveProposed: above(proposed),
    },
  ];
}

/** Nearest rank. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

/** Two significant digits: nobody sets 512.7 ms. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
