/** How likely it is that what was found is an incident and not chance. */
import type { AnomalyType } from '../../model/anomaly.ts';

/** What the watches that go by a rule earn on made-up telemetry: they were hardly ever wrong. */
const BY_RULE = 0.95;

/** Of metrics nothing is known but their values: half of what is found is in a labelled window of the benchmark. */
const OF_METRICS = 0.5;

/**
 * Doubts by the evidence beyond what an alarm takes, fitted to a thousand episodes of made-up telemetry, of which it was known what they
 * were: 44 % of those within a nat of the limit were chance, 20 % within two, 9 % up to eight, and 3 % however much there was.
 */
const DOUBT_AT_LIMIT = 0.47;
const NATS_PER_DOUBT = 1.8;
const DOUBT_ALWAYS = 0.03;

/** @returns 0 to 1 */
export function confidenceOf(type: AnomalyType, evidence: { nats: number; neededNats: number } | null): number {
  if (evidence === null) return type === 'metric_change' ? OF_METRICS : BY_RULE;
  const beyond = Math.max(0, evidence.nats - evidence.neededNats);
  const doubt = DOUBT_ALWAYS + DOUBT_AT_LIMIT * Math.exp(-beyond / NATS_PER_DOUBT);
  return Math.round((1 - doubt) * 1000) / 1000;
}
