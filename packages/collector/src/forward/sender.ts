/** Sends requests one after the other, and knows how that went. */
import { Agent } from 'undici';
import { nextTurn } from '../clock.ts';
import { RetryPause } from '../retryPause.ts';
import type { DestinationOptions } from './destination.ts';
import { type PostResult, post } from './post.ts';
import type { OutgoingRequest } from './protocol.ts';

const MAX_PAUSE_MS = 5 * 60_000;

/** Requests of which the next is made when the one before was taken. */
export class Requests {
  readonly #iterator: Iterator<OutgoingRequest>;
  #waiting: OutgoingRequest | undefined;

  constructor(requests: Iterable<OutgoingRequest>) {
    this.#iterator = requests[Symbol.iterator]();
  }

  /** The one to be sent; the same until `taken`. Undefined: there is none left. */
  get current(): OutgoingRequest | undefined {
    if (this.#waiting === undefined) {
      const { done, value } = this.#iterator.next();
      this.#waiting = done ? undefined : value;
    }
    return this.#waiting;
  }

  taken(): void {
    this.#waiting = undefined;
  }
}

export type SenderOptions = Pick<DestinationOptions<unknown>, 'clock' | 'logger' | 'timeoutMs' | 'redact'> & {
  protocol: Pick<DestinationOptions<unknown>['protocol'], 'name' | 'url' | 'headers' | 'isRetryable' | 'rejectedOf'>;
};

export class Sender {
  readonly #options: SenderOptions;
  readonly #pause: RetryPause;
  readonly #agent = new Agent({ connections: 1 });
  readonly #closing = new AbortController();
  readonly #counts = { requests: 0, points: 0, refusedPoints: 0, rejectedPoints: 0 };
  #refusal: string | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#pause = new RetryPause({
      clock: options.clock,
      maxPauseMs: MAX_PAUSE_MS,
      // Never the same for two collectors.
      jitter: () => 0.5 + Math.random() / 2,
    });
  }

  /** Whether it is too early to try again. */
  get isPaused(): boolean {
    return this.#pause.isOn;
  }

  get status() {
    const { redact } = this.#options;
    const { failures, failingMs, error } = this.#pause;
    return {
      failures,
      failingSeconds: Math.round(failingMs / 1000),
      ...(error !== undefined && { error: redact(error) }),
      ...(this.#refusal !== undefined && { lastRefusal: redact(this.#refusal) }),
      counts: { ...this.#counts },
    };
  }

  /** @returns false when one could not be sent now; it is the first to be sent the next time */
  async send(requests: Requests): Promise<boolean> {
    for (let request = requests.current; request !== undefined; request = requests.current) {
      const result = await this.#post(request);
      if (result.kind === 'later') {
        if (!this.#closing.signal.aborted) this.#pause.failed(result.message, result.retryAfterMs);
        return false;
      }
      requests.taken();
      this.#pause.succeeded();
      this.#count(request, result);
      await nextTurn();
    }
    return true;
  }

  /** Ends what is under way. */
  abort(): void {
    this.#closing.abort();
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  #post({ body }: OutgoingRequest): Promise<PostResult> {
    const { protocol, clock, timeoutMs } = this.#options;
    return post({
      url: protocol.url,
      headers: protocol.headers,
      body,
      timeoutMs,
      signal: this.#closing.signal,
      dispatcher: this.#agent,
      nowMs: clock.nowMs,
      isRetryable: protocol.isRetryable,
    });
  }

  #count({ points }: OutgoingRequest, result: Exclude<PostResult, { kind: 'later' }>): void {
    const { protocol } = this.#options;
    this.#counts.requests++;
    if (result.kind === 'refused') {
      this.#counts.refusedPoints += points;
      this.#noteRefusal(result.message);
      return;
    }
    const rejected = protocol.rejectedOf(result.answer);
    this.#counts.points += points - rejected.points;
    this.#counts.rejectedPoints += rejected.points;
    if (rejected.points > 0 || rejected.message !== '') this.#noteRefusal(rejected.message);
  }

  /** Logged once: what refuses one minute's request may refuse every minute's. */
  #noteRefusal(message: string): void {
    const { logger, protocol } = this.#options;
    if (this.#refusal === undefined) {
      logger.warn({ destination: protocol.name }, 'Something that was forwarded was refused, and is dropped');
    }
    this.#refusal = message;
  }
}
