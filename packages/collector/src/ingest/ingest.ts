/**
 * What happens to a batch between its arrival and its acknowledgement: decode, correct the sender's clock, append, tell
 * the alerts. A batch is taken whole or refused whole. Whoever calls this has authenticated the sender and limited the
 * bytes.
 */
import { type Batch, decodeBatch, replaceServers, WireFormatError } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import { HOUR_MS } from '../model/rollup.ts';
import type { AppendResult, IncomingBatch, Store } from '../store/store.ts';
import { withQualifiedServers } from './fileServers.ts';

/** What a refused batch was refused for; the sender's diagnostics show it. */
export type RefusalReason = WireFormatError['reason'] | 'clock_skew' | 'from_the_future' | 'wrong_sent_at';

/** A batch that will be refused again, however often it is sent. */
export class RefusedBatch extends VitalsError {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(reason === 'too_large' ? 'too_large' : 'invalid', message, options);
  }
}

export interface IngestDeps {
  store: Pick<Store, 'append'>;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'ingest'>;
  /** Told of each batch that is new, after it is durable. */
  observe(batch: Batch, skewMs: number): void;
  /** Told what became of each batch. */
  count?(result: AppendResult | 'refused' | 'failed'): void;
}

/** A batch that is durable, and whether it was before. */
export interface Received {
  batch: Batch;
  result: AppendResult;
}

export interface Ingest {
  /**
   * Resolves once the batch is durable.
   * @param sentAt the sender's clock in epoch milliseconds as text, as its header says; undefined when it said nothing
   * @param workspace that its servers belong to, whatever it says; undefined: what it says
   * @throws RefusedBatch, or VitalsError `unavailable`
   */
  receive(body: Uint8Array, sentAt: string | undefined, workspace?: string): Promise<Received>;
  /** The same for a batch that this process made itself. */
  accept(batch: Batch, body: Uint8Array): Promise<AppendResult>;
  /** The same for one that was made of what somebody else sent, with its times and what is saved together with it. */
  append(incoming: IncomingBatch): Promise<AppendResult>;
}

/**
 * Below this, the difference between the clocks is travel time and scheduling, not skew: "correcting" it would push
 * windows that were sealed on the minute over into the next one.
 */
const LEAST_SKEW_MS = 2_000;

/** How far past the present a corrected window may end: what a clock that was just set may be off within a batch. */
const FUTURE_TOLERANCE_MS = 60_000;

/**
 * Sender's clock minus ours, in milliseconds; 0 where it is too small to tell from travel time.
 * @throws RefusedBatch when it is not a time, or further off than `maxSkewMs`
 */
export function measureSkewMs(sentAt: string | undefined, receivedAtMs: number, maxSkewMs: number): number {
  if (sentAt === undefined) return 0;
  const sentAtMs = Number(sentAt);
  if (sentAt.trim() === '' || !Number.isFinite(sentAtMs)) {
    throw new RefusedBatch('wrong_sent_at', 'The sent-at header must be epoch milliseconds');
  }
  const skewMs = sentAtMs - receivedAtMs;
  if (Math.abs(skewMs) > maxSkewMs) {
    const hours = (Math.abs(skewMs) / HOUR_MS).toFixed(1);
    throw new RefusedBatch('clock_skew', `The sender's clock is ${hours} h ${skewMs > 0 ? 'ahead' : 'behind'}`);
  }
  return Math.abs(skewMs) < LEAST_SKEW_MS ? 0 : skewMs;
}

function refuseFuture(batch: Batch, skewMs: number, receivedAtMs: number): void {
  const latestMs = receivedAtMs + skewMs + FUTURE_TOLERANCE_MS;
  const index = batch.windows.findIndex((window) => window.endMs > latestMs);
  if (index >= 0) throw new RefusedBatch('from_the_future', `windows[${index}].endMs lies in the future`);
  const isAhead = ({ errors }: Batch['windows'][number]) => errors?.some(({ atMs }) => atMs > latestMs);
  if (batch.windows.some(isAhead))
    throw new RefusedBatch('from_the_future', 'windows[].errors[].atMs lies in the future');
  if (batch.resources.some((sample) => sample.atMs > latestMs)) {
    throw new RefusedBatch('from_the_future', 'resources[].atMs lies in the future');
  }
}

function decode(body: Uint8Array): Batch {
  try {
    return decodeBatch(body);
  } catch (error) {
    if (error instanceof WireFormatError) throw new RefusedBatch(error.reason, error.message, { cause: error });
    throw error;
  }
}

/** What is journalled names servers as they are known here: reading it again needs to know no token. */
function filed(sent: Batch, body: Uint8Array, workspace: string | undefined): Pick<IncomingBatch, 'batch' | 'body'> {
  const batch = withQualifiedServers(sent, workspace);
  return { batch, body: batch === sent ? body : replaceServers(body, batch.servers) };
}

export function createIngest({ store, clock, config, observe, count = () => {} }: IngestDeps): Ingest {
  const maxSkewMs = config.ingest.maxClockSkewHours * HOUR_MS;

  async function append(incoming: IncomingBatch): Promise<AppendResult> {
    const result = await store.append(incoming);
    if (result === 'stored') observe(incoming.batch, incoming.skewMs);
    return result;
  }

  async function receive(
    body: Uint8Array,
    sentAt: string | undefined,
    workspace: string | undefined,
  ): Promise<Received> {
    const receivedAtMs = clock.nowMs();
    const skewMs = measureSkewMs(sentAt, receivedAtMs, maxSkewMs);
    const batch = decode(body);
    refuseFuture(batch, skewMs, receivedAtMs);
    const known = filed(batch, body, workspace);
    return { batch: known.batch, result: await append({ ...known, receivedAtMs, skewMs }) };
  }

  async function counted<Done>(appending: Promise<Done>, resultOf: (done: Done) => AppendResult): Promise<Done> {
    try {
      const done = await appending;
      count(resultOf(done));
      return done;
    } catch (error) {
      count(error instanceof RefusedBatch ? 'refused' : 'failed');
      throw error;
    }
  }

  return {
    receive: (body, sentAt, workspace) => counted(receive(body, sentAt, workspace), ({ result }) => result),
    accept: (batch, body) =>
      counted(append({ ...filed(batch, body, undefined), receivedAtMs: clock.nowMs(), skewMs: 0 }), (result) => result),
    append: (incoming) => counted(append(incoming), (result) => result),
  };
}
