/** `GET /analysis/document`: the analysis dashboard as a page or a PDF; each has its own type and policy, as reports have. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { Scope } from '../toolBackend.ts';
import { dashboardQuery, requestOf } from './analysis.ts';
import { parsed } from './inputs.ts';
import { API_PREFIX } from './mount.ts';

export const analysisDocumentQuery = dashboardQuery.extend({
  format: z.enum(['html', 'pdf']).default('html'),
  refresh: z.coerce.number().int().min(5).max(300).optional().describe('s after which a browser asks again'),
});

export type AnalysisDocumentServices = Pick<Services, 'analysisDashboards' | 'reports' | 'printer'>;

/** @param requireScope throws when who asks may not */
export function mountAnalysisDocument<E extends Env>(
  routes: Hono<E>,
  { analysisDashboards, reports, printer }: AnalysisDocumentServices,
  requireScope: (c: Context<E>, scope: Scope) => void,
): void {
  routes.get(`${API_PREFIX}/analysis/document`, async (c) => {
    requireScope(c, 'read');
    const { format, refresh, ...query } = parsed(analysisDocumentQuery, c.req.query());
    const maxAgeMs = refresh === undefined ? undefined : refresh * 1000;
    const html = reports.renderAnalysis(await analysisDashboards.build(requestOf(query), maxAgeMs));
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
