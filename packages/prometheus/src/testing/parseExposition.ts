/** Reads an exposition back, by the grammar of the formats and by no code of ours or of prom-client's. For tests. */

export interface ParsedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
  exemplar?: { labels: Record<string, string>; value: number; timestamp: number };
}

export interface ParsedFamily {
  name: string;
  type: string;
  help: string;
  samples: ParsedSample[];
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const LABEL_VALUE = /"((?:[^"\\\n]|\\["\\n])*)"/y;
const NUMBER = /[-+]?(?:Inf|NaN|\d+(?:\.\d+)?(?:e[-+]?\d+)?)/y;

/** What lines of a type are called after the name of their family. */
const SUFFIXES: Record<string, Record<string, readonly string[]>> = {
  text: { counter: [''], gauge: [''], histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] },
  openMetrics: {
    counter: ['_total'],
    gauge: [''],
    histogram: ['_bucket', '_sum', '_count'],
    summary: ['', '_sum', '_count'],
  },
};

class Cursor {
  at = 0;
  constructor(readonly line: string) {}

  read(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.line);
    if (match === null) throw new Error(`${pattern} expected at ${this.at} of ${JSON.stringify(this.line)}`);
    this.at = pattern.lastIndex;
    return match;
  }

  accept(text: string): boolean {
    if (!this.line.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw new Error(`${text} expected at ${this.at} of ${JSON.stringify(this.line)}`);
  }
}

/** @throws Error for anything that a scraper would not take, the same sample twice included */
export function parseExposition(text: string, format: 'text' | 'openMetrics'): Map<string, ParsedFamily> {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('The last line must end');
  if (format === 'openMetrics' && lines.pop() !== '# EOF') throw new Error('# EOF is missing');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let family: ParsedFamily | undefined;
  for (const line of lines) {
    if (line === '' && format === 'text') continue;
    if (line.startsWith('# HELP ')) {
      const [, name, help] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
      if (name === undefined || families.has(name)) throw new Error(`A wrong or second ${line}`);
      family = { name, type: '', help: help!, samples: [] };
      families.set(name, family);
      continue;
    }
    if (line.startsWith('# TYPE ')) {
      const [, name, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
      if (family === undefined || name !== family.name || family.type !== '') throw new Error(`A wrong ${line}`);
      family.type = type!;
      continue;
    }
    const sample = parseSample(line, format);
    if (family === undefined) throw new Error(`No family before ${line}`);
    const suffix = sample.name.slice(family.name.length);
    if (!sample.name.startsWith(family.name) || !SUFFIXES[format]![family.type]!.includes(suffix)) {
      throw new Error(`${sample.name} is no line of ${family.type} ${family.name}`);
    }
    const key = seriesKey(sample.name, sample.labels);
    if (seen.has(key)) throw new Error(`Twice: ${key}`);
    seen.add(key);
    family.samples.push(sample);
  }
  return families;
}

export function seriesKey(name: string, labels: Record<string, string>): string {
  return JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function parseSample(line: string, format: 'text' | 'openMetrics'): ParsedSample {
  const cursor = new Cursor(line);
  const [name] = cursor.read(NAME);
  const labels = cursor.accept('{') ? parseLabels(cursor) : {};
  cursor.expect(' ');
  const sample: ParsedSample = { name, labels, value: parseNumber(cursor) };
  if (format === 'openMetrics' && cursor.accept(' # {')) {
    const exemplarLabels = parseLabels(cursor);
    cursor.expect(' ');
    const value = parseNumber(cursor);
    cursor.expect(' ');
    sample.exemplar = { labels: exemplarLabels, value, timestamp: parseNumber(cursor) };
  }
  if (cursor.at !== line.length) throw new Error(`More than a sample: ${JSON.stringify(line)}`);
  return sample;
}

function parseLabels(cursor: Cursor): Record<string, string> {
  const labels = new Map<string, string>();
  while (!cursor.accept('}')) {
    const [label] = cursor.read(LABEL_NAME);
    if (labels.has(label) || label.startsWith('__')) throw new Error(`Label ${label} in ${cursor.line}`);
    cursor.expect('=');
    const [, value] = cursor.read(LABEL_VALUE);
    labels.set(
      label,
      value!.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)),
    );
    if (!cursor.accept(',') && cursor.line[cursor.at] !== '}') throw new Error(`, or } expected: ${cursor.line}`);
  }
  return Object.fromEntries(labels);
}

function parseNumber(cursor: Cursor): number {
  const [text] = cursor.read(NUMBER);
  return Number(text.replace('Inf', 'Infinity'));
}
