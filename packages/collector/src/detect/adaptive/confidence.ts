/** How likely it is that what was found is an incident and not chance. */

/** What the watches that go by a rule earn on made-up telemetry: they were hardly ever wrong. */
const BY_RULE = 0.95;

/** Where evidence is just enough, about as many in ten are chance: measured, see `docs/detection.md`. */
const CHANCE_AT_LIMIT = 0.15;
/** Doubts fall slower than the evidence says, since models are not the world: by half of each nat. */
const NATS_PER_DOUBT = 2;

/** @returns 0 to 1 */
export function confidenceOf(evidence: { nats: number; neededNats: number } | null): number {
  if (evidence === null) return BY_RULE;
  const beyond = Math.max(0, evidence.nats - evidence.neededNats);
  const odds = (CHANCE_AT_LIMIT / (1 - CHANCE_AT_LIMIT)) * Math.exp(-beyond / NATS_PER_DOUBT);
  return Math.round((1 / (1 + odds)) * 1000) / 1000;
}
