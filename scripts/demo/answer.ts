/** Lays the answers out for a person, in at most 100 columns. Pure: data in, lines out. */
import type { CountsByServer } from './counts.ts';
import type { AlertAnswer, AnomalyAnswer, Answers, ToolRow } from './questions.ts';
import type { Screen } from './screen.ts';

export const MAX_COLUMNS = 100;

export interface Outcome {
  answers: Answers;
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
  const { answers } = outcome;
  return [
    ...headline(outcome, paint),
    '',
    ...toolTable(outcome, paint),
    '',
    ...section(`What was anomalous (${answers.anomalies.length})`, anomalyLines(answers.anomalies, paint), paint),
    '',
    ...section(`Which alerts fired (${answers.alerts.length})`, alertLines(answers.alerts, paint), paint),
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

function healthStyle(status: string | undefined): 'green' | 'yellow' | 'red' {
  if (status === 'critical') return 'red';
  return status === 'degraded' ? 'yellow' : 'green';
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return [paint('bold', ` ${title}`), ...(lines.length === 0 ? ['   nothing'] : lines)];
}

const severityStyle = (severity: string) => (severity === 'critical' ? 'red' : 'yellow');

function anomalyLines(anomalies: readonly AnomalyAnswer[], paint: Paint): string[] {
  return newestPerTool(anomalies).flatMap(
    ({ severity, mcpServer, toolName, anomalyType, details, recommendations }) => {
      const unit = anomalyType === 'response_time_spike' ? ' ms' : '';
      const what = `${anomalyType.replaceAll('_', ' ')}: ${number(details.currentValue, 1)}${unit}, expected ${details.expectedRange}${unit}`;
      const line = `${clip(`${mcpServer} ${toolName}`, 34).padEnd(34)} ${what}`;
      return [
        `   ${paint(severityStyle(severity), severity.padEnd(8))} ${clip(line, MAX_COLUMNS - 12)}`,
        ...recommendations.slice(0, 1).map((advice) => paint('dim', `            ${clip(advice, MAX_COLUMNS - 12)}`)),
      ];
    },
  );
}

/** A spike that lasts is found in each of its minutes; one line is enough. */
function newestPerTool(anomalies: readonly AnomalyAnswer[]): AnomalyAnswer[] {
  const seen = new Map<string, AnomalyAnswer>();
  for (const anomaly of anomalies) {
    const key = `${anomaly.mcpServer} ${anomaly.toolName} ${anomaly.anomalyType}`;
    if (!seen.has(key)) seen.set(key, anomaly);
  }
  return [...seen.values()];
}

function alertLines(alerts: readonly AlertAnswer[], paint: Paint): string[] {
  return alerts.map(({ severity, mcpServer, toolName, condition, currentValue }) => {
    const line = `${clip(`${mcpServer} ${toolName}`, 34).padEnd(34)} ${condition}, at ${number(currentValue, 1)}`;
    return `   ${paint(severityStyle(severity), severity.padEnd(8))} ${clip(line, MAX_COLUMNS - 12)}`;
  });
}

function questionLines({ asked }: Answers): string[] {
  return asked.map(({ tool, tookMs, gist }) =>
    clip(`   ${tool.padEnd(30)}${number(tookMs, 1).padStart(7)} ms   ${gist}`, MAX_COLUMNS),
  );
}
