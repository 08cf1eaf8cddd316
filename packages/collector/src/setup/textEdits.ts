/**
 * Edits of JSON text that touch nothing but what they are for. Each takes the text and its tree and returns the new text;
 * what is put in is laid out as its neighbours are, and what is taken out takes its own white space along, and no comment.
 */
import { applyEdits, type Edit, type Node } from 'jsonc-parser';
import type { ConfigDocument } from './configDocument.ts';
import { layoutOf, leadOf, propertyText, startOfBlanks } from './textLayout.ts';

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
  const lead = leadOf(text, first.offset);
  const isTight = second !== undefined && text[second.offset - 1] === ',';
  const gap = lead === undefined ? (isTight ? ',' : ', ') : `,${lead}`;
  return insert(text, first.offset, items.map((item) => item + gap).join(''));
}

/** Puts a property behind all others of an object, and behind the comments that belong to them. */
export function appendProperty({ text }: Text, object: Node, key: string, value: unknown): string {
  const closing = endOf(object) - 1;
  const last = object.children?.at(-1);
  const { commaAt, end } = tailOf(text, last ? endOf(last) : object.offset + 1, closing);
  const layout = layoutOf(text, object);
  const closesOwnLine = /[\r\n]/.test(text.slice(end, closing));
  const trailingComma = commaAt === undefined ? '' : ',';
  const closingLead = closesOwnLine ? '' : layout.closingLead;
  const property = `${layout.lead}${propertyText(key, value, layout)}${trailingComma}${closingLead}`;
  const withProperty = insert(text, end, property);
  return last && commaAt === undefined ? insert(withProperty, endOf(last), ',') : withProperty;
}

/** Takes an item out of a list or an object: a value, or a property with its value. */
export function removeItem({ text }: Text, container: Node, item: Node): string {
  const closing = endOf(container) - 1;
  const siblings = container.children ?? [];
  const previous = siblings[siblings.indexOf(item) - 1];
  const { commaAt } = tailOf(text, endOf(item), closing);
  // The blanks before it go with it, but for the first of a line of several, which leaves them to the next.
  const lead = leadOf(text, item.offset) ?? (previous && text.slice(startOfBlanks(text, item.offset), item.offset));
  const start = item.offset - (lead?.length ?? 0);
  const edits: Edit[] = [{ offset: start, length: endOf(item) - start, content: '' }];
  if (commaAt !== undefined) {
    const blanks = lead === undefined ? /^[ \t]*/.exec(text.slice(commaAt + 1))![0].length : 0;
    edits.push({ offset: commaAt, length: 1 + blanks, content: '' });
  } else if (previous) {
    edits.push({ offset: tailOf(text, endOf(previous), item.offset).commaAt!, length: 1, content: '' });
  }
  const edited = applyEdits(text, edits);
  return siblings.length > 1
    ? edited
    : withoutBlanks(edited, container.offset + 1, closing - text.length + edited.length);
}

/** Closes what is empty. */
function withoutBlanks(text: string, from: number, to: number): string {
  return text.slice(from, to).trim() === '' ? text.slice(0, from) + text.slice(to) : text;
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
