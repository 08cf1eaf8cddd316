/** The specified methods as the background job runs them: every five minutes, over a window that ends with the newest minute. */
import { movingAverage } from '../../packages/collector/src/detect/movingAverage.ts';
import { percentile } from '../../packages/collector/src/detect/percentile.ts';
import { zScore } from '../../packages/collector/src/detect/zScore.ts';
import type { Sensitivity, StatisticalMethod } from '../../packages/collector/src/model/anomaly.ts';
import type { ServerColumns, ToolColumns } from './adaptive.ts';

const METHODS = { 'z-score': zScore, 'moving-avg': movingAverage, percentile };
const INTERVAL_MINUTES = 5;

export interface StatisticalOptions {
  method: StatisticalMethod;
  sensitivity: Sensitivity;
  windowMinutes: number;
}

export function detectToolBy(options: StatisticalOptions, { t, count, errors, avg }: ToolColumns): Uint8Array {
  const flags = new Uint8Array(t.length);
  const responseTime = (i: number) => (count[i]! > 0 ? avg[i]! : Number.NaN);
  const errorRate = (i: number) => (100 * errors[i]!) / count[i]!;
  for (const column of [responseTime, errorRate]) flag(options, t.length, column, flags);
  return flags;
}

export function detectServerBy(options: StatisticalOptions, { t, mem, cpu }: ServerColumns): Uint8Array {
  const flags = new Uint8Array(t.length);
  for (const column of [mem, cpu]) flag(options, t.length, (i) => column[i]!, flags);
  return flags;
}

/** Flags the minutes whose value the method finds odd; minutes without a value are left out, as the collector does. */
function flag(
  { method, sensitivity, windowMinutes }: StatisticalOptions,
  minutes: number,
  valueAt: (minute: number) => number,
  flags: Uint8Array,
): void {
  for (let end = INTERVAL_MINUTES; end <= minutes; end += INTERVAL_MINUTES) {
    const kept: number[] = [];
    for (let i = Math.max(0, end - windowMinutes); i < end; i += 1) if (Number.isFinite(valueAt(i))) kept.push(i);
    const judgeFrom = kept.findIndex((i) => i >= end - INTERVAL_MINUTES);
    if (judgeFrom < 0) continue;
    const values = Float64Array.from(kept, valueAt);
    for (const { index } of METHODS[method](values, sensitivity, judgeFrom)) flags[kept[index]!] = 1;
  }
}

/** For scores of 0 to 1: how far out the newest value is, of a window that ends with it. */
export function scoreBy(method: StatisticalMethod, values: ArrayLike<number>, windowLength: number): Float64Array {
  return Float64Array.from(values, (_, i) => {
    const from = Math.max(0, i + 1 - windowLength);
    const window = Float64Array.from({ length: i + 1 - from }, (_each, k) => values[from + k]!);
    const [finding] = METHODS[method](window, 'medium', window.length - 1);
    if (finding === undefined) return 0;
    // Beside a constant series every distance is infinite.
    return Number.isFinite(finding.excess) ? finding.excess / (1 + finding.excess) : 1;
  });
}
