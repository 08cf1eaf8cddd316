/**
 * Batches to bytes. What an SDK imports: free of zod, and of the parts of msgpackr that it does not need
 * (`msgpackr/pack` loads in a quarter of the time of `msgpackr`, which brings a native decoder and streams).
 */
import { sketchOf } from '@mcp-vitals/sketch';
import { Packr } from 'msgpackr/pack';
import {
  type ControlRow,
  type ErrorRow,
  FIRST_LATER_KIND,
  type FurtherMap,
  type InFlightRow,
  KINDS,
  type ResourceRow,
  type ServerRow,
  type WindowRow,
  type WireBatch,
} from './layout.ts';
import type { ControlState } from './policy.ts';
import type { Batch, ErrorSample, InFlight, OutcomeCounts, ResourceSample, ServerIdentity, Window } from './types.ts';

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

/** Records are an extension of msgpackr's own: without them any msgpack library can read and write batches. */
const packr = new Packr({ useRecords: false, variableMapSize: true });

/** The same batch always gives the same bytes. Keeping `WIRE_LIMITS` is up to the caller. */
export function encodeBatch(batch: Batch): Uint8Array {
  const baseMs = earliestMs(batch);
  const names = new NameTable();
  const rows = batch.windows.map((window) => windowRow(window, baseMs, names));
  const laterWindows = rows.filter(isLater);
  const wire: WireBatch = {
    v: batch.v,
    instance: batch.instance,
    seq: batch.seq,
    process: batch.process,
    baseMs,
    servers: batch.servers.map(serverRow),
    names: names.list,
    windows: laterWindows.length === 0 ? rows : rows.filter((row) => !isLater(row)),
    resources: batch.resources.map((sample) => resourceRow(sample, baseMs)),
    inFlight: batch.inFlight.map((calls) => inFlightRow(calls, names)),
    dropped: batch.dropped,
  };
  if (laterWindows.length > 0) wire.laterWindows = laterWindows;
  if (batch.controls !== undefined) wire.controls = batch.controls.map(controlRow);
  return packr.pack(wire);
}

/** Gives each name a number. */
class NameTable {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.list.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}

function earliestMs({ windows, resources }: Batch): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { startMs } of windows) earliest = Math.min(earliest, startMs);
  for (const { atMs } of resources) earliest = Math.min(earliest, atMs);
  return Number.isFinite(earliest) ? Math.floor(earliest) : 0;
}

function isLater([_server, kind]: WindowRow): boolean {
  return kind >= FIRST_LATER_KIND;
}

function serverRow({ name, version, workspace }: ServerIdentity): ServerRow {
  return workspace === undefined ? [name, version] : [name, version, workspace];
}

function windowRow(window: Window, baseMs: number, names: NameTable): WindowRow {
  const { startMs, endMs, errors } = window;
  const further = furtherMap(window, baseMs);
  const row: WindowRow = [
    window.server,
    KINDS.indexOf(window.kind),
    names.numberOf(window.name),
    startMs - baseMs,
    endMs - startMs,
    withoutLastZeros(window.outcomes),
    sketchOf(window).toBytes(),
  ];
  if (errors?.length) row.push(errors.map((error) => errorRow(error, baseMs)));
  else if (further !== undefined) row.push(null);
  if (further !== undefined) row.push(further);
  return row;
}

/** Undefined for the most windows, which have nothing of it. */
function furtherMap({ exemplar }: Window, baseMs: number): FurtherMap | undefined {
  if (exemplar === undefined) return undefined;
  const { traceId, spanId, valueMs, atMs } = exemplar;
  return { exemplar: [traceId, spanId, valueMs, atMs - baseMs] };
}

function withoutLastZeros(outcomes: OutcomeCounts): number[] {
  return outcomes.slice(0, outcomes.findLastIndex((count) => count !== 0) + 1);
}

function errorRow({ atMs, errorClass, code, message }: ErrorSample, baseMs: number): ErrorRow {
  const row: ErrorRow = [atMs - baseMs, errorClass, code];
  if (message !== undefined) row.push(message);
  return row;
}

function resourceRow(sample: ResourceSample, baseMs: number): ResourceRow {
  const { atMs, cpuPercent, memoryMb, memoryPercent, diskIoKb, eventLoopDelayMs } = sample;
  const row: ResourceRow = [atMs - baseMs, cpuPercent, memoryMb, memoryPercent, diskIoKb, eventLoopDelayMs];
  const { heapUsedMb, heapTotalMb, externalMb, cpuWaitPercent, hostCpuPercent } = sample;
  const further = [heapUsedMb, heapTotalMb, externalMb, cpuWaitPercent, hostCpuPercent];
  const known = further.findLastIndex((value) => value !== undefined) + 1;
  row.push(...further.slice(0, known).map((value) => value ?? null));
  return row;
}

function controlRow({ server, permitted, version }: ControlState): ControlRow {
  return [server, [...permitted], version];
}

function inFlightRow({ server, kind, name, count, oldestAgeMs }: InFlight, names: NameTable): InFlightRow {
  return [server, KINDS.indexOf(kind), names.numberOf(name), count, oldestAgeMs];
}
