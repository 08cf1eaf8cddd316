/**
 * Bytes to batches. They come from strangers: the size is checked before anything is looked at, the structure before a
 * decoder sees it, and every value before it is believed. A batch is taken whole or refused whole.
 */
import { Unpackr } from 'msgpackr/unpack';
import { type BatchHead, batchHead, firstIssue } from './head.ts';
import { CONTROLS, type ControlState } from './policy.ts';
import { isOfUnknownKind, type RowContext, readInFlight, readWindow } from './rows.ts';
import { scanMsgpack } from './scan.ts';
import { type Batch, type ResourceSample, WIRE_LIMITS, WIRE_VERSION, type Window } from './types.ts';
import { WireFormatError } from './wireFormatError.ts';

export type {
  CachePolicy,
  CoalescePolicy,
  ConcurrencyPolicy,
  Control,
  ControlEvent,
  ControlState,
  Policy,
  RatePolicy,
  RefusalCode,
  ShedPolicy,
  TimeoutPolicy,
  ToolPolicy,
} from './policy.ts';
export {
  CONCURRENCY_GAUGE,
  CONTROL_EVENTS,
  CONTROLS,
  CONTROLS_COUNTER,
  POLICY_LIMITS,
  REFUSAL_CLASS,
  REFUSAL_CODES,
} from './policy.ts';
export { readPolicies } from './readPolicies.ts';
export { replaceServers } from './replaceServers.ts';
export {
  formatSeriesName,
  formatToolSeriesName,
  type LabelledName,
  type Labels,
  parseSeriesName,
} from './seriesName.ts';
export type {
  Batch,
  ErrorSample,
  Exemplar,
  InFlight,
  Outcome,
  OutcomeCounts,
  ResourceSample,
  SeriesKind,
  ServerIdentity,
  Window,
} from './types.ts';
export {
  BATCH_CONTENT_TYPE,
  OUTCOMES,
  SENT_AT_HEADER,
  SERIES_KINDS,
  WIRE_LIMITS,
  WIRE_VERSION,
  WORKSPACE_NAME,
} from './types.ts';
export { WireFormatError, type WireFormatReason } from './wireFormatError.ts';

/** Maps stay maps: as objects their keys, which strangers choose, could reach a prototype. */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false });

/** @throws WireFormatError */
export function decodeBatch(body: Uint8Array): Batch {
  if (body.length > WIRE_LIMITS.maxBatchBytes) {
    throw new WireFormatError('too_large', `body: ${body.length} bytes, at most ${WIRE_LIMITS.maxBatchBytes}`);
  }
  scanMsgpack(body);
  const head = readHead(unpack(body));
  const { baseMs, names } = head;
  const context: RowContext = { key: 'windows', baseMs, servers: head.servers.length, names };
  const batch: Batch = {
    v: head.v,
    instance: head.instance,
    seq: head.seq,
    process: head.process,
    servers: head.servers.map(([name, version, workspace]) =>
      typeof workspace === 'string' ? { name, version, workspace } : { name, version },
    ),
    windows: readWindows(head, context),
    resources: head.resources.map((row) => readResource(row, head.baseMs)),
    inFlight: head.inFlight.map((row, i) => readInFlight(row, i, context)),
    dropped: head.dropped,
  };
  if (head.controls !== undefined) batch.controls = head.controls.map((row, i) => readControls(row, i, context));
  return batch;
}

function unpack(body: Uint8Array): unknown {
  try {
    return unpackr.unpack(body);
  } catch (cause) {
    throw new WireFormatError('not_msgpack', 'body: cannot be decoded', { cause });
  }
}

function readHead(value: unknown): BatchHead {
  const root = toRecord(value, 'body');
  if (root.v !== WIRE_VERSION && Number.isInteger(root.v)) {
    throw new WireFormatError('unsupported_version', `v: version ${root.v}, this reader knows ${WIRE_VERSION}`);
  }
  const parsed = batchHead.safeParse({
    ...root,
    process: toRecord(root.process, 'process'),
    dropped: toRecord(root.dropped, 'dropped'),
  });
  if (!parsed.success) throw new WireFormatError('invalid', firstIssue(parsed.error));
  return parsed.data;
}

function toRecord(value: unknown, field: string): Record<string, unknown> {
  if (!(value instanceof Map)) throw new WireFormatError('invalid', `${field}: must be a map`);
  for (const key of value.keys()) {
    if (typeof key !== 'string' || key === '__proto__') {
      throw new WireFormatError('invalid', `${field}: the key ${String(key)} is not allowed`);
    }
  }
  return Object.fromEntries(value);
}

/** @throws WireFormatError */
function readWindows({ windows, laterWindows = [] }: BatchHead, context: RowContext): Window[] {
  const most = WIRE_LIMITS.maxWindows;
  if (windows.length + laterWindows.length > most) {
    throw new WireFormatError('invalid', `laterWindows: must be at most ${most} with windows`);
  }
  const read = windows.map((row, i) => readWindow(row, i, context));
  const later: RowContext = { ...context, key: 'laterWindows' };
  for (const [i, row] of laterWindows.entries()) if (!isOfUnknownKind(row)) read.push(readWindow(row, i, later));
  return read;
}

function readControls(
  [server, permitted, version]: NonNullable<BatchHead['controls']>[number],
  index: number,
  { servers }: RowContext,
): ControlState {
  if (server >= servers) {
    throw new WireFormatError('invalid', `controls[${index}].server: must be an index below ${servers}`);
  }
  return { server, permitted: CONTROLS.filter((control) => permitted.includes(control)), version };
}

function readResource(row: BatchHead['resources'][number], baseMs: number): ResourceSample {
  const [atMs, cpuPercent, memoryMb, memoryPercent, diskIoKb, eventLoopDelayMs, ...further] = row;
  const sample: ResourceSample = {
    atMs: baseMs + atMs,
    cpuPercent,
    memoryMb,
    memoryPercent,
    diskIoKb,
    eventLoopDelayMs,
  };
  const [heapUsedMb, heapTotalMb, externalMb, cpuWaitPercent, hostCpuPercent] = further;
  if (typeof heapUsedMb === 'number') sample.heapUsedMb = heapUsedMb;
  if (typeof heapTotalMb === 'number') sample.heapTotalMb = heapTotalMb;
  if (typeof externalMb === 'number') sample.externalMb = externalMb;
  if (typeof cpuWaitPercent === 'number') sample.cpuWaitPercent = cpuWaitPercent;
  if (typeof hostCpuPercent === 'number') sample.hostCpuPercent = hostCpuPercent;
  return sample;
}
