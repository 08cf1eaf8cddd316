/**
 * Takes one change back from a text that others may have edited since. Only what `init` wrote goes; what is no longer as
 * `init` wrote it stays, and the caller hears of it.
 */
import { getNodeValue, type Node } from 'jsonc-parser';
import type { AddServer, Change, ServerEntry, WrapServer } from './changes.ts';
import { type DocumentPath, nodeAt, parseText, propertyNode } from './configDocument.ts';
import { removeItem, replaceValue } from './textEdits.ts';

export interface Reverted {
  text: string;
  /** `gone`: somebody else took it back. `left`: it was edited so that it cannot be told what was there before. */
  outcome: 'reverted' | 'gone' | 'left';
}

export function revertChange(text: string, change: Change): Reverted {
  return change.kind === 'add' ? revertAdd(text, change) : revertWrap(text, change);
}

function revertAdd(text: string, { location, entry, isFirst }: AddServer): Reverted {
  const node = nodeAt(parseText(text), location);
  if (node === undefined) return { text, outcome: 'gone' };
  if (!isAsWritten(node, entry)) return { text, outcome: 'left' };
  const without = removeProperty(text, location);
  const list = location.slice(0, -1);
  return { text: isFirst ? removeIfEmpty(without, list) : without, outcome: 'reverted' };
}

/** Clients write entries anew, in their own order, and some say `type` where we did not. */
function isAsWritten(node: Node, entry: ServerEntry): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries({ ...value, type: 'stdio' }).sort(byKey));
  return sorted(getNodeValue(node) as object) === sorted(entry);
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function revertWrap(text: string, { location, command, words, env, newKeys }: WrapServer): Reverted {
  const entry = nodeAt(parseText(text), location);
  const args = (nodeAt(entry, ['args'])?.children ?? []).map(({ value }) => value as unknown);
  // The server's own command is the last word, and may have been edited where it stands now.
  const ours = command === undefined ? words : words.slice(0, -1);
  const at = indexOfWords(args, ours);
  if (at === -1 || (command !== undefined && (at !== 0 || typeof args[ours.length] !== 'string'))) {
    const isStillOurs = command !== undefined && nodeAt(entry, ['command'])?.value === command.text;
    return { text, outcome: isStillOurs ? 'left' : 'gone' };
  }
  let edited = text;
  if (command !== undefined) {
    const moved = args[ours.length];
    const literal = moved === words.at(-1) ? command.original : JSON.stringify(moved);
    edited = setCommand(edited, location, literal);
  }
  for (const _ of words) edited = removeElement(edited, [...location, 'args'], at);
  for (const [key, value] of Object.entries(env)) edited = removeVariable(edited, [...location, 'env', key], value);
  for (const key of newKeys) edited = removeIfEmpty(edited, [...location, key]);
  return { text: edited, outcome: 'reverted' };
}

function indexOfWords(args: readonly unknown[], words: readonly string[]): number {
  return args.findIndex((_, start) => words.every((word, index) => args[start + index] === word));
}

function setCommand(text: string, location: DocumentPath, literal: string): string {
  const node = nodeAt(parseText(text), [...location, 'command']);
  return node === undefined ? text : replaceValue({ text }, node, literal);
}

function removeElement(text: string, list: DocumentPath, index: number): string {
  const node = nodeAt(parseText(text), list)!;
  return removeItem({ text }, node, node.children![index]!);
}

function removeVariable(text: string, location: DocumentPath, value: string): string {
  if (nodeAt(parseText(text), location)?.value !== value) return text;
  return removeProperty(text, location);
}

function removeProperty(text: string, location: DocumentPath): string {
  const object = nodeAt(parseText(text), location.slice(0, -1))!;
  return removeItem({ text }, object, propertyNode(object, String(location.at(-1)))!);
}

function removeIfEmpty(text: string, location: DocumentPath): string {
  const node = nodeAt(parseText(text), location);
  const isEmpty = node !== undefined && /^(\{\s*\}|\[\s*\])$/.test(text.slice(node.offset, node.offset + node.length));
  return isEmpty ? removeProperty(text, location) : text;
}
