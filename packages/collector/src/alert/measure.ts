/**
 * Turns "more samples than allowed are above the limit" into a value: the counters of the evaluator say when to look,
 * the sketches in the store say what the p95 of the same minutes is, and that decides. So an alert's value, threshold
 * and severity agree with what `get_metrics` answers, after a restart too.
 */
import { MINUTE_MS } from '../model/rollup.ts';
import type { Store } from '../store/store.ts';
import { type Breach, breachOfThreshold } from './breach.ts';
import type { Exceeded } from './followed.ts';
import { severityAbove, type ThresholdBook } from './thresholds.ts';

export interface Measuring {
  store: Pick<Store, 'readRollups'>;
  book: ThresholdBook;
  spanMinutes: number;
}

/** `undefined` when on a closer look, or with the thresholds now in force, nothing is exceeded. */
export async function measure(exceeded: Exceeded, nowMs: number, with_: Measuring): Promise<Breach | undefined> {
  const value = exceeded.value ?? (await readP95(exceeded, nowMs, with_));
  const limits = with_.book.limits(exceeded.server, exceeded.tool, exceeded.metric);
  const severity = severityAbove(limits, value);
  return severity && breachOfThreshold(exceeded, severity, value, limits[severity]!);
}

/** Milliseconds; NaN without samples. */
async function readP95({ server, tool }: Exceeded, nowMs: number, { store, spanMinutes }: Measuring): Promise<number> {
  const toMs = (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS;
  const { rollups } = await store.readRollups({
    fromMs: toMs - spanMinutes * MINUTE_MS,
    toMs,
    filter: { server, name: tool },
    scope: 'series',
    digests: true,
  });
  return rollups[0]?.digest?.quantile(0.95) ?? Number.NaN;
}
