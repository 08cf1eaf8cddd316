/**
 * Pairs the requests of one conversation with their answers, and records them. Both eras of the protocol pass here: the
 * one with `initialize`, where a server may ask its client while it handles a call, and revision 2026-07-28, where it
 * answers `input_required` and is called again. Ids of the two directions are apart; `1` and `"1"` are different ids.
 */
import { type CallEnd, type CallInProgress, outcomeOfAnswer, outcomeOfCancel, outcomeOfError } from '@mcp-vitals/sdk';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { MessageHead, MessageId } from './messageHead.ts';
import { nameOfRequest, type RequestName } from './requestName.ts';
import { type MonitorOf, type ServerBehind, ServersBehind } from './serversBehind.ts';

type Outcome = Parameters<CallInProgress['end']>[0] & string;

/** What a server asks its client in the middle of a call. A `ping` is none of the tool's waiting. */
const QUESTIONS: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list']);

/** Requests that stay open for as long as somebody listens: not calls. */
const SUBSCRIPTIONS: ReadonlySet<string> = new Set(['subscriptions/listen']);

const DEFAULT_MAX_OPEN = 10_000;

/** Why a conversation is over: `client` when the client or the person ended it, `server` when the server was lost. */
export type EndedBy = 'client' | 'server';

export interface PairingOptions {
  /** Requests and questions that are remembered; of more the oldest are given up. */
  maxOpen?: number;
  clock?: Pick<Clock, 'monotonicMs'>;
}

export interface Pairing {
  /** A message of the client has passed. */
  fromClient(head: MessageHead): void;
  /**
   * A message of the server has passed.
   * @param relatedTo the request that the message belongs to, where the transport tells
   */
  fromServer(head: MessageHead, relatedTo?: MessageId): void;
  /** This request ended without a message of its own, e.g. with an HTTP status. */
  fail(id: MessageId, outcome: 'protocol_error' | 'cancelled', error?: CallEnd['error']): void;
  /** The conversation is over. Open calls end as `cancelled`, or as `protocol_error` when the server was lost. */
  closed(endedBy?: EndedBy): void;
  /** Requests that are open now. */
  readonly open: number;
  /** Open requests that were given up because there were too many. */
  readonly forgotten: number;
  /** Answers to ids that were not open. */
  readonly unmatched: number;
}

interface OpenRequest extends RequestName {
  method: string;
  isFurtherPage: boolean;
  startedMs: number;
  traceparent: string | undefined;
  /** The conversation: what it calls next follows what it called before. */
  session: string;
  /** What the client calls itself, where it has said so. */
  client: string | undefined;
  /** Undefined until it is known whose call it is. */
  call: CallInProgress | undefined;
  server: ServerBehind | undefined;
  /** Questions open now, since when there is at least one, and the waiting that is over. */
  questions: number;
  waitingSinceMs: number;
  waitedMs: number;
}

/** @param servers how the server's monitor is found, or what is known already where many conversations share a server */
export function createPairing(servers: MonitorOf | ServersBehind, options: PairingOptions = {}): Pairing {
  return new Conversation(servers instanceof ServersBehind ? servers : new ServersBehind(servers), options);
}

let conversations = 0;

class Conversation implements Pairing {
  forgotten = 0;
  unmatched = 0;
  readonly #servers: ServersBehind;
  readonly #maxOpen: number;
  readonly #session = String(++conversations);
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #requests = new Map<MessageId, OpenRequest>();
  /** What the server has asked: by its ids, the request that waits for the answer. */
  readonly #questions = new Map<MessageId, OpenRequest | undefined>();
  #server: ServerBehind | undefined;
  /** As the client said in the beginning. */
  #client: string | undefined;

  constructor(servers: ServersBehind, { maxOpen = DEFAULT_MAX_OPEN, clock = systemClock }: PairingOptions) {
    this.#servers = servers;
    this.#maxOpen = maxOpen;
    this.#clock = clock;
  }

  get open(): number {
    return this.#requests.size;
  }

  fromClient(head: MessageHead): void {
    if (head.type === 'request') this.#begin(head);
    else if (head.type === 'response') this.#answered(head.id);
    else if (head.method === 'notifications/cancelled') this.#cancel(head);
  }

  fromServer(head: MessageHead, relatedTo?: MessageId): void {
    if (head.type === 'request') this.#ask(head, relatedTo);
    else if (head.type === 'response') this.#answer(head);
    else if (head.method === 'notifications/cancelled') this.#answered(head.cancelledId);
  }

  fail(id: MessageId, outcome: 'protocol_error' | 'cancelled', error?: CallEnd['error']): void {
    const request = this.#requests.get(id);
    if (request !== undefined) this.#end(id, request, outcome, { error });
  }

