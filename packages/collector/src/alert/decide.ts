/** Whether a condition that holds becomes an alert: a pure function that names its reason. */
import type { Alert } from '../model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { type Breach, isWorse } from './breach.ts';

/** `raise` makes a new alert; `returned`, `worsened` and `ongoing` belong to the open one; the others are suppressed. */
export type Verdict = 'raise' | 'returned' | 'worsened' | 'ongoing' | SuppressedReason;

export type SuppressedReason = 'duplicate' | 'rate_limited' | 'too_many';

/** What a decision is about; a breach is one, and so is what is known before it is measured. */
export type Subject = Pick<Breach, 'fingerprint' | 'server' | 'severity' | 'cooldownMinutes' | 'isUnlimited'>;

export interface Situation {
  /** The unresolved alert of the same fingerprint. */
  open: Alert | undefined;
  /** When the newest alert of the same fingerprint was resolved. */
  resolvedAtMs: number | undefined;
  /** When alerts of the same server were raised. */
  raisedAtMs: readonly number[];
  /** Unresolved alerts of all servers. */
  openAlerts: number;
}

export interface Suppression {
  dedupMinutes: number;
  alertsPerServerPerHour: number;
}

/** Unresolved alerts that are kept at most; names from strangers must not be able to fill the memory. */
export const MAX_OPEN_ALERTS = 10_000;

export function decide(subject: Subject, situation: Situation, nowMs: number, settings: Suppression): Verdict {
  const { severity, cooldownMinutes = settings.dedupMinutes } = subject;
  const { open, resolvedAtMs, raisedAtMs, openAlerts } = situation;
  if (open !== undefined) {
    if (open.clearedAtMs !== null) return 'returned';
    return isWorse(severity, open.severity) ? 'worsened' : 'ongoing';
  }
  if (resolvedAtMs !== undefined && isWithin(resolvedAtMs, cooldownMinutes * MINUTE_MS, nowMs)) return 'duplicate';
  if (openAlerts >= MAX_OPEN_ALERTS) return 'too_many';
  if (subject.isUnlimited) return 'raise';
  const raised = raisedAtMs.filter((atMs) => isWithin(atMs, HOUR_MS, nowMs)).length;
  return raised >= settings.alertsPerServerPerHour ? 'rate_limited' : 'raise';
}

/** A time ahead of the clock is from before it was set back, and limits nothing: the wait might have no end. */
export function isWithin(atMs: number, spanMs: number, nowMs: number): boolean {
  return atMs <= nowMs && nowMs - atMs < spanMs;
}

export function isSuppressed(verdict: Verdict): verdict is SuppressedReason {
  return verdict === 'duplicate' || verdict === 'rate_limited' || verdict === 'too_many';
}
