/** What was changed within the period of a report, out of the audit log. */
import type { AuditAction } from '../model/audit.ts';
import type { PeriodChanges } from '../model/report.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { TimeRange } from '../store/store.ts';

/**
 * Left out is what changes no numbers and no alerts (monitors, tests of channels, marks of alerts, tokens), and of a benchmark
 * its beginning: one line for each is enough.
 */
const REPORTED: readonly AuditAction[] = [
  'policy.applied',
  'policy.kept',
  'policy.undone',
  'policy.expired',
  'threshold.set',
  'threshold.removed',
  'alert_rule.set',
  'alert_rule.removed',
  'objective.set',
  'objective.removed',
  'alert.acknowledged',
  'silence.added',
  'silence.ended',
  'benchmark.ended',
];
const MAX_SHOWN = 20;

/** @param server only what is about it; undefined: all that the log shows, which is that of one workspace where it is narrowed */
export async function readChanges(
  audit: Pick<Audit, 'entries'>,
  range: TimeRange,
  server: string | undefined,
): Promise<PeriodChanges | undefined> {
  const found = await audit.entries({ ...range, server, actions: REPORTED, limit: Number.POSITIVE_INFINITY });
  if (found.length === 0) return undefined;
  const newest = found.slice(0, MAX_SHOWN);
  return { newest, more: found.length - newest.length };
}
