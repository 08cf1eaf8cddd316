/** Shapes of thresholds and alerts. */
import type { Deploy } from './anomaly.ts';

export const THRESHOLD_METRICS = ['response_time', 'error_rate', 'cpu', 'memory'] as const;
export type ThresholdMetric = (typeof THRESHOLD_METRICS)[number];

export type AlertSeverity = 'warning' | 'critical';
/** `pending`: the condition holds, but not yet for as long as it has to. */
export type AlertStatus = 'pending' | 'active' | 'acknowledged' | 'escalated' | 'resolved';

export interface Threshold {
  /** Derived from scope, metric and severity, so that setting it again replaces it. */
  thresholdId: string;
  /** Empty: all servers. */
  server: string;
  /** Empty: all tools. */
  tool: string;
  metric: ThresholdMetric;
  /** Milliseconds for response_time, per cent for the others. */
  threshold: number;
  severity: AlertSeverity;
  enabled: boolean;
}

/** A threshold in force, as it is listed. */
export interface ListedThreshold extends Threshold {
  /** Whether it was set, and who is asked may take that back. */
  isRemovable: boolean;
}

export interface Alert {
  /** `alert-YYYYMMDD-NNN`. */
  alertId: string;
  /** What makes two alerts the same: server, tool and metric (or anomaly type, or name of a rule). */
  fingerprint: string;
  /** When the condition was first seen. */
  createdAtMs: number;
  /** When it becomes active if the condition still holds then; at or before `createdAtMs` when at once. */
  activeFromMs: number;
  server: string;
  /** Empty for a whole server. */
  tool: string;
  severity: AlertSeverity;
  /** E.g. `error_rate > 5%`. */
  condition: string;
  /** The incident that raised it. */
  anomalyId: string | null;
  /** What is known beside the value, as sentences without names. */
  evidence: string[];
  /** The new version of the server that its incident began with. */
  deploy: Deploy | null;
  /** Whether anybody was sent a notification of it. */
  isTold: boolean;
  currentValue: number;
  threshold: number;
  status: AlertStatus;
  acknowledgedBy: string | null;
  acknowledgedAtMs: number | null;
  notes: string | null;
  escalatedAtMs: number | null;
  /** Since when the condition no longer holds; null while it does. */
  clearedAtMs: number | null;
  resolvedAtMs: number | null;
  /** Newest time the condition held. */
  lastBreachAtMs: number;
  /** Times the condition held again within this alert (de-duplicated). */
  repeats: number;
  /** What a person said of it afterwards. */
  feedback: AlertFeedback | null;
  /** Channels that are told of it, whatever the routes say; absent: as they say. */
  channels?: readonly string[];
  /** How often it was saved: who saves it names the state that he changed, so that two do not undo each other's work. */
  revision: number;
}

export const ALERT_FEEDBACK = ['useful', 'false'] as const;
export type AlertFeedback = (typeof ALERT_FEEDBACK)[number];

/** Begins the subject of alerts that another program, an Alertmanager mostly, has told us of. */
export const FOREIGN_PREFIX = 'alertmanager:';

/** The label `source` by which our alerts are known among an Alertmanager's, and not taken in when they come back. */
export const OWN_SOURCE = 'mcp-vitals';

/** What an alert is about beside its server and tool: a metric, a type of anomaly, or what a source of conditions names. */
export function subjectOf(fingerprint: string): string {
  try {
    const parts: unknown = JSON.parse(fingerprint);
    if (Array.isArray(parts) && typeof parts[2] === 'string') return parts[2];
  } catch {
    // An imported one may be any text.
  }
  return fingerprint;
}

export function isForeign({ fingerprint }: Pick<Alert, 'fingerprint'>): boolean {
  return subjectOf(fingerprint).startsWith(FOREIGN_PREFIX);
}

/** Nothing is sent of what it names until it ends. */
export interface Silence {
  silenceId: string;
  /** `*` stands for anything, in both. */
  server: string;
  tool: string;
  fromMs: number;
  untilMs: number;
  by: string;
  reason: string;
}

export interface ObjectiveStatus {
  name: string;
  server: string;
  /** Empty for the whole server. */
  tool: string;
  objectivePercent: number;
  windowDays: number;
  /** Of a latency objective: what a good call takes at most, ms. */
  withinMs?: number;
  /** Within the window. */
  calls: number;
  /** Null without calls. */
  goodPercent: number | null;
  /** Below 0 when more than all of it is used. */
  budgetLeftPercent: number;
  /** How many times as fast as the budget allows, by window. */
  burnRates: Record<string, number>;
}

/** How good the collector's own alerts are. */
export interface AlertQuality {
  alerts: number;
  /** Of them, what people marked. */
  useful: number;
  false: number;
  /** Share of the marked ones; null when none is. */
  falseAlarmPercent: number | null;
  /** From an alert to the end of its condition; null when none has ended. */
  meanMinutesToEnd: number | null;
}

/** A threshold that would fit the history; nobody has set it. */
export interface ThresholdProposal {
  server: string;
  tool: string;
  metric: ThresholdMetric;
  severity: AlertSeverity;
  /** In force now; null when disabled. */
  current: number | null;
  proposed: number;
  /** Hours of history, and how many of them are above each. */
  hours: number;
  hoursAboveCurrent: number;
  hoursAboveProposed: number;
}
