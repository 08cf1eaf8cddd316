/**
 * The life of an alert as one pure function. Nothing else changes an alert.
 *
 *   raise -> active -> acknowledged -> resolved
 *               \-> escalated (nobody acknowledged it in time) -/
 *
 * Beside its status an alert knows whether its condition holds (`clearedAtMs` is null) or has cleared.
 */
import type { Alert } from '../model/alert.ts';
import { type Breach, isWorse } from './breach.ts';

export type AlertEvent =
  /** The condition holds and there is no alert of it yet. */
  | { kind: 'raise'; alertId: string; breach: Breach }
  /** The condition was seen again. */
  | { kind: 'hold'; breach: Breach }
  | { kind: 'clear' }
  | { kind: 'acknowledge'; by: string; notes: string | undefined }
  /** Time has passed. */
  | { kind: 'time' };

export type AlertChange =
  | 'created'
  | 'returned'
  | 'severity_raised'
  | 'repeated'
  | 'cleared'
  | 'acknowledged'
  | 'escalated'
  | 'resolved';

export interface LifeSettings {
  escalateMinutes: number;
  autoResolveHours: number;
}

/** An alert after an event, and what changed; nothing changed when `changes` is empty. */
export interface Transition {
  alert: Alert | undefined;
  changes: AlertChange[];
}

export function transition(
  alert: Alert | undefined,
  event: AlertEvent,
  nowMs: number,
  settings: LifeSettings,
): Transition {
  if (alert === undefined) {
    if (event.kind !== 'raise') return { alert, changes: [] };
    return { alert: raised(event.alertId, event.breach, nowMs), changes: ['created'] };
  }
  if (alert.status === 'resolved') return { alert, changes: [] };
  switch (event.kind) {
    case 'raise':
    case 'hold':
      return held(alert, event.breach, nowMs);
    case 'clear':
      if (alert.clearedAtMs !== null) return { alert, changes: [] };
      return { alert: { ...alert, clearedAtMs: nowMs }, changes: ['cleared'] };
    case 'acknowledge':
      return acknowledged(alert, event.by, event.notes, nowMs);
    case 'time':
      return aged(alert, nowMs, settings);
  }
}

function raised(alertId: string, { fingerprint, server, tool, ...shown }: Breach, nowMs: number): Alert {
  return {
    alertId,
    fingerprint,
    createdAtMs: nowMs,
    server,
    tool,
    ...shown,
    status: 'active',
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    notes: null,
    escalatedAtMs: null,
    clearedAtMs: null,
    resolvedAtMs: null,
    lastBreachAtMs: nowMs,
    repeats: 0,
  };
}

/** The alert keeps showing the worst that was seen, so its condition, value and threshold always belong together. */
function held(alert: Alert, breach: Breach, nowMs: number): Transition {
  const changes: AlertChange[] = [];
  if (alert.clearedAtMs !== null) changes.push('returned');
  if (isWorse(breach.severity, alert.severity)) changes.push('severity_raised');
  if (changes.length === 0) changes.push('repeated');
  const { severity, condition, currentValue, threshold } = breach;
  const shown = isWorse(alert.severity, severity) ? {} : { severity, condition, currentValue, threshold };
  return {
    alert: { ...alert, ...shown, clearedAtMs: null, lastBreachAtMs: nowMs, repeats: alert.repeats + 1 },
    changes,
  };
}

/** Saying the same again changes nothing, so that a caller may try again; someone else takes the alert over. */
function acknowledged(alert: Alert, by: string, notes: string | undefined, nowMs: number): Transition {
  const said = notes ?? alert.notes;
  if (alert.status === 'acknowledged' && alert.acknowledgedBy === by && alert.notes === said)
    return { alert, changes: [] };
  return {
    alert: { ...alert, status: 'acknowledged', acknowledgedBy: by, acknowledgedAtMs: nowMs, notes: said },
    changes: ['acknowledged'],
  };
}

function aged(alert: Alert, nowMs: number, { escalateMinutes, autoResolveHours }: LifeSettings): Transition {
  if (alert.clearedAtMs !== null && nowMs - alert.clearedAtMs >= autoResolveHours * 3_600_000) {
    return { alert: { ...alert, status: 'resolved', resolvedAtMs: nowMs }, changes: ['resolved'] };
  }
  if (alert.status === 'active' && nowMs - alert.createdAtMs >= escalateMinutes * 60_000) {
    return { alert: { ...alert, status: 'escalated', escalatedAtMs: nowMs }, changes: ['escalated'] };
  }
  return { alert, changes: [] };
}
