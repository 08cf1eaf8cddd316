/**
 * Takes requests of OTLP exporters: each source's metrics become a batch, which goes the way of all batches, and what is
 * remembered of the source is saved in the batch's own transaction. A request that comes again finds its points counted.
 */
import { type Batch, decodeBatch, WireFormatError } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import { HOUR_MS } from '../model/rollup.ts';
import type { MetricsRequest, MetricsResponse } from '../protobuf/otlpMessages.ts';
import type { AppendResult, IncomingBatch, Store } from '../store/store.ts';
import { type Converted, convert } from './convert.ts';
import { type Source, sourcesOf } from './source.ts';
import {
  currentStreams,
  FORGET_AFTER_MS,
  readSourceState,
  SOURCE_ITEMS,
  type SourceState,
  sourceItem,
} from './sourceState.ts';
import { Streams } from './streams.ts';

export interface ReceiverDeps {
  store: Pick<Store, 'readItems' | 'deleteItems'>;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'otlp' | 'ingest'>;
  /** Resolves once the batch is durable, with its items. */
  append(incoming: IncomingBatch): Promise<AppendResult>;
}

export interface Receiver {
  /**
   * Resolves once all that could be counted is durable.
   * @param workspace that all of it belongs to, whatever it says; undefined: what it says
   * @throws VitalsError `unavailable` when it cannot be kept now: the whole request may be sent again
   */
  receive(request: MetricsRequest, workspace?: string): Promise<MetricsResponse>;
  /** Forgets sources that have gone silent. */
  forgetOld(): Promise<void>;
}

/** A difference of the clocks below this is none. */
const LEAST_SKEW_MS = 2_000;

/** A sender that has nothing new is heard of now and then all the same. */
const HEARTBEAT_MS = 30_000;

/** Other collectors that write for the same source at the same time. */
const MAX_TRIES = 5;

const RETRY_AFTER_MS = 2_000;

export function createReceiver(deps: ReceiverDeps): Receiver {
  return new OtlpReceiver(deps);
}

class OtlpReceiver implements Receiver {
  /** What was saved last; absent for a source that was heard of and had nothing to save. */
  readonly #states: LRUCache<string, { state?: SourceState }>;
  /** Requests of one source, one after the other. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** Keys of all sources that are remembered, read once. */
  #keys: Promise<Set<string>> | undefined;

  constructor(private readonly deps: ReceiverDeps) {
    this.#states = new LRUCache({ max: deps.config.otlp.maxSources, ttl: FORGET_AFTER_MS });
  }

  async receive(request: MetricsRequest, workspace?: string): Promise<MetricsResponse> {
    let rejected = 0;
    const reasons: string[] = [];
    for (const source of sourcesOf(request.resourceMetrics, { ...this.deps.config.otlp, workspace })) {
      const { rejectedPoints, reason } = await this.#oneAfterTheOther(source.key, () => this.#take(source));
      rejected += rejectedPoints;
      if (reason !== undefined) reasons.push(`${source.server.name}: ${reason}`);
    }
    if (rejected === 0) return {};
    return { partialSuccess: { rejectedDataPoints: rejected, errorMessage: reasons[0] ?? '' } };
  }

  async forgetOld(): Promise<void> {
    const { store, clock } = this.deps;
    const items = await store.readItems(SOURCE_ITEMS);
    const isOld = (value: unknown) => clock.nowMs() - (readSourceState(value)?.seenMs ?? 0) > FORGET_AFTER_MS;
    const old = items.filter(({ value }) => isOld(value)).map(({ key }) => key);
    if (old.length > 0) await store.deleteItems(SOURCE_ITEMS, old);
    for (const key of old) this.#states.delete(key);
    this.#keys = Promise.resolve(new Set(items.map(({ key }) => key).filter((key) => !old.includes(key))));
  }

