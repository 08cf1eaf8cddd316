/**
 * What an SDK sends to a collector. A batch is one msgpack map; its bytes never change between retries, which is what
 * lets the collector recognise a repeat by `instance` and `seq`. What does change from try to try (the sender's clock)
 * travels in a header, see `SENT_AT_HEADER`.
 */
import type { Digest, Histogram } from '@mcp-vitals/sketch';
import type { ControlState } from './policy.ts';

/** The only version there is. A reader refuses others by name; unknown map keys are ignored, so adding one is no new version. */
export const WIRE_VERSION = 1;

/** Media type of a batch. */
export const BATCH_CONTENT_TYPE = 'application/vnd.mcp-vitals.batch+msgpack';

/** Header with the sender's clock in epoch milliseconds at the moment of sending; the collector measures skew with it. */
export const SENT_AT_HEADER = 'x-mcp-vitals-sent-at';

/**
 * What a series measures, by its unit. `tool` is the only kind that counts in the eight tools' answers unless asked
 * otherwise.
 *
 * - Milliseconds: calls of a `tool`, a `resource`, a `prompt` or any other request `method`; `custom`, an operation that
 *   the server's author times; `wait`, the part of a tool's call that was spent waiting for the client's answer to a
 *   question (elicitation, sampling, roots). It is no part of the duration under `tool`.
 * - Bytes: `result_bytes`, the size of a tool's results.
 * - The author's own: `counter`, whose one sample per window is what was added in it; `gauge`, whose one sample per window is
 *   the newest value.
 * - What the analyses read: `overlapped`, milliseconds of the calls of a tool that began while others of it were under way,
 *   by how many there were then, itself included (name `tool{calls="3-4"}`); `follows`, whose one sample per window is how
 *   often a tool was called next after another one in the same session (name `tool{after="other"}`); `queued`, milliseconds
 *   that calls of a tool waited in a queue that its server's controls made; `by_client`, milliseconds of the calls of a tool
 *   by the name of the client that made them (name `tool{client="other"}`), from servers that more than one client calls.
 */
export const SERIES_KINDS = [
  'tool',
  'resource',
  'prompt',
  'method',
  'custom',
  'wait',
  'result_bytes',
  'counter',
  'gauge',
  'overlapped',
  'follows',
  'queued',
  'by_client',
] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** How a call ended. The first four are calls; the others are counted but are neither success nor error. */
export const OUTCOMES = [
  'ok',
  'tool_error',
  'protocol_error',
  'timeout',
  'cancelled',
  'input_required',
  'task_created',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Calls by outcome, in the order of `OUTCOMES`. */
export type OutcomeCounts = [
  ok: number,
  toolError: number,
  protocolError: number,
  timeout: number,
  cancelled: number,
  inputRequired: number,
  taskCreated: number,
];

/** One failed call as it may be kept: when, the error's class and code; the message only where an author opted in. */
export interface ErrorSample {
  /** Epoch milliseconds, sender's clock. */
  atMs: number;
  /** Class name of the error, or the outcome where there is no class. At most 200 characters. */
  errorClass: string;
  /** JSON-RPC or system code, as text; empty when there is none. At most 100 characters. */
  code: string;
  /** Scrubbed and truncated message; absent unless the server's author opted in. At most 500 characters. */
  message?: string;
}

/** The call of a window that stands for it in a trace: the slowest of those whose request brought a sampled trace context. */
export interface Exemplar {
  /** 32 lower-case hexadecimal digits, not all zero: https://www.w3.org/TR/trace-context/#trace-id */
  traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the span of the caller. */
  spanId: string;
  /** What the call took: one of the samples of the window. */
  valueMs: number;
  /** When the call ended: epoch milliseconds, sender's clock. */
  atMs: number;
}

/** One series over one span of time on the sender's clock. */
export interface Window {
  /** Index into `Batch.servers`. */
  server: number;
  kind: SeriesKind;
  /** Tool name; at most 10,000 characters on the wire, the collector truncates to its own limit. */
  name: string;
  startMs: number;
  /** A window belongs to the minute of its end: SDKs seal on minute boundaries. */
  endMs: number;
  outcomes: OutcomeCounts;
  /** Durations in milliseconds of the calls among the first four outcomes; with the histogram's, as many as those are. */
  digest: Digest;
  /** Durations that somebody else has counted in buckets. An SDK sends none; the collector makes it from OTLP. */
  histogram?: Histogram;
  /** The newest failures of the span, at most 20. */
  errors?: ErrorSample[];
  exemplar?: Exemplar;
}

/** What the sending process used, read once per window. */
export interface ResourceSample {
  /** Epoch milliseconds, sender's clock. */
  atMs: number;
  /** Per cent of one core since the sample before; may exceed 100. */
  cpuPercent: number;
  /** Resident memory in MB (10^6 bytes would surprise `ps` users: 1 MB = 1,048,576 bytes). */
  memoryMb: number;
  /** Resident memory as per cent of the limit (cgroup where there is one, else the host's memory). */
  memoryPercent: number;
  /** Disk reads and writes since the sample before, in KB. */
  diskIoKb: number;
  /** Mean event-loop delay beyond the timer's resolution since the sample before, in milliseconds. */
  eventLoopDelayMs: number;
  /** Heap in use, heap allocated, and memory outside of it that objects hold, in the same MB; known of Node processes only. */
  heapUsedMb?: number;
  heapTotalMb?: number;
  externalMb?: number;
  /**
   * Per cent of the time since the sample before in which the main thread could have run and no core was free for it.
   * Known on Linux only. It is what tells a busy neighbour from a busy machine.
   */
  cpuWaitPercent?: number;
  /** What all processes of the machine used of all its cores since the sample before, 0 to 100. */
  hostCpuPercent?: number;
}

/** Calls that have started and not ended. */
export interface InFlight {
  server: number;
  kind: SeriesKind;
  name: string;
  count: number;
  /** Age of the oldest of them when the batch was sealed, in milliseconds. */
  oldestAgeMs: number;
}

/** A server that the sending process runs. */
export interface ServerIdentity {
  name: string;
  version: string;
  /** What it belongs to in a collector that several teams share, see `WORKSPACE_NAME`. Absent: the default one. */
  workspace?: string;
}

/** Lower-case letters, digits and dashes, at most 39, as names of subdomains are. */
export const WORKSPACE_NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;

export interface Batch {
  v: typeof WIRE_VERSION;
  /** Random identity of the sending process, 1 to 64 characters of [A-Za-z0-9_-]. */
  instance: string;
  /** 1 for an instance's first batch, then one more each. */
  seq: number;
  process: {
    host: string;
    pid: number;
    /** E.g. `node 20.18.1`. */
    runtime: string;
    /** E.g. `@mcp-vitals/sdk 1.0.0`. */
    sdk: string;
  };
  servers: ServerIdentity[];
  windows: Window[];
  resources: ResourceSample[];
  inFlight: InFlight[];
  /** Samples lost since the batch before, by reason, e.g. `queue_full`. */
  dropped: Record<string, number>;
  /** What the authors of these servers permit the collector to do; absent where none permits anything. */
  controls?: ControlState[];
}

/** Bounds that both ends keep. The collector answers 413 or 400 naming the one that was passed. */
export const WIRE_LIMITS = {
  maxBatchBytes: 4 * 1024 * 1024,
  maxWindows: 10_000,
  maxServers: 1_000,
  maxResources: 1_000,
  maxInFlight: 10_000,
  maxNameLength: 10_000,
  maxCallsPerWindow: 1_000_000_000,
  maxErrorsPerWindow: 20,
  maxDroppedReasons: 50,
} as const;
