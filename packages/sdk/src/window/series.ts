/**
 * What one series of one server did in the window that is open: raw samples, calls by outcome, the newest failures.
 * Everything is written in place by the hot path, so fields are plain and public to this folder's users.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { ErrorSample, Exemplar, OutcomeCounts, SeriesKind } from '@mcp-vitals/wire/encode';
import { WIRE_LIMITS } from '@mcp-vitals/wire/encode';

/** Who calls a server. */
export interface Client {
  readonly name: string;
  /** Among the clients of the server. */
  readonly index: number;
}

/** The server a series belongs to, as the collector will see it. */
export interface MonitoredServer {
  readonly name: string;
  readonly version: string;
  readonly groups: Map<SeriesKind, SeriesGroup>;
  /** Series of all kinds, without those of `__other__` and of the kinds that only analyses read. */
  seriesCount: number;
  /** Series of kind `follows`. */
  pairCount: number;
  /** By name; those that called a tool. */
  readonly clients: Map<string, Client>;
  /** Asked at each call, which the size of the map is too slow for. */
  hasSeveralClients: boolean;
  /** Series of kind `by_client`. */
  clientSeriesCount: number;
}

/** The series of one kind of a server. */
export interface SeriesGroup {
  readonly server: MonitoredServer;
  readonly kind: SeriesKind;
  /** Looked up once per call. */
  readonly byName: Map<string, Series>;
  /** Whether names come from clients, which may send any. */
  readonly isNamedByClients: boolean;
  /** What the server says it has; undefined as long as it has not. */
  listed: Set<string> | undefined;
  /** Series of which nobody knows whether there is such a thing. */
  unproven: number;
}

const NAMED_BY_CLIENTS: ReadonlySet<SeriesKind> = new Set(['tool', 'resource', 'prompt']);
const UNTIMED: ReadonlySet<SeriesKind> = new Set(['result_bytes', 'counter', 'gauge', 'wait', 'follows', 'queued']);

export function createServer(name: string, version: string): MonitoredServer {
  return {
    name,
    version,
    groups: new Map(),
    seriesCount: 0,
    pairCount: 0,
    clients: new Map(),
    hasSeveralClients: false,
    clientSeriesCount: 0,
  };
}

export function createGroup(server: MonitoredServer, kind: SeriesKind): SeriesGroup {
  const isNamedByClients = NAMED_BY_CLIENTS.has(kind);
  return { server, kind, byName: new Map(), isNamedByClients, listed: undefined, unproven: 0 };
}

/** One series over one span, ready to be put into a batch. */
export interface SealedSeries {
  server: MonitoredServer;
  kind: SeriesKind;
  name: string;
  startMs: number;
  endMs: number;
  outcomes: OutcomeCounts;
  digest: Digest;
  errors: ErrorSample[];
  exemplar?: Exemplar;
}

const SMALLEST_BUFFER = 16;

/** Durations one window holds. When a busier tool fills it, the window of that series is sealed early. */
export const BUFFER_CAPACITY = 4_096;

export class Series {
  samples = new Float64Array(SMALLEST_BUFFER);
  sampleCount = 0;
  outcomes = noCalls();
  errors: ErrorSample[] = [];
  /** The slowest call of the window that belongs to a trace. */
  exemplar: Exemplar | undefined;
  /** Whether anything was recorded since the last seal. */
  isOpen = false;
  startMs = 0;
  /** False while a client named it and no call of it has ended well yet. */
  isProven = true;
  /** Calls of it that have begun and not ended. */
  underWay = 0;
  /** Whether it is said how its calls overlap, what they follow and whose they are. */
  isRelated = false;
  /** The same calls by how many were under way when they began, see `record/relations.ts`. */
  readonly overlapped: (Series | undefined)[] = [];
  /** The same calls by the client that made them, see `record/clients.ts`. */
  readonly byClient: (Series | undefined)[] = [];
  /** How often it was called next after another one, by that one. */
  followed: Map<Series, Series> | undefined;
  /** Whether a sample is the duration of something that can take too long. */
  readonly isTimed: boolean;

  constructor(
    readonly server: MonitoredServer,
    readonly kind: SeriesKind,
    readonly name: string,
  ) {
    this.isTimed = !UNTIMED.has(kind);
  }

  /** Makes room for another sample; false when the buffer has its full size already. */
  grow(): boolean {
    if (this.samples.length >= BUFFER_CAPACITY) return false;
    const larger = new Float64Array(this.samples.length * 2);
    larger.set(this.samples);
    this.samples = larger;
    return true;
  }

  /** Keeps the newest failures of the window. */
  addError(error: ErrorSample): void {
    if (this.errors.length === WIRE_LIMITS.maxErrorsPerWindow) this.errors.shift();
    this.errors.push(error);
  }

  /** Hands over what was recorded and starts afresh at `endMs`. */
  seal(endMs: number): SealedSeries {
    const { server, kind, name, outcomes, errors, exemplar } = this;
    const digest = Digest.ofSorted(this.samples.slice(0, this.sampleCount).map(toTicks).sort());
    const startMs = Math.min(this.startMs, endMs);
    this.#startAfresh(endMs);
    const sealed: SealedSeries = { server, kind, name, startMs, endMs, outcomes, digest, errors };
    if (exemplar !== undefined) sealed.exemplar = { ...exemplar, valueMs: toTicks(exemplar.valueMs) };
    return sealed;
  }

  #startAfresh(nowMs: number): void {
    // A burst's large buffer is given back step by step once it is no longer needed.
    if (this.sampleCount * 8 < this.samples.length && this.samples.length > SMALLEST_BUFFER) {
      this.samples = new Float64Array(this.samples.length / 2);
    }
    this.sampleCount = 0;
    this.outcomes = noCalls();
    this.errors = [];
    this.exemplar = undefined;
    this.startMs = nowMs;
  }
}

/**
 * A duration in milliseconds, rounded to whole microseconds, and below a millisecond to whole nanoseconds: on these
 * ticks a digest keeps samples exactly and in half the bytes; the clock itself is hardly better.
 */
function toTicks(durationMs: number): number {
  const ticksPerMs = durationMs >= 1 ? 1e3 : 1e6;
  return Math.round(durationMs * ticksPerMs) / ticksPerMs;
}

function noCalls(): OutcomeCounts {
  return [0, 0, 0, 0, 0, 0, 0];
}
