/**
 * Names of series that have labels, as one text in the notation of Prometheus: `cache_hits{cache="users"}`. One text,
 * because that is what a series is called everywhere; this notation, because people read it and exporters take it apart.
 */

export type Labels = Readonly<Record<string, string>>;

export interface LabelledName {
  name: string;
  labels: Labels;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const UNESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/**
 * The text of a name with its labels, sorted by label, so that the same labels are the same series. Characters that a
 * name or a label's name cannot have become `_`; values may be anything.
 */
export function formatSeriesName(name: string, labels: Labels = {}): string {
  return legalName(name) + formatLabels(labels);
}

/**
 * The same for the name of a tool, which may hold dashes, dots and anything else: it stays as it is, so that it is found
 * again; of its characters only `{` becomes `_`.
 */
export function formatToolSeriesName(tool: string, labels: Labels): string {
  return tool.replaceAll('{', '_') + formatLabels(labels);
}

/** The reverse; what is not in this notation is a name without labels. */
export function parseSeriesName(text: string): LabelledName {
  const brace = text.indexOf('{');
  if (brace === -1 || !text.endsWith('}')) return { name: text, labels: {} };
  const labels: [string, string][] = [];
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
  const inside = text.slice(brace + 1, -1);
  while (pair.lastIndex < inside.length) {
    const match = pair.exec(inside);
    if (match === null) return { name: text, labels: {} };
    labels.push([match[1]!, match[2]!.replace(/\\["\\n]/g, (pair) => UNESCAPES[pair]!)]);
  }
  return { name: text.slice(0, brace), labels: Object.fromEntries(labels) };
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels)
    .map(([label, value]) => [legalLabel(label), String(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([label, value]) => `${label}="${value.replace(/[\\"\n]/g, (character) => ESCAPES[character]!)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** `[a-zA-Z_:][a-zA-Z0-9_:]*` */
function legalName(name: string): string {
  return notDigitFirst(name.replace(/[^a-zA-Z0-9_:]/g, '_'));
}

/** `[a-zA-Z_][a-zA-Z0-9_]*` */
function legalLabel(label: string): string {
  return notDigitFirst(label.replace(/[^a-zA-Z0-9_]/g, '_'));
}

function notDigitFirst(text: string): string {
  return /^\d|^$/.test(text) ? `_${text}` : text;
}
