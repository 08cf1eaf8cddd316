/** What `mcp-vitals analysis` prints. Names are a stranger's, and escaped here. */
import type { AnalysisDashboard, ServerFigures } from '../model/analysisDashboard.ts';
import { bytes, count, duration, percent, rate } from './terminal/figures.ts';
import type { PrintStyle } from './terminal/output.ts';
import { saidOfMany } from './terminal/saidOfMany.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

/** As the API answers; times are text. */
export interface AnalysisAnswer
  extends Pick<
    AnalysisDashboard,
    | 'health'
    | 'overall'
    | 'servers'
    | 'findings'
    | 'cost'
    | 'replicas'
    | 'customMetrics'
    | 'recommendations'
    | 'missing'
  > {
  from: string;
  to: string;
  forecasts?: { server: string; tool: string; words: string }[];
  policies?: { server: string; version: number; state: string; expiresAt: string; why: string }[];
}

export function describeAnalysis(answer: AnalysisAnswer, style: PrintStyle): string {
  const { servers, findings, forecasts, cost, replicas, policies, customMetrics, recommendations, missing } = answer;
  if (servers.length === 0) return 'No server has reported yet.';
  const parts: [string, string[] | undefined][] = [
    ['Bottlenecks', findings && orNone(findings.map(findingLine), 'none found')],
    ['Forecasts', forecasts?.map(({ server, tool, words }) => `${subject(server, tool)}: ${words}`)],
    ['Cost', cost && [costLine(cost)]],
    [
      'Instances',
      replicas &&
        saidOfMany(
          replicas.map(({ server, verdict, reasons }) => ({
            server,
            words: `${words(verdict)}. ${reasons.join(' ')}`,
          })),
        ),
    ],
    ['Policies in force', policies && orNone(policies.map(policyLine), 'none: servers behave as written')],
    ['Custom metrics', customMetrics?.map(customLine)],
    ['What to do', recommendations?.map(({ server, tool, what }) => `${subject(server, tool)}: ${what}`)],
    ['Not told', missing.map(({ part, reason }) => `${part}: ${reason}`)],
  ];
  return [
    headline(answer),
    '',
    ...tableLines(COLUMNS, servers, style),
    ...parts.flatMap(([title, lines]) => (lines?.length ? ['', `${title}:`, ...lines.map((line) => `  ${line}`)] : [])),
  ].join('\n');
}

function headline({ from, to, health, overall }: AnalysisAnswer): string {
  const { calls, errorRatePercent, p95Ms } = overall;
  const figures =
    calls === 0
      ? 'nothing was called'
      : `${count(calls)} calls, ${percent(errorRatePercent)} errors, p95 ${duration(p95Ms)}`;
  return `${minute(from)} to ${minute(to)} UTC: ${health}; ${figures}`;
}

function minute(isoTime: string): string {
  return isoTime.slice(0, 16).replace('T', ' ');
}

const COLUMNS: readonly Column<ServerFigures>[] = [
  { title: 'SERVER', min: 14, max: 40, priority: 0, cell: ({ server }) => shownName(server) },
  { title: 'HEALTH', min: 12, priority: 1, cell: ({ healthScore, status }) => `${healthScore} ${status}` },
  number('CALLS', 3, ({ calls }) => count(calls)),
  number('ERRORS', 2, ({ errorRatePercent }) => percent(errorRatePercent)),
  number('P95', 2, ({ p95Ms, calls }) => (calls === 0 ? '' : duration(p95Ms))),
  number('CPU', 4, ({ resources }) => (resources === null ? '' : percent(resources.cpuPercent))),
  number('MEMORY', 5, ({ resources }) => (resources === null ? '' : bytes(1e6 * resources.memoryMb))),
  number('INSTANCES', 6, ({ instances }) => count(instances)),
];

function number(title: string, priority: number, cell: (row: ServerFigures) => string): Column<ServerFigures> {
  return { title, align: 'right', min: 9, priority, cell };
}

function findingLine({
  severity,
  title,
  server,
  tools,
  clients,
}: NonNullable<AnalysisAnswer['findings']>[number]): string {
  const callers = clients.length === 0 ? '' : ` for ${clients.map(shownName).join(', ')}`;
  return `${severity}: ${title} (${subject(server, tools[0] ?? '')}${callers})`;
}

function costLine({ total }: NonNullable<AnalysisAnswer['cost']>): string {
  const cpu = total.cpuSeconds === null ? 'CPU not reported' : `${duration(1000 * total.cpuSeconds)} CPU`;
  const tokens = total.measuredPercent === 0 ? 'results not measured' : `about ${count(total.tokens)} tokens`;
  return `${duration(total.totalMs)} of time, ${cpu}, ${tokens}; more by mcp-vitals cost`;
}

function policyLine({
  server,
  version,
  state,
  expiresAt,
  why,
}: NonNullable<AnalysisAnswer['policies']>[number]): string {
  return `${shownName(server)} v${version}, ${state}, until ${minute(expiresAt)}: ${why}`;
}

function customLine({
  server,
  name,
  samples,
  sum,
  avg,
  unit,
}: NonNullable<AnalysisAnswer['customMetrics']>[number]): string {
  return `${shownName(name)} of ${shownName(server)}: ${count(samples)} samples, sum ${rate(sum)}, avg ${rate(avg)} ${unit}`.trimEnd();
}

function orNone(lines: string[], none: string): string[] {
  return lines.length === 0 ? [none] : lines;
}

function words(verdict: string): string {
  return verdict.replaceAll('_', ' ');
}

function subject(server: string, tool: string): string {
  if (server === '') return 'everything';
  return tool === '' ? shownName(server) : `${shownName(tool)} of ${shownName(server)}`;
}
