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

/** What a change is about: a server, or the target of a benchmark, and a tool of it. Empty for all, or where it is about none. */
export function auditSubject({ server, details }: Pick<AuditEntry, 'server' | 'details'>): {
  server: string;
  tool: string;
} {
  const named = (value: AuditEntry['details'][string] | undefined) =>
    typeof value === 'string' && value !== '*' ? value : '';
  return { server: server || named(details.target), tool: named(details.tool) };
}
