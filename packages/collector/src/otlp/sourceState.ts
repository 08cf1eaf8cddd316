/**
 * What is kept of a source between its requests, as an item of the store. It is saved in the transaction of the batch that
 * it belongs to, and its sequence number is that batch's: of two collectors that were told of the same source at once, the
 * second finds the number taken, reads what the first has saved, and counts from there.
 */
import { Histogram } from '@mcp-vitals/sketch';
import { z } from 'zod';
import { DAY_MS } from '../model/rollup.ts';
import type { Item, ItemKind } from '../store/store.ts';
import type { StreamState } from './streams.ts';

export const SOURCE_ITEMS: ItemKind = 'otlp_source';

/** What was not heard of for so long is forgotten. */
export const FORGET_AFTER_MS = DAY_MS;

export interface SourceState {
  /** Name of the instance in batches. */
  instance: string;
  /** Of the newest batch. */
  seq: number;
  /** When the source was last heard of, on our clock. */
  seenMs: number;
  streams: ReadonlyMap<string, StreamState>;
}

const streamSchema = z.object({
  seenMs: z.number(),
  timeMs: z.number(),
  last: z.union([z.number(), z.base64()]).optional(),
  ends: z.array(z.number()).optional(),
});

const stateSchema = z.object({
  instance: z.string(),
  seq: z.number().int().min(0),
  seenMs: z.number(),
  streams: z.record(z.string(), streamSchema),
});

export function sourceItem(key: string, server: string, state: SourceState): Item {
  const streams = [...state.streams].map(([stream, { last, ...rest }]) => [
    stream,
    last instanceof Histogram ? { ...rest, last: Buffer.from(last.toBytes()).toString('base64') } : { ...rest, last },
  ]);
  return { key, server, value: { ...state, streams: Object.fromEntries(streams) } };
}

/** Undefined for what cannot be read: the source is then as good as new. */
export function readSourceState(value: unknown): SourceState | undefined {
  const parsed = stateSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { streams, ...state } = parsed.data;
  try {
    return { ...state, streams: new Map(Object.entries(streams).map(([key, stream]) => [key, streamOf(stream)])) };
  } catch {
    return undefined;
  }
}

function streamOf({ last, ends, ...rest }: z.infer<typeof streamSchema>): StreamState {
  if (ends !== undefined) return { ...rest, ends };
  return { ...rest, last: typeof last === 'string' ? Histogram.fromBytes(Buffer.from(last, 'base64')) : (last ?? 0) };
}

/** Without the streams that have ended. */
export function currentStreams(
  streams: ReadonlyMap<string, StreamState>,
  nowMs: number,
): ReadonlyMap<string, StreamState> {
  return new Map([...streams].filter(([, { seenMs }]) => nowMs - seenMs <= FORGET_AFTER_MS));
}
