/** What is written down of a change that somebody made. */

export const AUDIT_ACTIONS = [
  'threshold.set',
  'alert_rule.set',
  'alert.acknowledged',
  'alert.judged',
  'silence.added',
  'silence.ended',
  'objective.set',
  'objective.removed',
  'benchmark.started',
  'benchmark.ended',
  'monitor.started',
  'policy.applied',
  'policy.undone',
  'policy.kept',
  'policy.expired',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditEntry {
  /** In the order of time. */
  entryId: string;
  atMs: number;
  /** Who asked for it: what the caller is known by, or `mcp-vitals` for what the collector does by itself. */
  by: string;
  action: AuditAction;
  /** The server it is about; empty for all or none. */
  server: string;
  /** One sentence for a person, without texts from outside. */
  summary: string;
  /** Figures and names, as they were given. */
  details: Readonly<Record<string, string | number | boolean | null>>;
}
