/** What a metric must not reach, where nobody said it: the threshold in force, and all of the memory. */
import type { Threshold, ThresholdMetric } from '../../model/alert.ts';
import type { TrendColumn, TrendMetric } from '../../model/trends.ts';

const THRESHOLD_OF: Partial<Record<TrendMetric, ThresholdMetric>> = {
  execution_time: 'response_time',
  error_rate: 'error_rate',
  cpu: 'cpu',
};

const ALL_OF_IT = 100;

/** The threshold of the tool before that of the server, and that before the one of all; of two, the graver. */
export function limitOf({ server, tool, metric }: TrendColumn, thresholds: readonly Threshold[]): number | undefined {
  if (metric === 'memory') return ALL_OF_IT;
  const wanted = THRESHOLD_OF[metric];
  const fitting = thresholds.filter(
    (each) =>
      each.enabled &&
      each.metric === wanted &&
      (each.server === '' || each.server === server) &&
      (each.tool === '' || each.tool === tool),
  );
  const closeness = (each: Threshold) => Number(each.server !== '') + Number(each.tool !== '');
  return fitting.sort((a, b) => closeness(b) - closeness(a) || b.threshold - a.threshold)[0]?.threshold;
}
