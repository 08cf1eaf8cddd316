/** Lays the answers out for a person, in at most 100 columns. Pure: data in, lines out. */

import type { Style } from '../../packages/collector/src/cli/terminal/style.ts';
import type { BottleneckAnswer } from './bottlenecks.ts';
import type { CountsByServer } from './counts.ts';
import type { AlertAnswer, AnomalyAnswer, Answers, ToolRow } from './questions.ts';
import type { Screen } from './screen.ts';

export const MAX_COLUMNS = 100;

export interface Outcome {
  answers: Answers;
  /** Worst first. */
  bottlenecks: BottleneckAnswer[];
  /** What the client counted, and what the collector did. */
  sent: CountsByServer;
  counted: CountsByServer;
  seconds: number;
}

type Paint = Screen['paint'];

const number = (value: number, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (part: number, whole: number) => `${number(whole === 0 ? 0 : (100 * part) / whole, 1)} %`;
const clip = (text: string, columns: number) => (text.length <= columns ? text : `${text.slice(0, columns - 1)}…`);

export function formatAnswer(outcome: Outcome, paint: Paint): string[] {
  const { answers, bottlenecks } = outcome;
  return [
    ...headline(outcome, paint),
    '',
    ...toolTable(outcome, paint),
    '',
    ...section(`What was anomalous (${answers.anomalies.length})`, anomalyLines(answers.anomalies, paint), paint),
    paint('dim', '   Compared with a made-up hour of history of the two examples; the others have no past yet.'),
    '',
    ...section(`Which alerts fired (${answers.alerts.length})`, alertLines(answers.alerts, paint), paint),
    '',
    ...section('What makes it slow', bottleneckLines(bottlenecks, paint), paint),
    paint('dim', '   mcp-vitals bottlenecks has the evidence, and what to do.'),
    '',
    ...section('The eight questions, asked through MCP', questionLines(answers), paint),
  ];
}

function headline({ sent, counted, seconds }: Outcome, paint: Paint): string[] {
  const [ours, theirs] = [totals(sent), totals(counted)];
  const same = differences(sent, counted).length === 0;
  const check = same
    ? paint('green', `the collector counted the same, for each of ${ours.tools} tools`)
    : paint('red', `the collector counted ${number(theirs.calls)} calls and ${number(theirs.errors)} errors`);
  return [
    paint(
      'bold',
      `${number(ours.calls)} calls to ${sent.size} MCP servers in ${number(seconds)} s, ${percent(ours.errors, ours.calls)} errors`,
    ),
    `Counted by the client that made them; ${check}.`,
  ];
}

/** Tools whose numbers are not the same on both sides, as `server tool`. */
export function differences(sent: CountsByServer, counted: CountsByServer): string[] {
  const flat = (counts: CountsByServer) =>
    new Map(
      [...counts].flatMap(([server, tools]) =>
        [...tools].map(([tool, { calls, errors }]) => [`${server} ${tool}`, `${calls}/${errors}`]),
      ),
    );
  const [ours, theirs] = [flat(sent), flat(counted)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((key) => ours.get(key) !== theirs.get(key));
}

function totals(counts: CountsByServer): { calls: number; errors: number; tools: number } {
  const tools = [...counts.values()].flatMap((byTool) => [...byTool.values()]);
  const sum = (pick: 'calls' | 'errors') => tools.reduce((total, tool) => total + tool[pick], 0);
  return { calls: sum('calls'), errors: sum('errors'), tools: tools.length };
}

const NAME_COLUMNS = 40;

const columns = (...cells: string[]) => cells.map((cell, i) => cell.padStart([8, 10, 11, 11, 11][i] ?? 11)).join('');

function toolTable({ answers, counted }: Outcome, paint: Paint): string[] {
  const lines = [
    paint(
      'dim',
      ` ${'server and tool'.padEnd(NAME_COLUMNS)}${columns('calls', 'errors', 'p50 ms', 'p95 ms', 'p99 ms')}`,
    ),
  ];
  for (const [server, rows] of groupByServer(answers.rows.filter((row) => counted.has(row.server)))) {
    const health = answers.servers.find(({ name }) => name === server);
    const note = health === undefined ? '' : `  health ${number(health.healthScore)}, ${health.status}`;
    lines.push(` ${paint('bold', clip(server, NAME_COLUMNS))}${paint(healthStyle(health?.status), note)}`);
    for (const row of rows) lines.push(toolLine(row, counted.get(server)?.get(row.tool)?.errors ?? 0, paint));
  }
  return lines;
}

function toolLine({ tool, calls, p50Ms, p95Ms, p99Ms }: ToolRow, errors: number, paint: Paint): string {
  const cells = columns(number(calls), percent(errors, calls), number(p50Ms, 1), number(p95Ms, 1), number(p99Ms, 1));
  const line = `   ${clip(tool, NAME_COLUMNS - 3).padEnd(NAME_COLUMNS - 2)}${cells}`;
  return errors > 0 ? paint('yellow', line) : line;
}

function groupByServer(rows: readonly ToolRow[]): Map<string, ToolRow[]> {
  const groups = new Map<string, ToolRow[]>();
  for (const row of rows) groups.set(row.server, [...(groups.get(row.server) ?? []), row]);
  return groups;
}

const healthStyle = (status: string | undefined): Style => {
  if (status === 'critical') return 'red';
  return status === 'degraded' ? 'yellow' : 'green';
};

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return [paint('bold', ` ${title}`), ...(lines.length === 0 ? ['   nothing'] : lines)];
}

const SEVERITY_STYLES: Record<string, Style> = { critical: 'red', high: 'red', warning: 'yellow', medium: 'yellow' };
const severityStyle = (severity: string): Style => SEVERITY_STYLES[severity] ?? 'dim';
const SEVERITIES = ['critical', 'warning', 'info'];
const WHO_COLUMNS = 42;
const MAX_ANOMALIES = 6;
const MAX_BOTTLENECKS = 4;
const ADVICE_LINES = 2;

/** `critical example-shop quote_shipping     what`; the columns left for `what` are what the rest of the line takes. */
function finding(severity: string, server: string, tool: string, what: string, paint: Paint): string {
  const who = clip(`${server} ${tool}`.trimEnd(), WHO_COLUMNS).padEnd(WHO_COLUMNS);
  return `   ${paint(severityStyle(severity), severity.padEnd(8))} ${clip(`${who} ${what}`, MAX_COLUMNS - 12)}`;
}

function anomalyLines(anomalies: readonly AnomalyAnswer[], paint: Paint): string[] {
  const shown = worstPerTool(anomalies).slice(0, MAX_ANOMALIES);
  return shown.flatMap(({ severity, mcpServer, toolName, anomalyType, details, recommendations }) => {
    const unit = { response_time_spike: ' ms', error_rate_spike: ' %' }[anomalyType] ?? '';
    const measure = anomalyType.replace('_spike', '').replaceAll('_', ' ');
    const what = `${measure} ${number(details.currentValue, 1)}${unit}, expected ${details.expectedRange}`;
    const advice = wrap(recommendations[0] ?? '', MAX_COLUMNS - 12).slice(0, ADVICE_LINES);
    return [
      finding(severity, mcpServer, toolName, what, paint),
      ...advice.map((line) => paint('dim', `            ${line}`)),
    ];
  });
}

/** A spike that lasts is found in each of its minutes; its worst minute is enough. Most severe first. */
function worstPerTool(anomalies: readonly AnomalyAnswer[]): AnomalyAnswer[] {
  const rank = ({ severity }: AnomalyAnswer) => SEVERITIES.indexOf(severity);
  const sorted = anomalies.toSorted((a, b) => rank(a) - rank(b) || b.details.currentValue - a.details.currentValue);
  const seen = new Map<string, AnomalyAnswer>();
  for (const anomaly of sorted) {
    const key = `${anomaly.mcpServer} ${anomaly.toolName} ${anomaly.anomalyType}`;
    if (!seen.has(key)) seen.set(key, anomaly);
  }
  return [...seen.values()];
}

function alertLines(alerts: readonly AlertAnswer[], paint: Paint): string[] {
  return alerts.map(({ severity, mcpServer, toolName, condition, currentValue }) =>
    finding(severity, mcpServer, toolName, `${condition}, at ${number(currentValue, 1)}`, paint),
  );
}

function bottleneckLines(bottlenecks: readonly BottleneckAnswer[], paint: Paint): string[] {
  return bottlenecks
    .slice(0, MAX_BOTTLENECKS)
    .flatMap(({ severity, mcpServer, tools, title, confidence, shareOfTimePercent }) => {
      const sure = `${number(100 * confidence)} % sure`;
      const cost = shareOfTimePercent === null ? sure : `${sure}, ${number(shareOfTimePercent)} % of its time`;
      return [
        finding(severity, mcpServer, tools[0] ?? '', cost, paint),
        `            ${clip(title, MAX_COLUMNS - 12)}`,
      ];
    });
}

/** Breaks a text at its spaces. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(clip(word, columns));
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function questionLines({ asked }: Answers): string[] {
  return asked.map(({ tool, tookMs, gist }) =>
    clip(`   ${tool.padEnd(30)}${number(tookMs, 1).padStart(7)} ms   ${gist}`, MAX_COLUMNS),
  );
}
