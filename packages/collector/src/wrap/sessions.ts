/**
 * The conversations through an HTTP proxy, by session. An answer may come on another connection than its request, so a
 * session's requests are paired together. Sessions that nobody ends are given up: when they were idle for long, or when
 * there are too many.
 */
import type { Clock } from '../clock.ts';
import type { EndedBy, Pairing } from './pairing.ts';

const MAX_SESSIONS = 10_000;
const MAX_IDLE_MS = 3_600_000;
const SWEEP_INTERVAL_MS = 60_000;

export interface Session {
  readonly pairing: Pairing;
  /** Exchanges under way: a stream that is open may be silent for as long as it likes. */
  exchanges: number;
  lastUsedMs: number;
}

export class Sessions {
  readonly #byKey = new Map<string, Session>();
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #createPairing: () => Pairing;
  readonly #stopSweeping: () => void;

  constructor(createPairing: () => Pairing, clock: Pick<Clock, 'monotonicMs' | 'every'>) {
    this.#createPairing = createPairing;
    this.#clock = clock;
    this.#stopSweeping = clock.every(SWEEP_INTERVAL_MS, () => this.#sweep());
  }

  get count(): number {
    return this.#byKey.size;
  }

  /** Requests of all sessions that are open. */
  get openRequests(): number {
    let open = 0;
    for (const session of this.#byKey.values()) open += session.pairing.open;
    return open;
  }

  /** A conversation of its own, until it is kept as a session. */
  create(): Session {
    return { pairing: this.#createPairing(), exchanges: 0, lastUsedMs: this.#clock.monotonicMs() };
  }

  get(key: string): Session | undefined {
    return this.#byKey.get(key);
  }

  /** From here on `session` is found under `key`, and the most recently used. */
  keep(key: string, session: Session): void {
    session.lastUsedMs = this.#clock.monotonicMs();
    this.#byKey.delete(key);
    this.#byKey.set(key, session);
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size > MAX_SESSIONS && oldest !== undefined) this.end(oldest, 'client');
  }

  /** The session is over. */
  end(key: string, endedBy: EndedBy): void {
    const session = this.#byKey.get(key);
    this.#byKey.delete(key);
    session?.pairing.closed(endedBy);
  }

  close(): void {
    this.#stopSweeping();
    for (const key of [...this.#byKey.keys()]) this.end(key, 'client');
  }

  #sweep(): void {
    const idleSinceMs = this.#clock.monotonicMs() - MAX_IDLE_MS;
    for (const [key, session] of this.#byKey) {
      if (session.exchanges === 0 && session.lastUsedMs < idleSinceMs) this.end(key, 'client');
    }
  }
}
