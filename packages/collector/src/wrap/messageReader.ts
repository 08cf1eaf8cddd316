/**
 * Reads along what JSON-RPC messages say about calls: from newline-delimited bytes, as stdio servers speak, or from one
 * JSON text, as HTTP bodies and events hold. A text may be an array of messages. What is no message is passed over.
 */

import { JsonScanner } from './jsonScanner.ts';
import type { MessageHead } from './messageHead.ts';
import { type Draft, emptyDraft, type Reading, TEXT } from './messagePlaces.ts';
import type { BodyReader } from './readAlong.ts';

const NEWLINE = 0x0a;

/** Undefined for what is no message of JSON-RPC. */
function headOf(
  { id, method, params, hasResult, result, serverInfo, errorCode }: Draft,
  bytes: number,
): MessageHead | undefined {
  if (method !== undefined) {
    return { type: id === undefined ? 'notification' : 'request', id, method, ...params, bytes };
  }
  if (!hasResult && errorCode === undefined) return undefined;
  const { name, version = '' } = serverInfo ?? {};
  return {
    type: 'response',
    id,
    ...result,
    serverInfo: name === undefined ? undefined : { name, version },
    errorCode,
    bytes,
  };
}

/** Reads one JSON text. Its messages are told when it is complete, so that nothing of a broken one counts. */
export class JsonMessageReader implements BodyReader {
  readonly #heads: MessageHead[] = [];
  readonly #scanner: JsonScanner<Reading>;
  readonly #onMessage: (head: MessageHead) => void;

  constructor(onMessage: (head: MessageHead) => void) {
    this.#onMessage = onMessage;
    const emit = (draft: Draft, bytes: number) => {
      const head = headOf(draft, bytes);
      if (head !== undefined) this.#heads.push(head);
    };
    this.#scanner = new JsonScanner(TEXT, { draft: emptyDraft(), isArray: false, emit });
  }

  write(bytes: Uint8Array, from?: number, to?: number): void {
    this.#scanner.write(bytes, from, to);
  }

  end(): void {
    if (this.#scanner.end()) for (const head of this.#heads) this.#onMessage(head);
  }
}

/** Reads messages that are separated by newlines. */
export class MessageReader {
  #line: JsonMessageReader | undefined;

  constructor(readonly onMessage: (head: MessageHead) => void) {}

  write(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, from);
      const to = newline === -1 ? chunk.length : newline;
      if (to > from) {
        this.#line ??= new JsonMessageReader(this.onMessage);
        this.#line.write(chunk, from, to);
      }
      if (newline === -1) return;
      this.end();
      from = newline + 1;
    }
  }

  /** The stream has ended; what came after the last newline is a message as well. */
  end(): void {
    this.#line?.end();
    this.#line = undefined;
  }
}
