/**
 * Rules in the words of the second design, which grades alerts from low to critical, and what they are in ours. The mapping is
 * told to people in docs/alerts.md.
 */
import type { AlertSeverity } from './alert.ts';

export const ALERT_GRADES = ['low', 'medium', 'high', 'critical'] as const;
export type AlertGrade = (typeof ALERT_GRADES)[number];

export interface GradeMeaning {
  severity: AlertSeverity;
  /** Whether anybody is told where the rule names no channels. */
  isTold: boolean;
  /** Whether it is raised beyond the limit of alerts per server and hour. */
  isUrgent: boolean;
}

/** `low` is for looking up: it is listed and reported, and nobody is called. `critical` is never held back. */
export const GRADE_MEANING: Readonly<Record<AlertGrade, GradeMeaning>> = {
  low: { severity: 'warning', isTold: false, isUrgent: false },
  medium: { severity: 'warning', isTold: true, isUrgent: false },
  high: { severity: 'critical', isTold: true, isUrgent: false },
  critical: { severity: 'critical', isTold: true, isUrgent: true },
};
