/**
 * What a metric of a tool or a server is now, over the rolling span, from the store. The counters of the evaluator say when
 * to look; this says what an alert shows, so that its value, threshold and severity agree with what `get_metrics`
 * answers, after a restart too.
 */
import type { Threshold, ThresholdMetric } from '../model/alert.ts';
import { errorRatePercent, newestMinutes } from '../model/rollup.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { type Breach, breachOfThreshold } from './breach.ts';
import type { Exceeded } from './followed.ts';
import { severityAbove, type ThresholdBook } from './thresholds.ts';

export interface Measuring {
  store: Pick<Store, 'readRollups' | 'readResources'>;
  book: ThresholdBook;
  spanMinutes: number;
}

/** `undefined` when on a closer look, or with the thresholds now in force, nothing is exceeded. */
export async function measure(exceeded: Exceeded, nowMs: number, with_: Measuring): Promise<Breach | undefined> {
  const value = exceeded.value ?? (await readValue(exceeded, nowMs, with_));
  const limits = with_.book.limits(exceeded.server, exceeded.tool, exceeded.metric);
  const severity = severityAbove(limits, value);
  return severity && breachOfThreshold(exceeded, severity, value, limits[severity]!);
}

/** Whether a value is so far below its limits that it will not be above them again in a moment. */
export async function isWellBelow(
  subject: Pick<Threshold, 'server' | 'tool' | 'metric'>,
  hysteresisPercent: number,
  nowMs: number,
  with_: Measuring,
): Promise<boolean> {
  if (hysteresisPercent === 0) return true;
  const { warning, critical } = with_.book.limits(subject.server, subject.tool, subject.metric);
  const limit = Math.min(warning ?? Number.POSITIVE_INFINITY, critical ?? Number.POSITIVE_INFINITY);
  const value = await readValue(subject, nowMs, with_);
  // Without calls there is no value, and nothing that is above a limit.
  return !(value > limit * (1 - hysteresisPercent / 100));
}

/** In the unit of the threshold; NaN without calls or samples. */
async function readValue(
  { server, tool, metric }: Pick<Threshold, 'server' | 'tool' | 'metric'>,
  nowMs: number,
  { store, spanMinutes }: Measuring,
): Promise<number> {
  const range = newestMinutes(nowMs, spanMinutes);
  if (metric === 'cpu' || metric === 'memory') return readUse(store, server, metric, range);
  return readCalls(store, { server, tool, metric }, range);
}

async function readCalls(
  store: Measuring['store'],
  { server, tool, metric }: { server: string; tool: string; metric: ThresholdMetric },
  range: TimeRange,
): Promise<number> {
  const isTime = metric === 'response_time';
  const query = { ...range, filter: { server, name: tool }, scope: 'series', digests: isTime } as const;
  const [rollup] = (await store.readRollups(query)).rollups;
  if (rollup === undefined) return Number.NaN;
  return isTime ? (rollup.digest?.quantile(0.95) ?? Number.NaN) : errorRatePercent(rollup);
}

async function readUse(
  store: Measuring['store'],
  server: string,
  metric: 'cpu' | 'memory',
  range: TimeRange,
): Promise<number> {
  const [use] = await store.readResources(range, server, 'range');
  if (use === undefined) return Number.NaN;
  return metric === 'cpu' ? use.cpuPercentAvg : use.memoryPercentAvg;
}
