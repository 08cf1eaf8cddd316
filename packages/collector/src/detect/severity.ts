/**
 * How bad an anomaly is: how far out it is, held against levels that matter to a person. Odd is not yet bad: a tool
 * that takes 9 ms instead of 3 is no reason to call anyone.
 */
import type { AnomalySeverity } from '../model/anomaly.ts';
import type { Finding } from './method.ts';

/** What is judged; an anomaly type can cover several (`resource_spike` covers cpu and memory). */
export type Measure = 'response_time' | 'error_rate' | 'cpu' | 'memory';

/**
 * `fine`: below it a value meets the targets (mean response time under 100 ms, error rate under 1 %) or the warning
 * levels (CPU 70 %, memory 75 % of the limit) of the specification. `bad`: its critical levels.
 */
const LEVELS: Record<Measure, { fine: number; bad: number }> = {
  response_time: { fine: 100, bad: 1000 },
  error_rate: { fine: 1, bad: 5 },
  cpu: { fine: 70, bad: 90 },
  memory: { fine: 75, bad: 90 },
};

/** Half as far again as what is allowed is past the doubt at its edge; twice as far is past any. */
const WARNING_EXCESS = 1.5;
const CRITICAL_EXCESS = 2;

/** `level` is the value in the unit of `LEVELS`, which for memory is per cent of the limit. */
export function severityOf(measure: Measure, value: number, level: number, finding: Finding): AnomalySeverity {
  const { fine, bad } = LEVELS[measure];
  const isDip = value < finding.low;
  if (isDip || level < fine || finding.excess < WARNING_EXCESS) return 'info';
  return level > bad && finding.excess >= CRITICAL_EXCESS ? 'critical' : 'warning';
}
