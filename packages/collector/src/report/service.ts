/** Reports and the dashboard, as tools and routes ask for them. */
import { Cached } from '../cached.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Report, ReportFormat } from '../model/report.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { Reports } from '../serve/ports/reports.ts';
import type { Store } from '../store/store.ts';
import { renderAnalysis } from './analysis/html.ts';
import { renderBottlenecks } from './bottlenecks.ts';
import { buildReport } from './build.ts';
import { compareSides } from './comparison.ts';
import { buildDashboard } from './dashboard.ts';
import { renderHtml, renderMail, reportCsp } from './html/html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTrends } from './trendReport/render.ts';

export interface ReportsDeps {
  store: Store;
  /** Read for reports only. */
  audit: Pick<Audit, 'entries'>;
  clock: Clock;
  config: Pick<Config, 'dashboard' | 'environments' | 'retention'>;
}

export interface ReportService extends Reports {
  /** For when alerts or thresholds have changed. */
  clearCache(): void;
}

const RENDERERS: Record<ReportFormat, (report: Report) => string> = {
  markdown: renderMarkdown,
  json: renderJson,
  html: renderHtml,
};

export function createReports({ store, audit, clock, config }: ReportsDeps): ReportService {
  const cacheMs = config.dashboard.cacheSeconds * 1000;
  const dashboard = new Cached(() => buildDashboard(store, clock), clock);
  return {
    build: (range, options) => buildReport({ store, audit, clock, retention: config.retention }, range, options),
    render: (report, format) => RENDERERS[format](report),
    renderTrends,
    renderBottlenecks: (analysis, format) => renderBottlenecks(analysis, format, clock.nowMs()),
    renderAnalysis,
    renderMail,
    htmlCsp: reportCsp(),
    compare: (request) => compareSides({ store, clock, config }, request),
    dashboard: (maxAgeMs = cacheMs) => dashboard.get(Math.min(maxAgeMs, cacheMs)),
    clearCache: () => dashboard.clear(),
  };
}
