/**
 * What one HTTP request and its response mean for the calls in them: which session they belong to, which requests they
 * carry, and what becomes of those when the response fails, ends without an answer, or is cut off.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { MessageHead, MessageId } from './messageHead.ts';
import { JsonMessageReader } from './messageReader.ts';
import { sseMessages } from './messagesOfBody.ts';
import { type BodyReader, canDecode } from './readAlong.ts';
import type { Session, Sessions } from './sessions.ts';

/** How a response came to its end: complete, broken off by the server, or given up by the client. */
export type ExchangeEnd = 'complete' | 'cut' | 'abandoned';

/** What a connection says that was there. */
const HUNG_UP: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** More requests than these in one body are not told apart when the response fails. */
const MAX_IDS = 10_000;

export class HttpExchange {
  readonly #request: IncomingMessage;
  readonly #sessions: Sessions;
  readonly #session: Session;
  #sessionKey: string | undefined;
  readonly #ids: MessageId[] = [];
  #status: number | undefined;
  /** The answer may still come on another stream. */
  #canGoOnElsewhere = false;
  #isUnreadable = false;
  /** The stream that this exchange opened is the session: the transport of 2024-11-05. */
  #isLegacyStream = false;

  constructor(request: IncomingMessage, sessions: Sessions) {
    this.#request = request;
    this.#sessions = sessions;
    const named = text(request.headers['mcp-session-id']);
    const legacy = legacyKey(request.url ?? '');
    this.#sessionKey = named ?? (sessions.get(legacy) === undefined ? undefined : legacy);
    const known = this.#sessionKey === undefined ? undefined : sessions.get(this.#sessionKey);
    this.#session = known ?? sessions.create();
    this.#session.exchanges += 1;
    if (this.#sessionKey !== undefined) sessions.keep(this.#sessionKey, this.#session);
  }

  /** The only request that was posted; undefined when there is none, or more. */
  get onlyId(): MessageId | undefined {
    return this.#ids.length === 1 ? this.#ids[0] : undefined;
  }

  /** Who reads the request's body; undefined when there is nothing in it for us. */
  readRequest(): BodyReader | undefined {
    const { method, headers } = this.#request;
    if (method !== 'POST' || !isJson(headers) || !canDecode(headers['content-encoding'])) return undefined;
    return new JsonMessageReader((head) => this.#posted(head));
  }

  /** The response begins. Returns who reads its body. */
  responded(status: number, headers: IncomingHttpHeaders): BodyReader | undefined {
    this.#status = status;
    if (status >= 400) this.#refused(status);
    if (status < 200 || status >= 300) return undefined;
    const created = text(headers['mcp-session-id']);
    if (created !== undefined && this.#sessionKey === undefined) {
      this.#sessionKey = created;
      this.#sessions.keep(created, this.#session);
    }
    if (this.#request.method === 'DELETE' && this.#sessionKey !== undefined)
      this.#sessions.end(this.#sessionKey, 'client');
    if (status === 202) this.#canGoOnElsewhere = this.#sessionKey !== undefined;
    const isStream = mediaType(headers) === 'text/event-stream';
    if (!isStream && !isJson(headers)) return undefined;
    if (!canDecode(headers['content-encoding'])) {
      this.#isUnreadable = true;
      return undefined;
    }
    const fromServer = (head: MessageHead) => this.#session.pairing.fromServer(head, this.onlyId);
    if (!isStream) return new JsonMessageReader(fromServer);
    return sseMessages(fromServer, {
      resumable: () => {
        this.#canGoOnElsewhere = this.#sessionKey !== undefined;
      },
      endpoint: (address) => this.#beginLegacySession(address),
    });
  }

  /** The server could not be reached, or hung up before it responded. */
  unreachable(code: string): void {
    this.#failOpen('protocol_error', HUNG_UP.has(code) ? 'ConnectionLost' : 'ServerUnreachable', code);
    this.#status = 502;
  }

  ended(how: ExchangeEnd): void {
    this.#session.exchanges -= 1;
    const endedBy = how === 'cut' ? 'server' : 'client';
    if (!this.#canGoOnElsewhere) {
      if (how === 'abandoned') this.#failOpen('cancelled');
      else if (this.#isUnreadable && how === 'complete') this.#answeredUnread();
      else this.#failOpen('protocol_error', how === 'cut' ? 'ConnectionLost' : 'NoAnswer');
    }
    if (this.#sessionKey === undefined) this.#session.pairing.closed(endedBy);
    else if (this.#isLegacyStream) this.#sessions.end(this.#sessionKey, endedBy);
    else if (this.#sessions.get(this.#sessionKey) === this.#session)
      this.#sessions.keep(this.#sessionKey, this.#session);
  }

  #posted(head: MessageHead): void {
    this.#session.pairing.fromClient(head);
    if (head.type !== 'request' || head.id === undefined) return;
    if (this.#ids.length < MAX_IDS) this.#ids.push(head.id);
    // A server may refuse before it has read everything.
    if (this.#status !== undefined && this.#status >= 400) this.#refused(this.#status);
  }

  #refused(status: number): void {
    this.#failOpen('protocol_error', 'HttpError', String(status));
    // The server no longer knows the session.
    if (status === 404 && this.#sessionKey !== undefined) this.#sessions.end(this.#sessionKey, 'server');
  }

  #failOpen(outcome: 'protocol_error' | 'cancelled', errorClass?: string, code?: string): void {
    const error = errorClass === undefined ? undefined : { errorClass, code };
    for (const id of this.#ids) this.#session.pairing.fail(id, outcome, error);
  }

  /** In an encoding that is not known here: all that can be told is that there was an answer. */
  #answeredUnread(): void {
    for (const id of this.#ids) this.#session.pairing.fromServer({ type: 'response', id, bytes: 0 });
  }

  #beginLegacySession(address: string): void {
    if (this.#isLegacyStream || this.#sessionKey !== undefined || this.#request.method !== 'GET') return;
    const base = `http://upstream${this.#request.url ?? '/'}`;
    if (!URL.canParse(address, base)) return;
    const { pathname, search } = new URL(address, base);
    this.#isLegacyStream = true;
    this.#sessionKey = legacyKey(pathname + search);
    this.#sessions.keep(this.#sessionKey, this.#session);
  }
}

/** In that transport a session is the address that its messages are posted to. No session id can contain a space. */
function legacyKey(path: string): string {
  return `POST ${path}`;
}

function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

function isJson(headers: IncomingHttpHeaders): boolean {
  const type = mediaType(headers);
  return type === 'application/json' || type.endsWith('+json');
}

function text(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined;
}
