/**
 * A message as plain words, the same for all channels. Names, versions and notes in it come from outside: they are made
 * visible and cut here, and each channel escapes every text for where it goes.
 */
import type { Alert } from '../model/alert.ts';
import type { AlertMessage, DigestMessage, Message } from '../model/notification.ts';
import { visibleText } from '../model/visibleText.ts';
import { DEFAULT_WORKSPACE, readableName, splitName } from '../model/workspace.ts';

export interface Content {
  severity: 'info' | 'warning' | 'critical';
  title: string;
  facts: [name: string, value: string][];
  /** Sentences. */
  notes: string[];
}

const MAX_NAME = 80;
const MAX_NOTE = 400;
const MAX_NOTES = 8;
const MAX_SERVERS = 20;
/** A report in a chat is its beginning; by e-mail it is whole. */
const MAX_REPORT = 2_500;

export function contentOf(message: Message): Content {
  switch (message.kind) {
    case 'alert':
      return alertContent(message);
    case 'digest':
      return digestContent(message);
    case 'report': {
      const isCut = message.markdown.length > MAX_REPORT;
      const shown = isCut ? `${message.markdown.slice(0, MAX_REPORT)}…` : message.markdown;
      return { severity: 'info', title: message.title, facts: [], notes: [shown] };
    }
    case 'test':
      return {
        severity: 'info',
        title: 'mcp-vitals can reach this channel',
        facts: [['Sent', isoTime(message.atMs)]],
        notes: [],
      };
  }
}

/** For channels that take text only, and for logs. */
export function plainText({ title, facts, notes }: Content): string {
  return [title, ...facts.map(([name, value]) => `${name}: ${value}`), ...notes].join('\n');
}

const CHANGE_WORDS: Record<string, string> = {
  created: 'raised',
  returned: 'is back',
  severity_raised: 'became worse',
  escalated: 'escalated: nobody has acknowledged it',
  acknowledged: 'acknowledged',
  cleared: 'is over',
  resolved: 'resolved',
};

function alertContent({ alert, change, deploy }: AlertMessage): Content {
  const words = CHANGE_WORDS[change] ?? change;
  const isGood = change === 'cleared' || change === 'resolved' || change === 'acknowledged';
  return {
    severity: isGood ? 'info' : alert.severity,
    title: `${alert.severity.toUpperCase()} ${words}: ${subjectOf(alert)}, ${visibleText(alert.condition, MAX_NAME)}`,
    facts: [
      ...serverFacts(alert.server),
      ...(alert.tool === '' ? [] : [['Tool', name(alert.tool)] as [string, string]]),
      ['Value', shownNumber(alert.currentValue)],
      ['Limit', shownNumber(alert.threshold)],
      ['Since', isoTime(alert.createdAtMs)],
      ['Alert', alert.alertId],
      ...acknowledgement(alert),
      ...(deploy === null
        ? []
        : [['Version', `${name(deploy.fromVersion)} to ${name(deploy.toVersion)}`] as [string, string]]),
    ],
    notes: isGood ? [] : alert.evidence.slice(0, MAX_NOTES).map((note) => visibleText(note, MAX_NOTE)),
  };
}

function serverFacts(server: string): [string, string][] {
  const { workspace, name: local } = splitName(server);
  const fact: [string, string] = ['Server', name(local)];
  return workspace === DEFAULT_WORKSPACE ? [fact] : [fact, ['Workspace', workspace]];
}

function acknowledgement({ acknowledgedBy, notes }: Alert): [string, string][] {
  if (acknowledgedBy === null) return [];
  const by: [string, string] = ['Acknowledged by', name(acknowledgedBy)];
  return notes === null ? [by] : [by, ['Notes', visibleText(notes, MAX_NOTE)]];
}

function subjectOf({ server, tool }: Alert): string {
  const shown = name(readableName(server));
  return tool === '' ? shown : `${name(tool)} of ${shown}`;
}

const REASON_WORDS: Record<string, string> = {
  duplicate: 'returned soon after they were resolved',
  rate_limited: 'above the limit of alerts per server and hour',
  too_many: 'above the limit of open alerts',
  silenced: 'silenced',
  quiet_hours: 'in quiet hours',
  dependency_down: 'while a dependency was down',
};

function digestContent({ fromMs, toMs, servers }: DigestMessage): Content {
  const lines = servers.slice(0, MAX_SERVERS).map(({ server, reasons }) => {
    const parts = Object.entries(reasons).map(([reason, count]) => `${count} ${REASON_WORDS[reason] ?? reason}`);
    return `${name(readableName(server))}: ${parts.join(', ')}`;
  });
  const more = servers.length - lines.length;
  return {
    severity: 'info',
    title: 'What was held back',
    facts: [
      ['From', isoTime(fromMs)],
      ['To', isoTime(toMs)],
    ],
    notes: more > 0 ? [...lines, `and ${more} more servers`] : lines,
  };
}

function name(text: string): string {
  return visibleText(text, MAX_NAME);
}

/** To four digits, and never less than a whole number. */
export function shownNumber(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
