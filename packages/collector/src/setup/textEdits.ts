/**
 * Edits of JSON text that touch nothing but what they are for. Each takes the text and its tree and returns the new text;
 * what is put in is laid out as its neighbours are, and what is taken out takes its own white space along, and no comment.
 */
import { applyEdits, type Edit, type Node } from 'jsonc-parser';
import type { ConfigDocument } from './configDocument.ts';

type Text = Pick<ConfigDocument, 'text'>;

/** Sets the text of a value. */
export function replaceValue({ text }: Text, { offset, length }: Node, content: string): string {
  return applyEdits(text, [{ offset, length, content }]);
}

/** Puts values in front of all others of a list. */
export function prependElements({ text }: Text, list: Node, values: readonly string[]): string {
  const [first, second] = list.children ?? [];
  const items = values.map((value) => JSON.stringify(value));
  if (first === undefined) return insert(text, list.offset + 1, items.join(', '));
  const lead = lineLead(text, first.offset);
  const isTight = second !== undefined && text[second.offset - 1] === ',';
  const gap = lead === undefined ? (isTight ? ',' : ', ') : `,${lead}`;
  return insert(text, first.offset, items.map((item) => item + gap).join(''));
}

/** Puts a property behind all others of an object. */
export function appendProperty({ text }: Text, object: Node, key: string, value: unknown): string {
  const closing = object.offset + object.length - 1;
  const last = object.children?.at(-1);
  const { commaAt, end } = tailOf(text, last ? endOf(last) : object.offset + 1, closing);
  const style = layoutOf(text, object);
  const property = `${style.lead}${render(key, value, style)}${commaAt === undefined ? '' : ','}`;
  const isOpen = style.lead === '' || /[\r\n]/.test(text.slice(end, closing));
  const edits: Edit[] = [{ offset: end, length: 0, content: isOpen ? property : property + style.outerLead }];
  if (last && commaAt === undefined) edits.unshift({ offset: endOf(last), length: 0, content: ',' });
  // Both may stand at the same place: the comma comes first.
  return edits.reduceRight((edited, { offset, content }) => insert(edited, offset, content), text);
}

/** Takes an item out of a list or an object: a value, or a property with its value. */
export function removeItem({ text }: Text, container: Node, item: Node): string {
  const closing = container.offset + container.length - 1;
  const siblings = container.children ?? [];
  const previous = siblings[siblings.indexOf(item) - 1];
  const { commaAt } = tailOf(text, endOf(item), closing);
  const lead = /(?:\r\n|\n|\r)?[ \t]*$/.exec(text.slice(0, item.offset))![0];
  const ownsLine = /[\r\n]/.test(lead) || previous !== undefined;
  const edits: Edit[] = [{ offset: item.offset, length: item.length, content: '' }];
  if (ownsLine) edits.push({ offset: item.offset - lead.length, length: lead.length, content: '' });
  if (commaAt !== undefined) {
    const blanks = ownsLine ? 0 : /^[ \t]*/.exec(text.slice(commaAt + 1))![0].length;
    edits.push({ offset: commaAt, length: 1 + blanks, content: '' });
  } else if (previous) {
    edits.push({ offset: tailOf(text, endOf(previous), item.offset).commaAt!, length: 1, content: '' });
  }
  const edited = applyEdits(text, edits);
  const removed = text.length - edited.length;
  const inside = edited.slice(container.offset + 1, closing - removed);
  const isBlank = siblings.length === 1 && /^\s*$/.test(inside);
  return isBlank ? edited.slice(0, container.offset + 1) + edited.slice(closing - removed) : edited;
}

/** How text that is put into an object is laid out. */
interface Layout {
  eol: string;
  /** One level of indentation. */
  unit: string;
  /** What stands before a property: a line break and its indentation, or a blank, or nothing. */
  lead: string;
  /** What stands before the closing brace where the object was empty. */
  outerLead: string;
  colon: string;
}

function layoutOf(text: string, object: Node): Layout {
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const unit = /[\r\n]([ \t]+)["/]/.exec(text)?.[1] ?? '  ';
  const [first] = object.children ?? [];
  const closing = object.offset + object.length - 1;
  const isTight = /"\s*:\S/.test(text) && !/":\s/.test(text);
  const colon = isTight ? ':' : ': ';
  const outer = indentationAt(text, object.offset);
  const leadOfItem = object.children
    ?.map(({ offset }) => lineLead(text, offset))
    .findLast((lead) => lead !== undefined);
  const spansLines = /[\r\n]/.test(text.slice(object.offset, closing));
  if (leadOfItem !== undefined) return { eol, unit, lead: leadOfItem, outerLead: eol + outer, colon };
  if (spansLines || (first === undefined && !isTight)) {
    return { eol, unit, lead: eol + outer + unit, outerLead: eol + outer, colon };
  }
  return { eol, unit: '', lead: first && !isTight ? ' ' : '', outerLead: '', colon };
}

function render(key: string, value: unknown, { eol, unit, lead, colon }: Layout): string {
  const isOneLine = !/[\r\n]/.test(lead);
  const separator = colon === ':' ? '' : ' ';
  const json = isOneLine ? inOneLine(value, colon, `,${separator}`) : JSON.stringify(value, null, unit);
  return `${JSON.stringify(key)}${colon}${json.replaceAll('\n', eol + lead.replace(/^[\r\n]+/, ''))}`;
}

function inOneLine(value: unknown, colon: string, comma: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => inOneLine(item, colon, comma)).join(comma)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const properties = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}${colon}${inOneLine(item, colon, comma)}`,
  );
  return `{${properties.join(comma)}}`;
}

/** The line break and the indentation before an item that begins its line; undefined when it does not. */
function lineLead(text: string, offset: number): string | undefined {
  return /(?:\r\n|\n|\r)[ \t]*$/.exec(text.slice(0, offset))?.[0];
}

function indentationAt(text: string, offset: number): string {
  return /(?:^|[\r\n])([ \t]*)[^\r\n]*$/.exec(text.slice(0, offset))![1]!;
}

/** White space, comments and commas: all that may stand between two items. */
const BETWEEN_ITEMS = /\s+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,/y;

/** What comes behind an item, up to the next one: where the comma is, if there is one, and where the last comment ends. */
function tailOf(text: string, from: number, to: number): { commaAt: number | undefined; end: number } {
  let commaAt: number | undefined;
  let end = from;
  BETWEEN_ITEMS.lastIndex = from;
  for (let token = BETWEEN_ITEMS.exec(text); token && token.index < to; token = BETWEEN_ITEMS.exec(text)) {
    if (token[0] === ',') commaAt ??= token.index;
    if (token[0].trim() !== '') end = token.index + token[0].length;
  }
  BETWEEN_ITEMS.lastIndex = 0;
  return { commaAt, end };
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function insert(text: string, offset: number, content: string): string {
  return text.slice(0, offset) + content + text.slice(offset);
}
