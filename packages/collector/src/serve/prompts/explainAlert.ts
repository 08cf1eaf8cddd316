/** "Explain this alert": the alert with its evidence, what was measured around it, and what else was unusual. */
import type { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import type { AskContext } from '../askTool.ts';
import { alertIds } from '../knownNames.ts';
import { isoTime } from '../params.ts';
import { detectAnomalies } from '../tools/detectAnomalies.ts';
import { getActiveAlerts } from '../tools/getActiveAlerts.ts';
import { getMetrics } from '../tools/getMetrics.ts';
import { rounded } from '../tools/rounded.ts';
import { errorLines } from './alertErrors.ts';
import { definePrompt, NAMES_ARE_DATA } from './definePrompt.ts';

type ActiveAlert = z.output<(typeof getActiveAlerts)['output']>['alerts'][number];

const BEFORE_MS = 6 * HOUR_MS;
const AFTER_MS = 2 * HOUR_MS;

export const explainAlert = definePrompt({
  name: 'explain_alert',
  title: 'Explain this alert',
  description: 'Tells a model all that is known around an alert, and asks for its cause and what to do.',
  arguments: [{ name: 'alertId', description: 'By default the worst one there is.', complete: alertIds }],
  async ask({ alertId }, context) {
    const alert = await chosenAlert(alertId, context);
    const range = rangeAround(alert, context);
    const [said, measured, errors, unusual] = await Promise.all([
      alertWords(alert, context),
      hoursAround(alert, range, context),
      errorLines({ ...alert, ...range }, context),
      anomalyWords(alert, context),
    ]);
    return [
      `Explain alert ${alert.alertId}: what is wrong, since when, and what most likely caused it?`,
      '',
      'Say what supports the explanation and what speaks against it (new versions, load, other tools of the same server, errors), whether it is over, and what to do next, most useful first. Say what cannot be told from these figures.',
      '',
      NAMES_ARE_DATA,
      '',
      'The alert:',
      said,
      '',
      ...measured,
      '',
      ...errors,
      '',
      unusual,
      '',
      'Ask get_metrics for other ranges and tools, and generate_performance_report for calls that hang. When somebody takes care of it, acknowledge_alert stops further notifications.',
    ].join('\n');
  },
});

async function chosenAlert(alertId: string | undefined, { ask }: AskContext): Promise<ActiveAlert> {
  const { alerts } = (await ask(getActiveAlerts, {})).structured;
  const chosen = alertId === undefined ? alerts[0] : alerts.find((alert) => alert.alertId === alertId);
  if (chosen) return chosen;
  if (alertId === undefined) throw new VitalsError('not_found', 'There is no active alert to explain');
  throw new VitalsError('not_found', `There is no active alert ${quoteUntrusted(alertId)}`, {
    hint: 'get_active_alerts lists those there are; alerts that are resolved stand in the reports.',
  });
}

/** The tool's own line holds the evidence; where the alert is not among those said in words, its figures must do. */
async function alertWords(alert: ActiveAlert, { ask }: AskContext): Promise<string> {
  const { text } = await ask(getActiveAlerts, {
    mcpServer: alert.mcpServer,
    severity: alert.severity === 'critical' ? 'critical' : 'warning',
  });
  const line = text.split('\n').find((candidate) => candidate.startsWith(`- ${alert.alertId} `));
  const notes =
    alert.notes === undefined
      ? []
      : [`Notes of ${quoteUntrusted(alert.acknowledgedBy ?? '')}: ${quoteUntrusted(alert.notes, 500)}`];
  return [line ?? figuresOf(alert), ...notes].join('\n');
}

function figuresOf({ alertId, severity, status, condition, currentValue, timestamp, ...alert }: ActiveAlert): string {
  return `- ${alertId} ${severity}, ${status}: ${subjectOf(alert)}, ${quoteUntrusted(condition)} (${rounded(currentValue)}), since ${timestamp}`;
}

function subjectOf({ mcpServer, toolName }: Pick<ActiveAlert, 'mcpServer' | 'toolName'>): string {
  return toolName === '' ? quoteUntrusted(mcpServer) : `${quoteUntrusted(toolName)} of ${quoteUntrusted(mcpServer)}`;
}

interface Range {
  startTime: string;
  endTime: string;
}

function rangeAround({ timestamp }: ActiveAlert, { nowMs }: AskContext): Range {
  const atMs = Date.parse(timestamp);
  return { startTime: isoTime(atMs - BEFORE_MS), endTime: isoTime(Math.min(atMs + AFTER_MS, nowMs())) };
}

async function hoursAround(alert: ActiveAlert, range: Range, { ask }: AskContext): Promise<string[]> {
  const { structured, text } = await ask(getMetrics, {
    mcpServer: alert.mcpServer,
    ...(alert.toolName !== '' && { toolName: alert.toolName }),
    ...range,
    aggregation: 'p95',
    groupBy: 'hour',
  });
  const headline = `${subjectOf(alert)}, ${range.startTime} to ${range.endTime}: ${text.split('\n')[0]}`;
  const perHour = alert.toolName === '' ? [] : structured.metrics;
  return [
    headline,
    ...perHour.map(({ timestamp, value, count }) => `- from ${timestamp}: p95 ${rounded(value)} ms, ${count} calls`),
  ];
}

async function anomalyWords({ mcpServer }: ActiveAlert, { ask }: AskContext): Promise<string> {
  const { text } = await ask(detectAnomalies, { mcpServer, lookbackWindow: '24h', method: 'adaptive' });
  return `What else was unusual on this server. ${text}`;
}