  async #take(source: Source): Promise<Taken> {
    let tried: string | undefined;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await this.#stateOf(source.key, tries > 0);
      const receivedAtMs = this.deps.clock.nowMs();
      const { converted, streams } = this.#convert(source, before, receivedAtMs);
      const { state } = before;
      if (state === undefined) {
        // Nothing of an MCP server: but what begins from here on begins at zero.
        this.#states.set(source.key, {});
        if (!converted.isOurs || !streams.hasChanged) return converted;
        if (!(await this.#hasRoomFor(source.key))) return refusedWhole(source);
      } else if (!streams.hasChanged && receivedAtMs - state.seenMs < HEARTBEAT_MS) {
        return converted;
      }
      const next = stateAfter(state, source, converted, streams.states, receivedAtMs);
      if (`${next.instance} ${next.seq}` === tried) Object.assign(next, anew(source, receivedAtMs));
      if ((await this.#append(source, converted, next)) === 'stored') return converted;
      tried = `${next.instance} ${next.seq}`;
    }
    throw new VitalsError('unavailable', 'Other collectors write for the same process.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  async #append(source: Source, converted: Converted, state: SourceState): Promise<AppendResult> {
    const result = await this.deps.append(incomingOf(source, converted, state));
    if (result === 'duplicate') return result;
    this.#states.set(source.key, { state });
    (await this.#allKeys()).add(source.key);
    return result;
  }

  #convert(source: Source, { state, isHeardOf }: Before, receivedAtMs: number) {
    const { otlp, ingest } = this.deps.config;
    const streams = new Streams(currentStreams(state?.streams ?? new Map(), receivedAtMs), {
      isKnown: state !== undefined || isHeardOf,
      nowMs: receivedAtMs,
      maxStreams: otlp.maxStreams,
    });
    const converted = convert(source.scopes, {
      streams,
      wanted: otlp.metrics,
      receivedAtMs,
      maxSkewMs: ingest.maxClockSkewHours * HOUR_MS,
    });
    return { converted, streams };
  }

  async #stateOf(key: string, isOutdated: boolean): Promise<Before> {
    const cached = this.#states.get(key);
    if (cached?.state !== undefined && !isOutdated) return { state: cached.state, isHeardOf: true };
    const [item] = await this.deps.store.readItems(SOURCE_ITEMS, [key]);
    return { state: item && readSourceState(item.value), isHeardOf: cached !== undefined };
  }

  async #hasRoomFor(key: string): Promise<boolean> {
    const keys = await this.#allKeys();
    return keys.has(key) || keys.size < this.deps.config.otlp.maxSources;
  }

  #allKeys(): Promise<Set<string>> {
    this.#keys ??= this.deps.store.readItems(SOURCE_ITEMS).then((items) => new Set(items.map(({ key }) => key)));
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }

  async #oneAfterTheOther<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#underWay.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    const settled = result.then(
      () => {},
      () => {},
    );
    this.#underWay.set(key, settled);
    try {
      return await result;
    } finally {
      if (this.#underWay.get(key) === settled) this.#underWay.delete(key);
    }
  }
}

interface Before {
  state: SourceState | undefined;
  /** Whether the source was heard of while this collector ran, even if there was nothing to save. */
  isHeardOf: boolean;
}

type Taken = Pick<Converted, 'rejectedPoints' | 'reason'>;

function stateAfter(
  before: SourceState | undefined,
  source: Source,
  { windows, resources }: Converted,
  streams: SourceState['streams'],
  receivedAtMs: number,
): SourceState {
  // Named by the request: of several collectors that take the same one, only one makes the source's first batch.
  const first = anew(source, newestMs(windows, resources) ?? receivedAtMs);
  const { instance, seq } = before === undefined ? first : { ...before, seq: before.seq + 1 };
  return { instance, seq, seenMs: receivedAtMs, streams };
}

/** A name for a source's batches that none of them had before. */
function anew({ key }: Source, atMs: number): Pick<SourceState, 'instance' | 'seq'> {
  return { instance: `otlp-${key}-${Math.round(atMs).toString(36)}`, seq: 1 };
}

function incomingOf(source: Source, { windows, resources }: Converted, state: SourceState): IncomingBatch {
  const { server, process, key } = source;
  const { instance, seq, seenMs: receivedAtMs } = state;
  const batch: Batch = {
    v: 1,
    instance,
    seq,
    process,
    servers: [server],
    windows,
    resources,
    inFlight: [],
    dropped: {},
  };
  const aheadMs = (newestMs(windows, resources) ?? receivedAtMs) - receivedAtMs;
  return {
    batch,
    body: checkedBytes(batch),
    receivedAtMs,
    skewMs: aheadMs < LEAST_SKEW_MS ? 0 : aheadMs,
    items: { kind: SOURCE_ITEMS, items: [sourceItem(key, server.name, state)] },
  };
}

/** What goes into the journal must come out of it again. */
function checkedBytes(batch: Batch): Uint8Array {
  const body = encodeBatch(batch);
  try {
    decodeBatch(body);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    const code = error.reason === 'too_large' ? 'too_large' : 'invalid';
    throw new VitalsError(code, `The metrics of one process make no batch: ${error.message}`, { cause: error });
  }
  return body;
}

function newestMs(windows: Batch['windows'], resources: Batch['resources']): number | undefined {
  const times = [...windows.map(({ endMs }) => endMs), ...resources.map(({ atMs }) => atMs)];
  return times.length === 0 ? undefined : Math.max(...times);
}

function refusedWhole({ scopes }: Source): Taken {
  const points = scopes.flatMap(({ metrics = [] }) =>
    metrics.flatMap(({ histogram, exponentialHistogram }) => [histogram, exponentialHistogram]),
  );
  const rejectedPoints = points.reduce((sum, data) => sum + (data?.dataPoints?.length ?? 0), 0);
  return { rejectedPoints, reason: 'too many processes (setting otlp.maxSources)' };
}
