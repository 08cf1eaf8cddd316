/**
 * How fast an error budget may burn: over a long window that tells that it matters and a short one that tells that it goes
 * on. Windows and factors are those of the Google SRE workbook, "Alerting on SLOs", 6: a page at 2 % of a 30-day budget in
 * an hour or 5 % in six, a ticket at 10 % in three days.
 */
import type { AlertSeverity } from './alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './rollup.ts';

export interface BurnWindow {
  /** Of the long one. */
  name: string;
  longMs: number;
  shortMs: number;
  /** How many times as fast as the budget allows. */
  factor: number;
  severity: AlertSeverity;
}

/** The worst first. */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { name: '1h', longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, factor: 14.4, severity: 'critical' },
  { name: '6h', longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, factor: 6, severity: 'critical' },
  { name: '3d', longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS, factor: 1, severity: 'warning' },
];

/** One or two bad calls are nobody's incident, however few there were. */
export const MIN_BAD_CALLS = 3;
