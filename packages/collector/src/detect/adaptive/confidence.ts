/** How likely it is that what was found is an incident and not chance. */
import type { AnomalyType } from '../../model/anomaly.ts';

/** What the watches that go by a rule earn on made-up telemetry: they were hardly ever wrong. */
const BY_RULE = 0.95;

/** Of metrics nothing is known but their values: half of what is found is in a labelled window of the benchmark. */
const OF_METRICS = 0.5;

/** Where evidence is just enough, about as many in ten are chance: measured, see `docs/detection.md`. */
const CHANCE_AT_LIMIT = 0.15;
/** Doubts fall slower than the evidence says, since models are not the world: by half of each nat. */
const NATS_PER_DOUBT = 2;

/** @returns 0 to 1 */
export function confidenceOf(type: AnomalyType, evidence: { nats: number; neededNats: number } | null): number {
  if (evidence === null) return type === 'metric_change' ? OF_METRICS : BY_RULE;
  const beyond = Math.max(0, evidence.nats - evidence.neededNats);
  const odds = (CHANCE_AT_LIMIT / (1 - CHANCE_AT_LIMIT)) * Math.exp(-beyond / NATS_PER_DOUBT);
  return Math.round((1 / (1 + odds)) * 1000) / 1000;
}
