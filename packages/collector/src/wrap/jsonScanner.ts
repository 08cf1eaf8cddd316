/**
 * Reads a JSON text byte by byte as it comes, in pieces of any size, and hands out the few values that somebody wants. What
 * nobody wants is stepped over and kept nowhere, so a message of any size takes the same little memory. The grammar is
 * checked, except inside strings that are stepped over.
 */

export type Shape = 'object' | 'array' | 'plain';

/** What is wanted at one place of the text. */
export interface Wanted<Found> {
  /** A value begins here; with a key that occurs twice the last one counts, so what came before is forgotten. */
  begin?(found: Found, shape: Shape): void;
  /** A text, number, boolean or null that stood here. */
  take?(found: Found, value: string | number | boolean | null): void;
  /** A value that began here has ended; its size in bytes. */
  end?(found: Found, bytes: number): void;
  keys?: Readonly<Record<string, Wanted<Found>>>;
  /** Every element of an array. */
  items?: Wanted<Found>;
}

/** What may come next, or what is being read. */
type State =
  | 'value'
  | 'first item or end'
  | 'first key or end'
  | 'key'
  | 'colon'
  | 'comma or end'
  | 'string'
  | 'number'
  | 'literal'
  | 'done'
  | 'broken';

/** Longer texts are cut; the names that are looked for are a tenth of it. */
const MAX_TEXT_BYTES = 16_384;
const MAX_DEPTH = 10_000;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class JsonScanner<Found> {
  #state: State = 'value';
  /** Objects are 1, arrays 0, from the outside in. */
  readonly #isObject: number[] = [];
  /** What is wanted in each open container, and where it began. */
  readonly #wanted: (Wanted<Found> | undefined)[] = [];
  readonly #startedAt: number[] = [];
  /** What is wanted of the value that comes next, or that is being read. */
  #next: Wanted<Found> | undefined;
  #valueStartedAt = 0;
  #isKey = false;
  #isEscaped = false;
  /** Bytes of the text, number or literal that is being read; undefined where nobody wants it. */
  #kept: number[] | undefined;
  #keptBytes = 0;
  /** Bytes of earlier pieces, and where the one at hand begins. */
  #offset = 0;
  #from = 0;

  constructor(
    root: Wanted<Found>,
    private readonly found: Found,
  ) {
    this.#next = root;
  }

  write(bytes: Uint8Array, from = 0, to = bytes.length): void {
    let at = from;
    this.#from = from;
    while (at < to && this.#state !== 'broken') {
      if (this.#state === 'string') at = this.#string(bytes, at, to);
      else at = this.#step(bytes[at]!, at);
    }
    this.#offset += to - from;
    this.#from = 0;
  }

  /** The text is complete; false when it is no JSON. */
  end(): boolean {
    if (this.#state === 'number' || this.#state === 'literal') this.#endPlain(0);
    return this.#state === 'done';
  }

  /** Position in the text of a position in the piece at hand. */
  #position(at: number): number {
    return this.#offset + at - this.#from;
  }

  #step(byte: number, at: number): number {
    if (this.#state === 'number' || this.#state === 'literal') {
      if (isPlain(byte)) {
        this.#keep(byte);
        return at + 1;
      }
      this.#endPlain(at);
      return at;
    }
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a) return at + 1;
    switch (this.#state) {
      case 'first item or end':
        if (byte === 0x5d) this.#close(at);
        else this.#beginValue(byte, at);
        break;
      case 'value':
        this.#beginValue(byte, at);
        break;
      case 'first key or end':
        if (byte === 0x7d) this.#close(at);
        else this.#beginKey(byte);
        break;
      case 'key':
        this.#beginKey(byte);
        break;
      case 'colon':
        this.#state = byte === 0x3a ? 'value' : 'broken';
        break;
      case 'comma or end':
        this.#separate(byte, at);
        break;
      default:
        this.#state = 'broken';
    }
    return at + 1;
  }

  #beginValue(byte: number, at: number): void {
    const shape = byte === 0x7b ? 'object' : byte === 0x5b ? 'array' : 'plain';
    this.#next?.begin?.(this.found, shape);
    this.#valueStartedAt = this.#position(at);
    if (shape !== 'plain') {
      this.#open(shape === 'object');
      return;
    }
    this.#isKey = false;
    this.#kept = this.#next?.take === undefined ? undefined : [];
    this.#keptBytes = 0;
    if (byte === QUOTE) this.#state = 'string';
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.#beginPlain('number', byte);
    else if (byte === 0x74 || byte === 0x66 || byte === 0x6e) this.#beginPlain('literal', byte);
    else this.#state = 'broken';
  }

  #beginPlain(state: 'number' | 'literal', byte: number): void {
    this.#state = state;
    // Kept in any case: it is short, and the grammar is checked at its end.
    this.#kept = [];
    this.#keep(byte);
  }

  #beginKey(byte: number): void {
    if (byte !== QUOTE) {
      this.#state = 'broken';
      return;
    }
    this.#isKey = true;
    this.#kept = this.#wanted.at(-1)?.keys === undefined ? undefined : [];
    this.#keptBytes = 0;
    this.#state = 'string';
  }

  /** Reads on in a string; in one that nobody wants, from quote to quote. */
  #string(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to) {
      if (this.#kept === undefined && !this.#isEscaped) {
        const next = nextQuoteOrBackslash(bytes, at, to);
        if (next === -1) return to;
        at = next;
      }
      const byte = bytes[at++]!;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#endString(at);
        return at;
      }
      this.#keep(byte);
    }
    return at;
  }

  #endString(at: number): void {
    const text = this.#kept === undefined ? undefined : textOf(this.#kept, this.#keptBytes > MAX_TEXT_BYTES);
    if (this.#kept !== undefined && text === undefined) {
      this.#state = 'broken';
      return;
    }
    if (this.#isKey) {
      const keys = this.#wanted.at(-1)?.keys;
      this.#next = text !== undefined && keys !== undefined && Object.hasOwn(keys, text) ? keys[text] : undefined;
      this.#state = 'colon';
      return;
    }
    if (text !== undefined) this.#next!.take!(this.found, text);
    this.#endValue(this.#next, this.#valueStartedAt, at);
  }

  /** A number or literal has ended before the byte at `at`. */
  #endPlain(at: number): void {
    const text = Buffer.from(this.#kept ?? []).toString('latin1');
    const isNumber = this.#state === 'number';
    if (isNumber ? !NUMBER.test(text) : !Object.hasOwn(LITERALS, text)) {
      this.#state = 'broken';
      return;
    }
    this.#next?.take?.(this.found, isNumber ? Number(text) : LITERALS[text]!);
    this.#endValue(this.#next, this.#valueStartedAt, at);
  }

  #open(isObject: boolean): void {
    if (this.#isObject.length === MAX_DEPTH) {
      this.#state = 'broken';
      return;
    }
    this.#isObject.push(isObject ? 1 : 0);
    this.#wanted.push(this.#next);
    this.#startedAt.push(this.#valueStartedAt);
    this.#state = isObject ? 'first key or end' : 'first item or end';
    if (!isObject) this.#next = this.#next?.items;
  }

  #close(at: number): void {
    this.#isObject.pop();
    this.#endValue(this.#wanted.pop(), this.#startedAt.pop()!, at + 1);
  }

  #separate(byte: number, at: number): void {
    const isObject = this.#isObject.at(-1) === 1;
    if (byte === 0x2c) {
      this.#state = isObject ? 'key' : 'value';
      if (!isObject) this.#next = this.#wanted.at(-1)?.items;
    } else if (byte === (isObject ? 0x7d : 0x5d)) this.#close(at);
    else this.#state = 'broken';
  }

  #endValue(wanted: Wanted<Found> | undefined, startedAt: number, at: number): void {
    wanted?.end?.(this.found, this.#position(at) - startedAt);
    this.#state = this.#isObject.length === 0 ? 'done' : 'comma or end';
  }

  #keep(byte: number): void {
    if (this.#kept === undefined) return;
    this.#keptBytes += 1;
    if (this.#kept.length < MAX_TEXT_BYTES) this.#kept.push(byte);
  }
}

/** Letters, digits and signs: what numbers and literals are made of. */
function isPlain(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

/** Most strings have no backslash, and the native search is far faster than a loop. */
function nextQuoteOrBackslash(bytes: Uint8Array, from: number, to: number): number {
  const quote = bytes.indexOf(QUOTE, from);
  const end = quote === -1 || quote >= to ? to : quote;
  const backslash = bytes.subarray(from, end).indexOf(BACKSLASH);
  if (backslash !== -1) return from + backslash;
  return end === to ? -1 : end;
}

/** The text between two quotes; undefined when it is none. One that was cut ends before what may be half of something. */
function textOf(kept: readonly number[], isCut: boolean): string | undefined {
  const raw = Buffer.from(kept).toString('utf8');
  try {
    return JSON.parse(`"${isCut ? raw.slice(0, 1_000).replace(/\\[^\\]{0,6}$/, '') : raw}"`) as string;
  } catch {
    return isCut ? '' : undefined;
  }
}