  closed(endedBy: EndedBy = 'client'): void {
    const isLost = endedBy === 'server';
    const end: CallEnd = isLost ? { error: { errorClass: 'ServerEnded' } } : {};
    for (const [id, request] of this.#requests) this.#end(id, request, isLost ? 'protocol_error' : 'cancelled', end);
    this.#questions.clear();
  }

  #begin(head: MessageHead): void {
    const { id, method, traceparent, clientName } = head;
    if (id === undefined || method === undefined || SUBSCRIPTIONS.has(method)) return;
    const reused = this.#requests.get(id);
    // Nobody can tell any more which answer is whose.
    if (reused !== undefined) this.#end(id, reused, 'cancelled');
    this.#makeRoom();
    const server = this.#server ?? this.#servers.newest;
    const name = nameOfRequest(head);
    if (method === 'initialize') this.#client = head.introducedAs;
    const known = { traceparent, session: this.#session, client: clientName ?? this.#client };
    this.#requests.set(id, {
      ...name,
      ...known,
      method,
      isFurtherPage: head.hasCursor === true,
      startedMs: this.#clock.monotonicMs(),
      call: server?.monitor.begin(name.name, name.kind, known),
      server,
      questions: 0,
      waitingSinceMs: 0,
      waitedMs: 0,
    });
  }

  #answer(head: MessageHead): void {
    const { id } = head;
    if (head.serverInfo !== undefined) this.#identify(this.#servers.named(head.serverInfo));
    const request = id === undefined ? undefined : this.#requests.get(id);
    if (id === undefined || request === undefined) {
      this.unmatched += 1;
      return;
    }
    const { tools } = head;
    const outcome = outcomeOf(head);
    const isCounted = request.kind === 'tool' && (outcome === 'ok' || outcome === 'tool_error');
    const server = this.#end(id, request, outcome, {
      error: head.errorCode === undefined ? undefined : { errorClass: outcome, code: String(head.errorCode) },
      resultBytes: isCounted ? head.resultBytes : undefined,
    });
    if (request.method === 'tools/list' && tools !== undefined) server.learnTools(tools, request.isFurtherPage);
  }

  #cancel(head: MessageHead): void {
    const id = head.cancelledId;
    const request = id === undefined ? undefined : this.#requests.get(id);
    if (id !== undefined && request !== undefined) this.#end(id, request, outcomeOfCancel(head.cancelReason));
  }

  /** A question that is not said to belong to a request is that of the only one in flight; with several there is no telling. */
  #ask(head: MessageHead, relatedTo: MessageId | undefined): void {
    const { id, method } = head;
    if (id === undefined || method === undefined || !QUESTIONS.has(method)) return;
    this.#answered(id);
    if (this.#questions.size >= this.#maxOpen) this.#answered(this.#questions.keys().next().value);
    const only = this.#requests.size === 1 ? this.#requests.values().next().value : undefined;
    const asking = relatedTo === undefined ? only : this.#requests.get(relatedTo);
    this.#questions.set(id, asking);
    if (asking === undefined) return;
    if (asking.questions === 0) asking.waitingSinceMs = this.#clock.monotonicMs();
    asking.questions += 1;
  }

  /** A question of the server has its answer, or is withdrawn. */
  #answered(id: MessageId | undefined): void {
    if (id === undefined) return;
    const asking = this.#questions.get(id);
    this.#questions.delete(id);
    if (asking === undefined) return;
    asking.questions -= 1;
    if (asking.questions === 0) asking.waitedMs += this.#clock.monotonicMs() - asking.waitingSinceMs;
  }

  /** From here on it is known whose the calls are, those that are open included. */
  #identify(server: ServerBehind): void {
    this.#server = server;
    for (const request of this.#requests.values()) {
      if (request.server !== undefined) continue;
      request.server = server;
      request.call = server.monitor.begin(request.name, request.kind, request);
    }
  }

  #makeRoom(): void {
    if (this.#requests.size < this.#maxOpen) return;
    for (const [id, request] of this.#requests) {
      this.forgotten += 1;
      this.#end(id, request, 'cancelled');
      return;
    }
  }

  #end(id: MessageId, request: OpenRequest, outcome: Outcome, end: CallEnd = {}): ServerBehind {
    this.#requests.delete(id);
    const nowMs = this.#clock.monotonicMs();
    const waitMs = request.waitedMs + (request.questions > 0 ? nowMs - request.waitingSinceMs : 0);
    const server = request.server ?? this.#servers.newest ?? this.#servers.unnamed();
    const call = request.call ?? server.monitor.begin(request.name, request.kind, request);
    call.end(outcome, { ...end, waitMs, durationMs: nowMs - request.startedMs });
    return server;
  }
}

function outcomeOf(head: MessageHead): Outcome {
  if (head.errorCode !== undefined) return outcomeOfError({ code: head.errorCode });
  const { isError, resultType, hasTask } = head;
  return outcomeOfAnswer({ isError, resultType, task: hasTask ? { taskId: '' } : undefined });
}
