/** What `mcp-vitals audit` asks for and prints. Names are a stranger's, and escaped here. */
import type { z } from 'zod';
import { auditSubject } from '../model/audit.ts';
import type { auditEntry } from '../serve/api/audit.ts';
import type { PrintStyle } from './terminal/output.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

type PresentedEntry = z.output<typeof auditEntry>;

export interface AuditAnswer {
  entries: PresentedEntry[];
  /** Whether there are older ones within the time asked for. */
  hasMore: boolean;
}

/** As many as a page holds. */
const PAGE = 1_000;

/** Page by page, until there are enough. */
export async function newestEntries(
  query: Readonly<Record<string, string>>,
  limit: number,
  ask: (path: string) => Promise<Record<string, unknown>>,
): Promise<AuditAnswer> {
  const entries: PresentedEntry[] = [];
  let cursor: string | null = null;
  do {
    const page = new URLSearchParams({ ...query, limit: String(Math.min(PAGE, limit - entries.length)) });
    if (cursor !== null) page.set('cursor', cursor);
    const answer = (await ask(`/api/v1/audit?${page}`)) as { entries: PresentedEntry[]; nextCursor: string | null };
    entries.push(...answer.entries);
    cursor = answer.nextCursor;
  } while (cursor !== null && entries.length < limit);
  return { entries, hasMore: cursor !== null };
}

const COLUMNS: readonly Column<PresentedEntry>[] = [
  { title: 'TIME', min: 24, priority: 0, cell: ({ at }) => shownName(at) },
  { title: 'ACTION', min: 14, max: 18, priority: 1, cell: ({ action }) => shownName(action) },
  { title: 'SUBJECT', min: 10, max: 60, priority: 3, cell: subjectOf },
  { title: 'BY', min: 8, max: 40, priority: 4, cell: ({ by }) => shownName(by) },
  { title: 'WHAT', min: 16, max: 80, priority: 2, cell: ({ summary }) => shownName(summary) },
];

function subjectOf(entry: PresentedEntry): string {
  const { server, tool } = auditSubject(entry);
  return [tool, server]
    .filter((name) => name !== '')
    .map(shownName)
    .join(' of ');
}

export function describeAudit({ entries, hasMore }: AuditAnswer, { available, paint }: PrintStyle): string {
  if (entries.length === 0) return 'Nobody changed anything in this time.';
  const lines = tableLines(COLUMNS, entries, { available, paint });
  return [...lines, ...(hasMore ? ['There are older ones: --limit shows more.'] : [])].join('\n');
}
