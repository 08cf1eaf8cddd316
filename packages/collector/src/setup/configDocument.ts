/**
 * A client's configuration as text and as a tree that knows where in the text each value stands, so that an edit can
 * leave all the rest as it is: comments, trailing commas, byte order mark, line ends, order, unknown keys.
 */
import { readFileSync, statSync } from 'node:fs';
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { VitalsError } from '../errors.ts';

export interface ConfigDocument {
  path: string;
  /** Text without its byte order mark; offsets of nodes count in it. */
  text: string;
  byteOrderMark: string;
  /** Undefined when the file holds nothing but white space and comments. */
  root: Node | undefined;
}

/** Keys and indexes from the root to a value. */
export type DocumentPath = readonly (string | number)[];

/** What editors and some clients allow is read; whether a client understands its own file is its own business. */
const PARSE_OPTIONS = { allowTrailingComma: true, allowEmptyContent: true };

/** Clients that keep their history in the same file come to some megabytes. */
const MAX_BYTES = 64 * 1024 * 1024;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * @throws VitalsError `not_found` without the file, `invalid` when it cannot be understood, with line and column
 */
export function readDocument(path: string): ConfigDocument {
  return parseDocument(path, readBytes(path));
}

/** @throws VitalsError `not_found`, `too_large`, or `unavailable` when it is there and cannot be read */
export function readBytes(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new VitalsError('too_large', `${path} is too large for a configuration: ${size} bytes`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof VitalsError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new VitalsError('not_found', `${path} does not exist`);
    throw new VitalsError('unavailable', `${path} cannot be read: ${code ?? message}`);
  }
}

/** @throws VitalsError `invalid` when the bytes are not UTF-8, not JSON, or hold something else than one object */
export function parseDocument(path: string, bytes: Uint8Array): ConfigDocument {
  const decoded = decode(path, bytes);
  const byteOrderMark = decoded.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const text = decoded.slice(byteOrderMark.length);
  const root = parse(path, text);
  if (root !== undefined && root.type !== 'object') {
    throw new VitalsError('invalid', `${path}:${position(text, root.offset)}: expected an object`);
  }
  return { path, text, byteOrderMark, root };
}

export function documentBytes({ byteOrderMark, text }: Pick<ConfigDocument, 'byteOrderMark' | 'text'>): Buffer {
  return Buffer.from(byteOrderMark + text, 'utf8');
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new VitalsError('invalid', `${path} is not UTF-8`, { hint: 'Save it as UTF-8 and try again.' });
  }
}

function parse(path: string, text: string): Node | undefined {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, PARSE_OPTIONS);
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw new VitalsError('invalid', `${path} is nested too deeply`);
    throw error;
  }
  const [first] = errors;
  if (first === undefined) return root;
  const what = printParseErrorCode(first.error).replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  throw new VitalsError('invalid', `${path}:${position(text, first.offset)}: not valid JSON: ${what.toLowerCase()}`, {
    hint: 'This file was left as it is. Repair it and try again.',
  });
}

/** The tree of a text that is known to be valid. */
export function parseText(text: string): Node | undefined {
  return parseTree(text, [], PARSE_OPTIONS);
}

/** `LINE:COLUMN` of an offset, both from 1, as editors show them. */
function position(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return `${lines.length}:${lines.at(-1)!.length + 1}`;
}

/** The property of an object as it counts: the last one, where a key stands twice. */
export function propertyNode(object: Node | undefined, key: string): Node | undefined {
  if (object?.type !== 'object') return undefined;
  return object.children?.findLast(
    (property) => property.children?.[0]?.value === key && property.children.length === 2,
  );
}

/** The value at a path, undefined when there is none. */
export function nodeAt(root: Node | undefined, path: DocumentPath): Node | undefined {
  return path.reduce<Node | undefined>(
    (node, step) => (typeof step === 'number' ? node?.children?.[step] : propertyNode(node, step)?.children?.[1]),
    root,
  );
}

/** Keys of an object with their values, each key once; nothing for what is no object. */
export function entriesOf(object: Node | undefined): [key: string, value: Node][] {
  if (object?.type !== 'object') return [];
  const entries = (object.children ?? []).flatMap(({ children }) =>
    children?.length === 2 ? [[children[0]!.value as string, children[1]!] as const] : [],
  );
  return [...new Map(entries)];
}
