/**
 * Reads a stream of server-sent events as its bytes pass, split wherever they are. Data is handed on as it comes, so an
 * event of any size takes no memory here.
 */

const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const NEWLINE = Uint8Array.of(LF);

/** Names of fields are shorter, and so are the types that matter. */
const MAX_TEXT_BYTES = 64;

export interface SseEvents {
  /** A piece of an event's data. Lines of data are joined by a newline, as the standard has it. */
  onData(bytes: Uint8Array, type: string): void;
  /** The event is complete. */
  onEvent(type: string): void;
  /** An event has an id: the stream can be resumed after it. */
  onId(): void;
}

export class SseReader {
  readonly #events: SseEvents;
  /** What has been read of the line: its field's name, and whether its colon and the space after that have passed. */
  #field = '';
  #value = '';
  #at: 'field' | 'space' | 'value' = 'field';
  #type = '';
  #hasData = false;
  #afterCr = false;
  #marksSeen = 0;
  #nextLf = -1;
  #nextCr = -1;

  constructor(events: SseEvents) {
    this.#events = events;
  }

  write(chunk: Uint8Array): void {
    this.#nextLf = -1;
    this.#nextCr = -1;
    let start = this.#skipByteOrderMark(chunk);
    while (start < chunk.length) {
      if (this.#afterCr) {
        this.#afterCr = false;
        if (chunk[start] === LF) {
          start += 1;
          continue;
        }
      }
      const end = this.#lineEnd(chunk, start);
      if (end > start) this.#readPiece(chunk, start, end);
      if (end === chunk.length) return;
      this.#endLine();
      this.#afterCr = chunk[end] === CR;
      start = end + 1;
    }
  }

  /** The stream is over; an event that is not complete by then is none. */
  end(): void {}

  #skipByteOrderMark(chunk: Uint8Array): number {
    let at = 0;
    while (this.#marksSeen < BYTE_ORDER_MARK.length && at < chunk.length) {
      if (chunk[at] !== BYTE_ORDER_MARK[this.#marksSeen]) {
        this.#marksSeen = BYTE_ORDER_MARK.length;
        return at;
      }
      this.#marksSeen += 1;
      at += 1;
    }
    return at;
  }

  /** Looks for each kind of line end once per chunk, not once per line. */
  #lineEnd(chunk: Uint8Array, start: number): number {
    if (this.#nextLf < start) this.#nextLf = indexOf(chunk, LF, start);
    if (this.#nextCr < start) this.#nextCr = indexOf(chunk, CR, start);
    return Math.min(this.#nextLf, this.#nextCr);
  }

  #readPiece(chunk: Uint8Array, start: number, end: number): void {
    let at = start;
    if (this.#at === 'field') {
      const colon = chunk.subarray(at, end).indexOf(COLON);
      const fieldEnd = colon === -1 ? end : at + colon;
      this.#field = grown(this.#field, chunk, at, fieldEnd);
      if (colon === -1) return;
      this.#at = 'space';
      at = fieldEnd + 1;
      if (this.#field === 'data') this.#beginData();
    }
    if (at === end) return;
    if (this.#at === 'space') {
      this.#at = 'value';
      if (chunk[at] === SPACE) at += 1;
    }
    if (at === end) return;
    if (this.#field === 'data') this.#events.onData(chunk.subarray(at, end), this.#type);
    else this.#value = grown(this.#value, chunk, at, end);
  }

  #beginData(): void {
    if (this.#hasData) this.#events.onData(NEWLINE, this.#type);
    this.#hasData = true;
  }

  #endLine(): void {
    if (this.#field === '' && this.#at === 'field') this.#endEvent();
    else if (this.#field === 'event') this.#type = this.#value;
    else if (this.#field === 'id') this.#events.onId();
    else if (this.#field === 'data' && this.#at === 'field') this.#beginData();
    this.#field = '';
    this.#value = '';
    this.#at = 'field';
  }

  #endEvent(): void {
    if (this.#hasData) this.#events.onEvent(this.#type);
    this.#hasData = false;
    this.#type = '';
  }
}

function indexOf(chunk: Uint8Array, byte: number, start: number): number {
  const at = chunk.indexOf(byte, start);
  return at === -1 ? chunk.length : at;
}

function grown(text: string, chunk: Uint8Array, start: number, end: number): string {
  if (text.length >= MAX_TEXT_BYTES) return text;
  return text + Buffer.from(chunk.subarray(start, Math.min(end, start + MAX_TEXT_BYTES))).toString('latin1');
}
