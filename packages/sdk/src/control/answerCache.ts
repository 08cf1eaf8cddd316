/**
 * The control `cache`: answers by the key of their call, least recently used first out. An answer is kept as the text that
 * a client would get and read anew for each, so that nobody can change what another one gets, and nothing of the tool's is
 * frozen. Keys are digests: what a call was given is not kept.
 */
import type { CachePolicy } from '@mcp-vitals/wire/encode';

/** Characters take one byte or two, and an entry has a key and its place in the map. */
const BYTES_PER_CHARACTER = 2;
const BYTES_PER_ENTRY = 250;

/** What all caches of a server may take together. */
export interface ByteBudget {
  usedBytes: number;
  readonly maxBytes: number;
}

interface Entry {
  text: string;
  bytes: number;
  keptMs: number;
}

export class AnswerCache {
  #policy: CachePolicy;
  readonly #budget: ByteBudget;
  /** Oldest use first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(policy: CachePolicy, budget: ByteBudget) {
    this.#policy = policy;
    this.#budget = budget;
  }

  /** The answer, as an object of its own; undefined when there is none that is fresh. */
  get(key: string, nowMs: number): unknown {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (nowMs - entry.keptMs >= this.#policy.ttlMs) {
      this.#discount(entry);
      return undefined;
    }
    this.#entries.set(key, entry);
    return JSON.parse(entry.text);
  }

  /** Keeps an answer where there is room; one that cannot be written as JSON is not kept. */
  put(key: string, answer: unknown, nowMs: number): void {
    const text = jsonOf(answer);
    if (text === undefined) return;
    const bytes = text.length * BYTES_PER_CHARACTER + BYTES_PER_ENTRY;
    this.#remove(key);
    if (bytes > this.#policy.maxBytes) return;
    while (this.#entries.size > 0 && !this.#hasRoomFor(bytes)) this.#removeOldest();
    if (!this.#hasRoomFor(bytes)) return;
    this.#entries.set(key, { text, bytes, keptMs: nowMs });
    this.#bytes += bytes;
    this.#budget.usedBytes += bytes;
  }

  /** Other bounds; what is beyond them goes. */
  update(policy: CachePolicy): void {
    this.#policy = policy;
    const { maxEntries, maxBytes } = policy;
    while (this.#entries.size > maxEntries || this.#bytes > maxBytes) this.#removeOldest();
  }

  clear(): void {
    while (this.#entries.size > 0) this.#removeOldest();
  }

  #hasRoomFor(bytes: number): boolean {
    const { maxEntries, maxBytes } = this.#policy;
    const isWithinOwn = this.#entries.size < maxEntries && this.#bytes + bytes <= maxBytes;
    return isWithinOwn && this.#budget.usedBytes + bytes <= this.#budget.maxBytes;
  }

  #removeOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#remove(oldest);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#discount(entry);
  }

  #discount({ bytes }: Entry): void {
    this.#bytes -= bytes;
    this.#budget.usedBytes -= bytes;
  }
}

function jsonOf(answer: unknown): string | undefined {
  try {
    return JSON.stringify(answer);
  } catch {
    return undefined;
  }
}
