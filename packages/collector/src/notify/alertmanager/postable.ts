/**
 * Our alerts in the words of Alertmanager. Its labels are what it knows an alert by, so they say only what stays the same as
 * long as the alert lives; what changes stands in the annotations. Names come from strangers: what is invisible in them is
 * written out, and they are cut.
 */
import { type Alert, OWN_SOURCE, subjectOf } from '../../model/alert.ts';
import { visibleText } from '../../model/visibleText.ts';
import { workspaceLabels } from '../../model/workspace.ts';
import { shownNumber } from '../content.ts';

/** Of `POST /api/v2/alerts`; times are ISO 8601. */
export interface PostableAlert {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
}

const MAX_LABEL = 200;
const MAX_SENTENCE = 400;
const MAX_SENTENCES = 8;

export function postableOf(alert: Alert, endsAtMs: number, pageUrl: string): PostableAlert {
  const startsAtMs = alert.activeFromMs;
  return {
    labels: labelsOf(alert),
    annotations: annotationsOf(alert),
    startsAt: new Date(startsAtMs).toISOString(),
    // An end before the beginning is refused, and with it the whole request.
    endsAt: new Date(Math.max(startsAtMs, endsAtMs)).toISOString(),
    generatorURL: linkOf(alert, pageUrl),
  };
}

/** Alertmanager takes an empty label for one that is not there. */
export function labelsOf({ fingerprint, server, tool, severity }: Alert): Record<string, string> {
  const subject = subjectOf(fingerprint);
  return {
    alertname: alertNameOf(subject),
    severity,
    source: OWN_SOURCE,
    server: visibleText(server, MAX_LABEL),
    ...workspaceLabels(server),
    ...(tool !== '' && { tool: visibleText(tool, MAX_LABEL) }),
    subject: visibleText(subject, MAX_LABEL),
  };
}

/** `error_rate` is `McpErrorRate`; rules and objectives have the names that people gave them. */
function alertNameOf(subject: string): string {
  const named = /^(?:rule|slo):(.+)$/su.exec(subject)?.[1];
  if (named !== undefined) return visibleText(named, MAX_LABEL);
  const own = /^own:([a-z_]+)/.exec(subject)?.[1];
  if (own !== undefined) return `McpCollector${pascalCase(own)}`;
  return /^[a-z][a-z0-9_]*$/.test(subject) ? `Mcp${pascalCase(subject)}` : 'McpAlert';
}

function pascalCase(text: string): string {
  return text.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}

/** The numbers are those of when it was raised or became worse. */
function annotationsOf({ alertId, server, tool, condition, currentValue, ...alert }: Alert): Record<string, string> {
  const subject = tool === '' ? server : `${tool} of ${server}`;
  const sentences = alert.evidence.slice(0, MAX_SENTENCES).map((sentence) => visibleText(sentence, MAX_SENTENCE));
  const [value, threshold] = [shownNumber(currentValue), shownNumber(alert.threshold)];
  return {
    summary: `${visibleText(subject, 2 * MAX_LABEL)}: ${visibleText(condition, MAX_LABEL)}`,
    description: sentences.length > 0 ? sentences.join(' ') : `Value ${value}, limit ${threshold}.`,
    alert_id: visibleText(alertId, MAX_LABEL),
    status: alert.status,
    value,
    threshold,
    ...(alert.acknowledgedBy !== null && { acknowledged_by: visibleText(alert.acknowledgedBy, MAX_LABEL) }),
  };
}

/** The page that lists the alerts of its server. */
function linkOf({ server }: Alert, pageUrl: string): string {
  return `${pageUrl.replace(/\/+$/, '')}/alerts?${new URLSearchParams({ server: server.toWellFormed() })}`;
}
