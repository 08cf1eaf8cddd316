/**
 * One number for "how is it": 100 less what errors, slowness and alerts cost. `docs/health-score.md` explains the
 * figures; they are chosen so that reaching a critical threshold of the specification alone makes a server `degraded`,
 * and two of them `critical`.
 */
import type { Health } from '../model/report.ts';

/** Points per per cent of failed calls, and the most they cost: ten per cent of failures cost all of them. */
const POINTS_PER_ERROR_PERCENT = 6;
const MAX_ERROR_POINTS = 60;

/** The p95 that costs nothing, what every further multiple of it costs, and the most. */
const P95_TARGET_MS = 500;
const POINTS_PER_P95_MULTIPLE = 20;
const MAX_LATENCY_POINTS = 40;

const POINTS_PER_ALERT = { warning: 10, critical: 25 } as const;
const MAX_ALERT_POINTS = 50;

/** One failure of one call is no failure rate of 100 %: below this number, missing calls count as successes. */
const MIN_CALLS = 20;

const HEALTHY_FROM = 80;
const DEGRADED_FROM = 50;

export interface Vitals {
  calls: number;
  errors: number;
  /** 0 when there is no call. */
  p95Ms: number;
  /** Unresolved alerts whose condition holds, acknowledged ones included: being known makes nothing healthy. */
  alerts: { warning: number; critical: number };
}

/** @returns a whole number from 0 to 100; a server that nobody calls is as healthy as its alerts say */
export function healthScore({ calls, errors, p95Ms, alerts }: Vitals): number {
  const errorPercent = (100 * errors) / Math.max(calls, MIN_CALLS);
  const slowness = Math.max(0, p95Ms / P95_TARGET_MS - 1);
  const points =
    Math.min(MAX_ERROR_POINTS, POINTS_PER_ERROR_PERCENT * errorPercent) +
    Math.min(MAX_LATENCY_POINTS, POINTS_PER_P95_MULTIPLE * slowness) +
    Math.min(MAX_ALERT_POINTS, POINTS_PER_ALERT.warning * alerts.warning + POINTS_PER_ALERT.critical * alerts.critical);
  return Math.max(0, Math.round(100 - points));
}

export function healthOf(score: number): Health {
  if (score >= HEALTHY_FROM) return 'healthy';
  return score >= DEGRADED_FROM ? 'degraded' : 'critical';
}

const RANK: Record<Health, number> = { healthy: 0, degraded: 1, critical: 2 };

/** A system is as healthy as the worst of its parts. */
export function worstHealth(parts: Iterable<Health>): Health {
  let worst: Health = 'healthy';
  for (const part of parts) if (RANK[part] > RANK[worst]) worst = part;
  return worst;
}
