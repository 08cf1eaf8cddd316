/** `GET /analysis/document`: the analysis dashboard as a page or a PDF; each has its own type and policy, as reports have. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import type { Scope } from '../toolBackend.ts';
import { askedWithin } from '../workspaceAsked.ts';
import { dashboardQuery, requestOf } from './analysis.ts';
import { parsed } from './inputs.ts';
import { API_PREFIX, type Authorized, queryOf } from './mount.ts';

export const analysisDocumentQuery = dashboardQuery.extend({
  format: z.enum(['html', 'pdf']).default('html'),
  refresh: z.coerce.number().int().min(5).max(300).optional().describe('s after which a browser asks again'),
});

/** @param authorize throws when who asks may not; returns what they have */
export function mountAnalysisDocument<E extends Env>(
  routes: Hono<E>,
  authorize: (c: Context<E>, scope: Scope) => Authorized,
): void {
  routes.get(`${API_PREFIX}/analysis/document`, async (c) => {
    const { caller, servicesOf } = authorize(c, 'read');
    const asked = askedWithin(queryOf(c), caller.workspace);
    const { analysisDashboards, reports, printer } = servicesOf(asked.workspace);
    const { format, refresh, ...query } = parsed(analysisDocumentQuery, asked.args);
    const maxAgeMs = refresh === undefined ? undefined : refresh * 1000;
    const html = await reports.renderAnalysis(await analysisDashboards.build(requestOf(query), maxAgeMs));
    if (format === 'pdf') {
      const pdf = await printer.pdf(html);
      return c.body(new Uint8Array(pdf), 200, { 'content-type': 'application/pdf' });
    }
    return c.body(html, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': reports.htmlCsp,
      ...(refresh !== undefined && { refresh: String(refresh) }),
    });
  });
}
