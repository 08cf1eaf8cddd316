/** What all analyses say of the same servers and time; as figures, or as a document to be handed on. */
import { z } from 'zod';
import { giveWay } from '../../../clock.ts';
import {
  type AnalysisDashboard,
  DASHBOARD_RANGES,
  DASHBOARD_TYPES,
  type ShownFinding,
} from '../../../model/analysisDashboard.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';
import { presentedDashboard } from '../../api/analysisShapes.ts';
import { isoTime, nameParam } from '../../params.ts';
import type { Services } from '../../ports/services.ts';
import { defineTool, type ToolDocument } from '../defineTool.ts';
import { rounded } from '../rounded.ts';

const MAX_CUSTOM_METRICS = 20;
/** Findings and recommendations that are also said in words. */
const MAX_LINES = 5;

type Needs = Pick<Services, 'analysisDashboards' | 'reports' | 'printer'>;

export const getAnalysisDashboard = defineTool({
  name: 'get_analysis_dashboard',
  title: 'Analysis dashboard',
  description: 'Figures, bottlenecks, forecasts, cost, instances, policies and changes side by side.',
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    type: z.enum(DASHBOARD_TYPES).default('overview').describe('automation: by tool; system: by server'),
    range: z.enum(DASHBOARD_RANGES).default('live').describe('live: 5 min'),
    mcpServer: nameParam.optional(),
    refreshInterval: z.number().int().min(5).max(300).default(30).describe('s; greatest age of data'),
    includePredictions: z.boolean().default(true),
    includeRecommendations: z.boolean().default(true),
    customMetrics: z.array(nameParam).max(MAX_CUSTOM_METRICS).default([]).describe('own metrics by name'),
    format: z.enum(['json', 'html', 'pdf']).default('json').describe('html, pdf: as embedded resource'),
  }),
  output: z.looseObject({
    generatedAt: z.string(),
    health: z.string(),
    servers: z.array(z.looseObject({})),
    missing: z.array(z.looseObject({})).describe('what could not be told'),
  }),

  async run({ refreshInterval, mcpServer, format, ...request }, { analysisDashboards, reports, printer }: Needs) {
    const dashboard = await analysisDashboards.build({ ...request, server: mcpServer }, refreshInterval * 1000);
    const documents = format === 'json' ? [] : [await documentOf(dashboard, format, reports, printer)];
    const structured = withoutUnset(await presentedDashboard(dashboard));
    // What is answered can be hundreds of kilobytes, which take their time as well.
    await giveWay();
    return { structured, text: textOf(dashboard), documents };
  },
});

/** As it will be on the wire. */
function withoutUnset<Parts extends object>(parts: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Parts;
}

async function documentOf(
  dashboard: AnalysisDashboard,
  format: 'html' | 'pdf',
  { renderAnalysis }: Pick<Needs['reports'], 'renderAnalysis'>,
  printer: Needs['printer'],
): Promise<ToolDocument> {
  const html = await renderAnalysis(dashboard);
  const uri = `vitals://analysis/${dashboard.type}-${dashboard.range}.${format}`;
  if (format === 'html') return { uri, mimeType: 'text/html', content: html };
  return { uri, mimeType: 'application/pdf', content: await printer.pdf(html) };
}

function textOf(dashboard: AnalysisDashboard): string {
  const { fromMs, toMs, health, overall, findings, cost, policies, recommendations = [], missing } = dashboard;
  const { calls, errorRatePercent, p95Ms } = overall;
  const figures =
    calls === 0
      ? 'Nothing was called.'
      : `Calls: ${calls}, ${rounded(errorRatePercent)} % errors, p95 ${rounded(p95Ms)} ms.`;
  const lines = [
    `${isoTime(fromMs)} to ${isoTime(toMs)}: ${dashboard.servers.length === 0 ? 'no server has reported yet' : health}. ${figures}`,
    ...(findings ? findingLines(findings) : []),
    ...(cost && cost.total.measuredPercent > 0 ? [`Tokens in results: about ${Math.round(cost.total.tokens)}.`] : []),
    ...(policies && policies.length > 0 ? [`Policies in force: ${policies.length}.`] : []),
    ...recommendations.slice(0, MAX_LINES).map(({ server, tool, what }) => `To do, ${subject(server, tool)}: ${what}`),
    ...missing.map(({ part, reason }) => `Not told, ${part}: ${reason}`),
  ];
  return lines.join('\n');
}

function findingLines(findings: readonly ShownFinding[]): string[] {
  if (findings.length === 0) return ['No bottleneck found.'];
  return findings
    .slice(0, MAX_LINES)
    .map(
      ({ severity, title, server, tools, clients }) =>
        `- ${severity}, ${subject(server, tools[0] ?? '')}${forClients(clients)}: ${title}`,
    );
}

function forClients(clients: readonly string[]): string {
  return clients.length === 0 ? '' : ` for ${clients.map((client) => quoteUntrusted(client)).join(', ')}`;
}

function subject(server: string, tool: string): string {
  return tool === '' ? quoteUntrusted(server) : `${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
}
