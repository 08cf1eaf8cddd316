/** How JSON text is laid out at some place, and new text for that place in the same layout. */
import type { Node } from 'jsonc-parser';

/** How a property of an object is laid out. */
export interface Layout {
  /** What stands before it: a line break and its indentation, or a blank, or nothing. */
  lead: string;
  /** What stands before the closing brace where the object was empty. */
  closingLead: string;
  eol: string;
  /** One level of indentation. */
  unit: string;
  colon: string;
}

export function layoutOf(text: string, object: Node): Layout {
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const unit = /[\r\n]([ \t]+)["/]/.exec(text)?.[1] ?? '  ';
  const isTight = /"\s*:\S/.test(text) && !/":\s/.test(text);
  const colon = isTight ? ':' : ': ';
  const items = object.children ?? [];
  const outer = eol + indentationAt(text, object.offset);
  const leads = items.map(({ offset }) => leadOf(text, offset));
  const itemLead = leads.find((lead) => lead !== undefined);
  const spansLines = /[\r\n]/.test(text.slice(object.offset, object.offset + object.length));
  if (itemLead !== undefined || spansLines || (items.length === 0 && !isTight)) {
    return { lead: itemLead ?? outer + unit, closingLead: outer, eol, unit, colon };
  }
  return { lead: items.length === 0 || isTight ? '' : ' ', closingLead: '', eol, unit: '', colon };
}

/** A property with its value, without what stands before it. */
export function propertyText(key: string, value: unknown, { lead, eol, unit, colon }: Layout): string {
  const startsLine = /^[\r\n]/.test(lead);
  const json = startsLine
    ? JSON.stringify(value, null, unit).replaceAll('\n', eol + lead.replace(/^[\r\n]+/, ''))
    : inOneLine(value, colon);
  return `${JSON.stringify(key)}${colon}${json}`;
}

function inOneLine(value: unknown, colon: string): string {
  const comma = colon === ':' ? ',' : ', ';
  if (Array.isArray(value)) return `[${value.map((item) => inOneLine(item, colon)).join(comma)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const properties = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}${colon}${inOneLine(item, colon)}`,
  );
  return `{${properties.join(comma)}}`;
}

/** The line break and the indentation before an item that begins its line; undefined when it does not. */
export function leadOf(text: string, offset: number): string | undefined {
  const start = startOfBlanks(text, offset);
  if (text[start - 1] !== '\n' && text[start - 1] !== '\r') return undefined;
  return text.slice(text.startsWith('\r\n', start - 2) ? start - 2 : start - 1, offset);
}

/** Where the blanks before an offset begin, on its line. */
export function startOfBlanks(text: string, offset: number): number {
  let start = offset;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start -= 1;
  return start;
}

/** The indentation of the line that an offset is in. */
function indentationAt(text: string, offset: number): string {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))![0];
}
