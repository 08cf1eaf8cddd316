/** What is written down of a change that somebody made. */

export const AUDIT_ACTIONS = [
  'threshold.set',
  'threshold.removed',
  'alert_rule.set',
  'alert_rule.removed',
  'alert.acknowledged',
  'alert.judged',
  'silence.added',
  'silence.ended',
  'objective.set',
  'objective.removed',
  'channel.tested',
  'benchmark.started',
  'benchmark.ended',
  'monitor.started',
  'policy.applied',
  'policy.undone',
  'policy.kept',
  'policy.expired',
  'token.created',
  'token.revoked',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What a change was, as whoever made it possible describes it. */
export interface AuditedChange {
  action: AuditAction;
  /** The server it is about; empty for all or none. */
  server: string;
  /** One sentence for a person, without texts from outside. */
  summary: string;
  /** Figures and names, as they were given. */
  details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditEntry extends AuditedChange {
  /** In the order of time. */
  entryId: string;
  atMs: number;
  /** Who asked for it: what the caller is known by, or `mcp-vitals` for what the collector does by itself. */
  by: string;
}
