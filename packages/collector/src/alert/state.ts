/**
 * The life of an alert as one pure function. Nothing else changes an alert.
 *
 *     raise -> pending -> active -> acknowledged -> resolved
 *                 |         \-> escalated (nobody acknowledged it in time) -/
 *                 \-> (dropped: it cleared before its time)
 *
 * Beside its status an alert knows whether its condition holds (`clearedAtMs` is null) or has cleared.
 */
import type { Alert, AlertFeedback } from '../model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { type Breach, isWorse } from './breach.ts';

export type AlertEvent =
  /** The condition holds and there is no alert of it yet. */
  | { kind: 'raise'; alertId: string; breach: Breach }
  /** The condition was seen again. */
  | { kind: 'hold'; breach: Breach }
  | { kind: 'clear' }
  /** It is over, and whoever says so would know: nothing is waited for. */
  | { kind: 'end' }
  | { kind: 'acknowledge'; by: string; notes: string | undefined }
  /** What a person thinks of it; the only event that a resolved alert still takes. */
  | { kind: 'judge'; feedback: AlertFeedback }
  /** Time has passed. */
  | { kind: 'time' };

export type AlertChange =
  | 'pending'
  | 'dropped'
  | 'created'
  | 'returned'
  | 'severity_raised'
  | 'repeated'
  | 'cleared'
  | 'acknowledged'
  | 'judged'
  | 'escalated'
  | 'resolved';

export interface LifeSettings {
  /** How long a condition has to hold before it is an alert. */
  pendingMinutes: number;
  escalateMinutes: number;
  autoResolveHours: number;
  /** How long a condition has to stay clear for its alert to be resolved; 0 leaves it to `autoResolveHours`. */
  resolveClearMinutes: number;
}

/** An alert after an event, and what changed; nothing changed when `changes` is empty. A dropped alert is undefined. */
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
    return raised(event.alertId, event.breach, nowMs, settings);
  }
  if (event.kind === 'judge') return judged(alert, event.feedback);
  if (alert.status === 'resolved') return { alert, changes: [] };
  switch (event.kind) {
    case 'raise':
    case 'hold':
      return held(alert, event.breach, nowMs);
    case 'clear':
      return cleared(alert, nowMs);
    case 'end':
      return ended(alert, nowMs);
    case 'acknowledge':
      return acknowledged(alert, event.by, event.notes, nowMs);
    case 'time':
      return aged(alert, nowMs, settings);
  }
}

function raised(alertId: string, breach: Breach, nowMs: number, settings: LifeSettings): Transition {
  const { fingerprint, server, tool, severity, condition, currentValue, threshold, anomalyId, evidence, channels } =
    breach;
  const pendingMs = (breach.pendingMinutes ?? settings.pendingMinutes) * MINUTE_MS;
  const alert: Alert = {
    alertId,
    fingerprint,
    createdAtMs: nowMs,
    activeFromMs: nowMs + pendingMs,
    server,
    tool,
    severity,
    condition,
    anomalyId: anomalyId ?? null,
    evidence: evidence ?? [],
    deploy: breach.deploy ?? null,
    isTold: false,
    currentValue,
    threshold,
    status: pendingMs > 0 ? 'pending' : 'active',
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    notes: null,
    escalatedAtMs: null,
    clearedAtMs: null,
    resolvedAtMs: null,
    lastBreachAtMs: nowMs,
    repeats: 0,
    feedback: null,
    ...(channels !== undefined && { channels }),
    revision: 0,
  };
  return { alert, changes: [pendingMs > 0 ? 'pending' : 'created'] };
}

/** The alert keeps showing the worst that was seen, so its condition, value and threshold always belong together. */
function held(alert: Alert, breach: Breach, nowMs: number): Transition {
  const changes: AlertChange[] = [];
  if (alert.clearedAtMs !== null) changes.push('returned');
  if (isWorse(breach.severity, alert.severity)) changes.push('severity_raised');
  if (changes.length === 0) changes.push('repeated');
  const { severity, condition, currentValue, threshold } = breach;
  const evidence = breach.evidence ?? alert.evidence;
  const shown = isWorse(alert.severity, severity) ? {} : { severity, condition, currentValue, threshold, evidence };
  return {
    alert: { ...alert, ...shown, clearedAtMs: null, lastBreachAtMs: nowMs, repeats: alert.repeats + 1 },
    changes,
  };
}

/** What cleared before anybody was told never was an alert. */
function cleared(alert: Alert, nowMs: number): Transition {
  if (alert.status === 'pending') return { alert: undefined, changes: ['dropped'] };
  if (alert.clearedAtMs !== null) return { alert, changes: [] };
  return { alert: { ...alert, clearedAtMs: nowMs }, changes: ['cleared'] };
}

function ended(alert: Alert, nowMs: number): Transition {
  const after = cleared(alert, nowMs);
  if (after.alert === undefined) return after;
  return {
    alert: { ...after.alert, status: 'resolved', resolvedAtMs: nowMs },
    changes: [...after.changes, 'resolved'],
  };
}

/** Saying the same again changes nothing, so that a caller may try again; someone else takes the alert over. */
function acknowledged(alert: Alert, by: string, notes: string | undefined, nowMs: number): Transition {
  // Nobody has been told of it yet.
  if (alert.status === 'pending') return { alert, changes: [] };
  const said = notes ?? alert.notes;
  if (alert.status === 'acknowledged' && alert.acknowledgedBy === by && alert.notes === said)
    return { alert, changes: [] };
  return {
    alert: { ...alert, status: 'acknowledged', acknowledgedBy: by, acknowledgedAtMs: nowMs, notes: said },
    changes: ['acknowledged'],
  };
}

function judged(alert: Alert, feedback: AlertFeedback): Transition {
  if (alert.feedback === feedback) return { alert, changes: [] };
  return { alert: { ...alert, feedback }, changes: ['judged'] };
}

function aged(alert: Alert, nowMs: number, settings: LifeSettings): Transition {
  if (alert.status === 'pending') {
    if (nowMs < alert.activeFromMs) return { alert, changes: [] };
    return { alert: { ...alert, status: 'active', activeFromMs: nowMs }, changes: ['created'] };
  }
  if (alert.clearedAtMs !== null && nowMs - alert.clearedAtMs >= clearMsToResolve(settings)) {
    return { alert: { ...alert, status: 'resolved', resolvedAtMs: nowMs }, changes: ['resolved'] };
  }
  // Nobody is called for what is over by itself.
  const isUnattended = alert.status === 'active' && alert.clearedAtMs === null;
  if (isUnattended && nowMs - alert.activeFromMs >= settings.escalateMinutes * MINUTE_MS) {
    return { alert: { ...alert, status: 'escalated', escalatedAtMs: nowMs }, changes: ['escalated'] };
  }
  return { alert, changes: [] };
}

function clearMsToResolve({ autoResolveHours, resolveClearMinutes }: LifeSettings): number {
  const atLatestMs = autoResolveHours * HOUR_MS;
  return resolveClearMinutes > 0 ? Math.min(atLatestMs, resolveClearMinutes * MINUTE_MS) : atLatestMs;
}
