/** Arguments for a tool of another MCP server, with what is known of a message put into their texts. */
import { VitalsError } from '../errors.ts';
import type { Message } from '../model/notification.ts';
import { type Content, contentOf, plainText } from './content.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a template may name. */
const FIELDS: Record<string, (message: Message, content: Content) => Json> = {
  title: (_message, { title }) => title,
  text: (_message, content) => plainText(content),
  notes: (_message, { notes }) => notes.join(' '),
  severity: (_message, { severity }) => severity,
  change: (message) => (message.kind === 'alert' ? message.change : message.kind),
  'alert.id': ofAlert(({ alert }) => alert.alertId),
  'alert.server': ofAlert(({ alert }) => alert.server),
  'alert.tool': ofAlert(({ alert }) => alert.tool),
  'alert.severity': ofAlert(({ alert }) => alert.severity),
  'alert.condition': ofAlert(({ alert }) => alert.condition),
  'alert.value': ofAlert(({ alert }) => alert.currentValue),
  'alert.threshold': ofAlert(({ alert }) => alert.threshold),
  'alert.since': ofAlert(({ alert }) => new Date(alert.createdAtMs).toISOString()),
  'alert.notes': ofAlert(({ alert }) => alert.notes ?? ''),
  'deploy.fromVersion': ofAlert(({ deploy }) => deploy?.fromVersion ?? ''),
  'deploy.toVersion': ofAlert(({ deploy }) => deploy?.toVersion ?? ''),
};

function ofAlert(read: (message: Extract<Message, { kind: 'alert' }>) => Json): (message: Message) => Json {
  return (message) => (message.kind === 'alert' ? read(message) : '');
}

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g;
const ONLY_PLACEHOLDER = /^\{\{\s*([\w.]+)\s*\}\}$/;

/** A text that is one placeholder and nothing else takes the type of its value. What is put in is not read again. */
export function fill(template: Json, message: Message): Json {
  const content = contentOf(message);
  const valueNamed = (name: string) => FIELDS[name]!(message, content);
  const fillText = (text: string): Json => {
    const only = ONLY_PLACEHOLDER.exec(text);
    return only ? valueNamed(only[1]!) : text.replace(PLACEHOLDER, (_, name: string) => String(valueNamed(name)));
  };
  return mapTexts(template, fillText);
}

/** @throws VitalsError `invalid` for a placeholder that does not exist */
export function checkTemplate(template: Json): void {
  mapTexts(template, (text) => {
    for (const [, name] of text.matchAll(PLACEHOLDER)) {
      if (Object.hasOwn(FIELDS, name!)) continue;
      throw new VitalsError('invalid', `There is no placeholder {{${name}}}`, {
        hint: `There are: ${Object.keys(FIELDS).join(', ')}.`,
      });
    }
    return text;
  });
}

function mapTexts(json: Json, map: (text: string) => Json): Json {
  if (typeof json === 'string') return map(json);
  if (Array.isArray(json)) return json.map((item) => mapTexts(item, map));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, mapTexts(value, map)]));
}
