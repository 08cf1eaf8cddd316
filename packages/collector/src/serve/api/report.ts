/** `GET /reports`: a report as a document. It is no JSON route like the others: each format has its own type and its own policy. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import { REPORT_FORMATS, REPORT_KINDS, type ReportFormat, type ReportKind } from '../../model/report.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { TimeRange } from '../../store/store.ts';
import { isoTime, parseTime } from '../params.ts';
import type { Scope } from '../toolBackend.ts';
import { askedWithin } from '../workspaceAsked.ts';
import { parsed, rangeFields, rangeOf, serverField } from './inputs.ts';
import { API_PREFIX, type Authorized, queryOf } from './mount.ts';

export const reportQuery = z.strictObject({
  ...rangeFields,
  minutes: rangeFields.minutes.removeDefault().optional().describe('Length of the range without `from`'),
  kind: z.enum(REPORT_KINDS).default('period').describe('`daily` and `weekly` compare with the day or week before'),
  format: z.enum(REPORT_FORMATS).default('json'),
  server: serverField,
  recommendations: z.stringbool().default(true),
  otherKinds: z.stringbool().default(false).describe('Not only tools'),
  download: z.stringbool().default(false).describe('As a file to be saved'),
});

type ReportQuery = z.output<typeof reportQuery>;

/** Of a period: unless it says otherwise. */
const LENGTH_MS: Record<ReportKind, number> = { period: DAY_MS, daily: DAY_MS, weekly: 7 * DAY_MS };
export const CONTENT_TYPES: Record<ReportFormat, string> = {
  markdown: 'text/markdown; charset=utf-8',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
};
const EXTENSIONS: Record<ReportFormat, string> = { markdown: 'md', json: 'json', html: 'html' };

/** @param authorize throws when who asks may not; returns what they have */
export function mountReports<E extends Env>(
  routes: Hono<E>,
  authorize: (c: Context<E>, scope: Scope) => Authorized,
): void {
  routes.get(`${API_PREFIX}/reports`, async (c) => {
    const { caller, servicesOf } = authorize(c, 'read');
    const asked = askedWithin(queryOf(c), caller.workspace);
    const { reports, clock } = servicesOf(asked.workspace);
    const query = parsed(reportQuery, asked.args);
    const range = reportRange(query, clock.nowMs());
    const report = await reports.build(range, {
      kind: query.kind,
      server: query.server,
      includeRecommendations: query.recommendations,
      includeOtherKinds: query.otherKinds,
    });
    const headers: Record<string, string> = { 'content-type': CONTENT_TYPES[query.format] };
    if (query.format === 'html') headers['content-security-policy'] = reports.htmlCsp;
    if (query.download) headers['content-disposition'] = `attachment; filename="${fileName(query, range)}"`;
    return c.body(reports.render(report, query.format), 200, headers);
  });
}

/**
 * A day is a day long, and a week a week; without times up to the last full hour, as those that are sent.
 * @throws VitalsError `invalid`
 */
function reportRange({ kind, from, to, minutes }: ReportQuery, nowMs: number): TimeRange {
  const lengthMs = LENGTH_MS[kind];
  if (kind === 'period') return rangeOf({ from, to, minutes: minutes ?? lengthMs / MINUTE_MS }, nowMs);
  if (from !== undefined && to === undefined) {
    const fromMs = parseTime('from', from);
    return { fromMs, toMs: fromMs + lengthMs };
  }
  const range = rangeOf({ from, to, minutes: minutes ?? lengthMs / MINUTE_MS }, Math.floor(nowMs / HOUR_MS) * HOUR_MS);
  if (range.toMs - range.fromMs === lengthMs) return range;
  throw new VitalsError('invalid', `A ${kind} report covers ${lengthMs / HOUR_MS} hours, not another length`);
}

/** Of our own words only: a server's name is a stranger's. */
function fileName({ kind, format }: ReportQuery, { toMs }: TimeRange): string {
  return `mcp-vitals-${kind}-${isoTime(toMs).slice(0, 10)}.${EXTENSIONS[format]}`;
}
