/** How much evidence an alarm takes. */

import type { Sensitivity } from '../../model/anomaly.ts';

/**
 * False alarms per watch and day that chance may raise, if calls were as the models have them. At medium, made-up telemetry of ten tools
 * has one false alarm in a week or two, which is what a person puts up with; the others are ten times as few and ten times as many.
 */
export const ALARMS_PER_DAY: Readonly<Record<Sensitivity, number>> = { low: 0.0005, medium: 0.005, high: 0.05 };

/** A series is never taken to be tested less often than this a day. */
const MIN_TESTS_PER_DAY = 20;

/**
 * The log-likelihood ratio, in nats, that chance exceeds `alarmsPerDay` times a day at most: of `testsPerDay` independent
 * tests, a share of exp(-nats) exceeds it.
 */
export function requiredNats(testsPerDay: number, alarmsPerDay: number): number {
  return Math.log(Math.max(MIN_TESTS_PER_DAY, testsPerDay) / alarmsPerDay);
}

/** An episode that is over for as long is over: evidence for it would be seen in calls, and calls may be rare. */
export const QUIET_MS = 25 * 60_000;

/** Evidence, in nats, that ends an episode: less than begins one, since a wrong end costs little. */
export const END_NATS = 4;

/** After so long without a call the first one often pays for caches and connections that are gone. */
export const COLD_AFTER_MS = 15 * 60_000;
