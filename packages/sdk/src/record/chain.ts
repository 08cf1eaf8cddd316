/**
 * Which tool a session called last, so that it can be said what is called after what. A session is what one server object
 * handles, or a part of it where the transport tells sessions apart. With the server object its sessions are gone, so a
 * server per request leaves nothing behind, and says nothing either.
 */
import type { Client, Series } from '../window/series.ts';

/** The last call of a session, and whose it is. */
export interface Link {
  /** Undefined before the first one, and after one that has no series of its own. */
  series: Series | undefined;
  /** When it began, or a later moment at which a call of the session ended: monotonic milliseconds. */
  atMs: number;
  /** What the client calls itself, as it came. */
  clientName: unknown;
  /** Undefined where that is not known. */
  client: Client | undefined;
}

/** Sessions of one server object that are told apart at a time. */
const MAX_SESSIONS = 100;

export class Chain {
  readonly #own: Link = newLink();
  #sessions: Map<string, Link> | undefined;

  /** @param sessionId as the transport says; anything but a text stands for the one session of the server object */
  linkOf(sessionId: unknown): Link {
    if (typeof sessionId !== 'string') return this.#own;
    return this.#sessions?.get(sessionId) ?? this.#add(sessionId);
  }

  #add(sessionId: string): Link {
    this.#sessions ??= new Map();
    if (this.#sessions.size === MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
    const link = newLink();
    this.#sessions.set(sessionId, link);
    return link;
  }
}

/** A session without a call. */
export function newLink(): Link {
  return { series: undefined, atMs: Number.NEGATIVE_INFINITY, clientName: undefined, client: undefined };
}
