/** Bytes to batches, checked. */
import { Digest } from '@mcp-vitals/sketch';
import { Unpackr } from 'msgpackr';
import { z } from 'zod';
import { KINDS } from './kinds.ts';
import { type Batch, type OutcomeCounts, WIRE_LIMITS, WIRE_VERSION } from './types.ts';
import { WireFormatError } from './wireFormatError.ts';

export * from './types.ts';
export { WireFormatError, type WireFormatReason } from './wireFormatError.ts';

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

const count = z.number().int().min(0);
const amount = z.number().min(0);
const time = z.number().min(0);
const kind = count.max(KINDS.length - 1).transform((number) => KINDS[number]!);
const error = z.tuple([time, z.string().max(200), z.string().max(100)], z.unknown());
const window = z.tuple(
  [count, kind, count, time, amount, z.array(count).max(7), z.instanceof(Uint8Array)],
  z.unknown(),
);
const body = z.object({
  v: z.literal(WIRE_VERSION),
  instance: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  seq: z.number().int().min(1),
  process: z.object({ host: z.string(), pid: count, runtime: z.string(), sdk: z.string() }),
  servers: z.array(z.tuple([z.string(), z.string()], z.unknown())).max(WIRE_LIMITS.maxServers),
  names: z.array(z.string().max(WIRE_LIMITS.maxNameLength)),
  windows: z.array(window).max(WIRE_LIMITS.maxWindows),
  resources: z
    .array(z.tuple([time, amount, amount, amount, amount, amount], z.unknown()))
    .max(WIRE_LIMITS.maxResources),
  inFlight: z.array(z.tuple([count, kind, count, count, amount], z.unknown())).max(WIRE_LIMITS.maxInFlight),
  dropped: z.record(z.string(), count),
});

/** @throws WireFormatError */
export function decodeBatch(bytes: Uint8Array): Batch {
  if (bytes.length > WIRE_LIMITS.maxBatchBytes) throw new WireFormatError('too_large', `${bytes.length} bytes`);
  let value: unknown;
  try {
    value = unpackr.unpack(bytes);
  } catch (cause) {
    throw new WireFormatError('not_msgpack', 'body: not msgpack', { cause });
  }
  const version = (value as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version !== WIRE_VERSION) {
    throw new WireFormatError('unsupported_version', `v: ${version}, this collector reads ${WIRE_VERSION}`);
  }
  const parsed = body.safeParse(value);
  if (!parsed.success) throw new WireFormatError('invalid', z.prettifyError(parsed.error));
  const head = parsed.data;
  return {
    v: head.v,
    instance: head.instance,
    seq: head.seq,
    process: head.process,
    servers: head.servers.map(([name, version]) => ({ name, version })),
    windows: head.windows.map(([server, kind, name, startMs, lengthMs, outcomes, digest, errors]) => ({
      server,
      kind,
      name: head.names[name]!,
      startMs,
      endMs: startMs + lengthMs,
      outcomes: Array.from({ length: 7 }, (_, i) => outcomes[i] ?? 0) as OutcomeCounts,
      digest: Digest.fromBytes(digest),
      ...(Array.isArray(errors)
        ? {
            errors: errors.map((entry: unknown) => {
              const [atMs, errorClass, code, message] = error.parse(entry);
              return { atMs, errorClass, code, ...(typeof message === 'string' ? { message } : {}) };
            }),
          }
        : {}),
    })),
    resources: head.resources.map(([atMs, cpuPercent, memoryMb, memoryPercent, diskIoKb, eventLoopDelayMs]) => ({
      atMs,
      cpuPercent,
      memoryMb,
      memoryPercent,
      diskIoKb,
      eventLoopDelayMs,
    })),
    inFlight: head.inFlight.map(([server, kind, name, count, oldestAgeMs]) => ({
      server,
      kind,
      name: head.names[name]!,
      count,
      oldestAgeMs,
    })),
    dropped: head.dropped,
  };
}
