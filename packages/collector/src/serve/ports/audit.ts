/** Who changed what. */
import type { AuditAction, AuditEntry } from '../../model/audit.ts';
import type { TimeRange } from '../../store/store.ts';

export interface AuditFilter extends TimeRange {
  actions?: readonly AuditAction[] | undefined;
  server?: string | undefined;
  limit: number;
}

/** Who changed what. */
export interface Audit {
  /** Resolves once it is durable. */
  record(change: Omit<AuditEntry, 'entryId' | 'atMs'>): Promise<AuditEntry>;
  /** Newest first. */
  entries(filter: AuditFilter): Promise<AuditEntry[]>;
}
