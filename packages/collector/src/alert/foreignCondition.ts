/**
 * What an Alertmanager says, as a condition of ours. Every text of it is a stranger's: it stands in quotes, what is invisible
 * in it written out, and cut.
 */
import { createHash } from 'node:crypto';
import { type AlertSeverity, FOREIGN_PREFIX } from '../model/alert.ts';
import { visibleText } from '../model/visibleText.ts';
import type { ForeignAlert } from '../serve/ports/alerts.ts';
import { type Breach, fingerprintOf } from './breach.ts';
import type { NameRule } from './evaluator.ts';

/** What is kept of an alert that holds there. */
export interface ForeignCondition {
  server: string;
  /** Empty where it is not about a tool of a server that is known. */
  tool: string;
  severity: AlertSeverity;
  condition: string;
  evidence: string[];
  /** When it is over by itself; null where nobody has said. */
  endsAtMs: number | null;
  /** When it was told last. */
  toldAtMs: number;
}

const CRITICAL = new Set(['critical', 'page', 'error', 'fatal', 'emergency', 'disaster', 'high', 'p1']);
/** Nobody has to do anything about these; among them is the alert that always fires, to show that alerting works. */
const NO_ALERT = new Set(['none', 'info', 'informational', 'notice', 'debug', 'ok']);

/** Labels that may name a server, the surest first. */
const SERVER_LABELS = ['server', 'mcp_server', 'service_name', 'service', 'job', 'instance'];
const TOOL_LABELS = ['tool', 'gen_ai_tool_name'];
/** Where no label says what it is about. */
const NAMELESS_SERVER = 'alertmanager';

const ANNOTATIONS = ['summary', 'description', 'message'];

const MAX_NAME = 80;
const MAX_VALUE = 60;
const MAX_LABELS = 5;
const MAX_SENTENCE = 400;

/** The same for the same labels, whoever tells of it in a workspace. */
export function keyOf(labels: ForeignAlert['labels'], workspace: string | undefined): string {
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(workspace === undefined ? sorted : [workspace, sorted]))
    .digest('hex')
    .slice(0, 24);
}

/** Undefined for what is no alert here. */
export function severityOf(labels: ForeignAlert['labels']): AlertSeverity | undefined {
  const severity = (labels.get('severity') ?? labels.get('priority') ?? '').trim().toLowerCase();
  if (NO_ALERT.has(severity)) return undefined;
  return CRITICAL.has(severity) ? 'critical' : 'warning';
}

export function conditionOf(
  { labels, annotations, endsAtMs, url }: ForeignAlert,
  severity: AlertSeverity,
  subject: Pick<ForeignCondition, 'server' | 'tool'>,
  nowMs: number,
): ForeignCondition {
  const sentences = ANNOTATIONS.flatMap((name) => annotations.get(name) || []);
  const evidence = [...new Set(sentences)].map((sentence) => `Alertmanager says ${quoted(sentence, MAX_SENTENCE)}.`);
  if (url !== undefined) evidence.push(`Its source is ${quoted(url, MAX_SENTENCE)}.`);
  return { ...subject, severity, condition: conditionText(labels), evidence, endsAtMs, toldAtMs: nowMs };
}

/** @param known names of servers that are monitored */
export function subjectOfLabels(
  labels: ForeignAlert['labels'],
  known: ReadonlySet<string>,
  storedName: NameRule,
  serverName: NameRule = storedName,
): Pick<ForeignCondition, 'server' | 'tool'> {
  const names = SERVER_LABELS.flatMap((label) => labels.get(label) || []).map(serverName);
  const server = names.find((name) => known.has(name));
  if (server === undefined) return { server: names[0] ?? serverName(NAMELESS_SERVER), tool: '' };
  const tool = TOOL_LABELS.flatMap((label) => labels.get(label) || [])[0];
  return { server, tool: tool === undefined ? '' : storedName(tool) };
}

export function breachOfForeign(
  key: string,
  { server, tool, severity, condition, evidence }: ForeignCondition,
): Breach {
  return {
    fingerprint: fingerprintOf(server, tool, FOREIGN_PREFIX + key),
    server,
    tool,
    severity,
    condition,
    // What it measures stays there; here it holds or it does not.
    currentValue: 1,
    threshold: 0,
    evidence,
    pendingMinutes: 0,
    cooldownMinutes: 0,
    isUnlimited: true,
  };
}

/** E.g. `Alertmanager: "HighErrors" (env="live")`. */
function conditionText(labels: ForeignAlert['labels']): string {
  const shown = new Set(['alertname', 'severity', ...SERVER_LABELS.slice(0, 1), ...TOOL_LABELS]);
  const rest = [...labels].filter(([name]) => !shown.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = rest.slice(0, MAX_LABELS).map(([name, value]) => `${plainName(name)}=${quoted(value, MAX_VALUE)}`);
  const details = texts.length === 0 ? '' : ` (${texts.join(', ')})`;
  return `Alertmanager: ${quoted(labels.get('alertname') ?? 'unnamed', MAX_NAME)}${details}`;
}

/** Label names are identifiers; others are not shown as they are. */
function plainName(name: string): string {
  return /^[a-zA-Z_]\w{0,39}$/.test(name) ? name : quoted(name, MAX_VALUE);
}

function quoted(text: string, maxLength: number): string {
  return JSON.stringify(visibleText(text, maxLength));
}
