/** Shapes of a file of rules, as Prometheus reads it. */
import { OWN_SOURCE } from '../../model/alert.ts';
import { quoted } from '../promql.ts';
import type { ThresholdInForce } from '../thresholds.ts';

export interface RecordingRule {
  record: string;
  expr: string;
  /** Taken as they are. */
  labels?: Record<string, string>;
}

export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  /** Values are templates, like those of annotations: text from outside stands in them as a literal. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RuleGroup<Rule> {
  name: string;
  interval: string;
  rules: Rule[];
}

/** What rules are made from: what is in force in the collector. */
export interface RuleSettings {
  thresholds: readonly ThresholdInForce[];
  objectives: readonly ObjectiveInForce[];
  /** Rolling span that thresholds are evaluated over. */
  evaluationMinutes: number;
  /** Calls within the span below which response time and error rate say nothing. */
  minCalls: number;
}

export interface ObjectiveInForce {
  name: string;
  server: string;
  /** Empty: the whole server. */
  tool: string;
  objectivePercent: number;
  /** A good call takes no longer; absent: it does not fail. */
  withinMs?: number | undefined;
}

/**
 * On alerts of what the collector judges as well: it needs not be told of them, and people not twice. The alerts that it
 * sends to Alertmanager itself have this label too.
 */
export const OWN_LABELS = { source: OWN_SOURCE } as const;

/** In annotations, the labels of the alert: data, which the template does not read as a template. */
export const SERVER_LABEL = '{{ $labels.server }}';
export const TOOL_LABEL = '{{ $labels.tool }}';

/** Text from outside as it stands in a template. */
export function literal(text: string): string {
  return `{{ ${quoted(text)} }}`;
}
