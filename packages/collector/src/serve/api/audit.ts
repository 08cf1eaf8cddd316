/** Who changed what. */
import { z } from 'zod';
import { AUDIT_ACTIONS, type AuditEntry } from '../../model/audit.ts';
import { isoTime } from '../params.ts';
import { defineRoute } from './defineRoute.ts';
import { rangeFields, rangeOf, serverField } from './inputs.ts';
import { pageAnswer, pageFields, pageOf } from './paging.ts';
import { named, time } from './shapes.ts';

export const auditEntry = named(
  'AuditEntry',
  z.object({
    entryId: z.string(),
    at: time,
    by: z.string(),
    action: z.enum(AUDIT_ACTIONS),
    server: z.string().describe('Empty for all or none'),
    summary: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
);

/** More than are kept. */
const ALL = 1_000_000;

export const listAudit = defineRoute({
  method: 'GET',
  path: '/audit',
  summary: 'What was changed, by whom, newest first',
  group: 'Collector',
  scope: 'read',
  query: z.strictObject({
    server: serverField,
    action: z.enum(AUDIT_ACTIONS).optional(),
    ...rangeFields,
    ...pageFields,
  }),
  answer: z.object({ entries: z.array(auditEntry), ...pageAnswer }),
  async run({ query }, { audit, clock }) {
    const { server, action } = query;
    const actions = action === undefined ? undefined : [action];
    const found = await audit.entries({ ...rangeOf(query, clock.nowMs()), server, actions, limit: ALL });
    const page = pageOf(found, ({ atMs, entryId }) => [atMs, entryId], query, 'descending');
    return {
      entries: page.items.map(presentedAuditEntry),
      nextCursor: page.nextCursor,
    };
  },
});

export function presentedAuditEntry({ atMs, details, ...rest }: AuditEntry): z.input<typeof auditEntry> {
  return { ...rest, at: isoTime(atMs), details: { ...details } };
}
