/** Who changed what. */
import { type AuditEntry, auditSubject } from '../../model/audit.ts';
import type { PeriodChanges } from '../../model/report.ts';
import { code, subject } from '../names.ts';
import { count, dateTime } from '../numbers.ts';
import { type Block, paragraph, table } from './block.ts';

export function changes({ newest, more }: PeriodChanges): Block[] {
  return [
    ...changeTable(newest, ''),
    ...(more > 0 ? [paragraph(`And ${count(more)} more; mcp-vitals audit has all.`)] : []),
  ];
}

/** @param none words for when there are none */
export function changeTable(entries: readonly AuditEntry[], none: string): Block[] {
  const rows = entries.map((entry) => [
    ...[dateTime(entry.atMs), entry.action, aboutText(entry), code(entry.by), entry.summary],
  ]);
  return table(['Time (UTC)', 'What', 'Subject', 'By', 'In words'], rows, none);
}

function aboutText(entry: AuditEntry): string {
  const { server, tool } = auditSubject(entry);
  return server === '' && tool === '' ? '' : subject(server, tool);
}
