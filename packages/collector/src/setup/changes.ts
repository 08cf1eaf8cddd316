/**
 * What `init` does to a configuration: single changes that are made to its text one after the other, and that can be
 * taken back from whatever the text has become since. A record of them is kept, so they are plain data.
 */
import { type DocumentPath, nodeAt, parseText } from './configDocument.ts';
import { appendProperty, prependElements, replaceValue } from './textEdits.ts';

/** The collector becomes one of the client's servers. */
export interface AddServer {
  kind: 'add';
  /** Of the new entry. */
  location: DocumentPath;
  entry: ServerEntry;
  /** Whether the list of servers is new as well. */
  isFirst: boolean;
}

/** A server is started through this product: words go in front of its arguments. */
export interface WrapServer {
  kind: 'wrap';
  how: 'preload' | 'proxy';
  /** Of the server's entry. */
  location: DocumentPath;
  /** The command that replaces the server's own, which then is the last of `words`. */
  command?: { text: string; original: string };
  words: readonly string[];
  /** Variables that the entry did not have. */
  env: Readonly<Record<string, string>>;
  /** Keys that the entry did not have before. */
  newKeys: readonly ('args' | 'env')[];
}

export type Change = AddServer | WrapServer;

export interface ServerEntry {
  type?: 'stdio';
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export function applyChange(text: string, change: Change): string {
  return change.kind === 'add' ? addServer(text, change) : wrapServer(text, change);
}

function addServer(text: string, { location, entry, isFirst }: AddServer): string {
  const list = location.slice(0, -1);
  const name = String(location.at(-1));
  const whole = parseText(text) === undefined ? withEmptyObject(text) : text;
  if (!isFirst) return setProperty(whole, list, name, entry);
  return setProperty(whole, list.slice(0, -1), String(list.at(-1)), { [name]: entry });
}

/** A file may be empty, or hold comments only. */
function withEmptyObject(text: string): string {
  return `${text}${/[^\r\n]$/.test(text) ? '\n' : ''}{}\n`;
}

function wrapServer(text: string, { location, command, words, env }: WrapServer): string {
  let edited = text;
  if (command !== undefined) {
    const node = nodeAt(parseText(edited), [...location, 'command'])!;
    edited = replaceValue({ text: edited }, node, JSON.stringify(command.text));
  }
  const args = nodeAt(parseText(edited), [...location, 'args']);
  edited = args ? prependElements({ text: edited }, args, words) : setProperty(edited, location, 'args', words);
  const variables = Object.entries(env);
  if (variables.length === 0) return edited;
  if (nodeAt(parseText(edited), [...location, 'env']) === undefined) return setProperty(edited, location, 'env', env);
  return variables.reduce((before, [key, value]) => setProperty(before, [...location, 'env'], key, value), edited);
}

function setProperty(text: string, object: DocumentPath, key: string, value: unknown): string {
  return appendProperty({ text }, nodeAt(parseText(text), object)!, key, value);
}
