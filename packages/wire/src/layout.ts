/**
 * The shape of a batch on the wire, as docs/wire-format.md describes it. Rows are arrays, because keys would be most of
 * their bytes; names are written once and times as distances from `baseMs`. A reader ignores further elements of a row
 * and further keys of a map, so both can grow without a new version.
 */
import { SERIES_KINDS, type SeriesKind } from './types.ts';

/** Kinds by their number on the wire. Append only. */
export const KINDS: readonly SeriesKind[] = SERIES_KINDS;

/**
 * Kinds from this number on travel in `laterWindows`, which readers from before there was one of them do not look at. In
 * `windows` they would refuse the batch for it.
 */
export const FIRST_LATER_KIND = KINDS.indexOf('by_client');

export type ServerRow = [name: string, version: string, workspace?: string | null];

/** Times are milliseconds after `baseMs`. */
export type ErrorRow = [atMs: number, errorClass: string, code: string, message?: string];

export type WindowRow = [
  server: number,
  kind: number,
  /** Index into `names`. */
  name: number,
  /** After `baseMs`. */
  startMs: number,
  lengthMs: number,
  /** In the order of `OUTCOMES`, without the zeros at the end. */
  outcomes: number[],
  /** A digest; or a histogram, or both, which begin with another number. */
  sketch: Uint8Array,
  errors?: ErrorRow[] | null,
  further?: FurtherMap,
];

/** What few windows have, by name. Readers ignore names they do not know. */
export interface FurtherMap {
  exemplar?: ExemplarRow;
}

/** `atMs` is after `baseMs`. */
export type ExemplarRow = [traceId: string, spanId: string, valueMs: number, atMs: number];

export type ResourceRow = [
  atMs: number,
  cpuPercent: number,
  memoryMb: number,
  memoryPercent: number,
  diskIoKb: number,
  eventLoopDelayMs: number,
  heapUsedMb?: number | null,
  heapTotalMb?: number | null,
  externalMb?: number | null,
  cpuWaitPercent?: number | null,
  hostCpuPercent?: number | null,
];

export type InFlightRow = [server: number, kind: number, name: number, count: number, oldestAgeMs: number];

export type ControlRow = [server: number, permitted: string[], version: number];

export interface WireBatch {
  v: number;
  instance: string;
  seq: number;
  process: { host: string; pid: number; runtime: string; sdk: string };
  /** Epoch milliseconds from which the rows count. */
  baseMs: number;
  servers: ServerRow[];
  names: string[];
  windows: WindowRow[];
  /** Windows of kinds that came later. Readers ignore those of kinds they do not know. Absent where there are none. */
  laterWindows?: WindowRow[];
  resources: ResourceRow[];
  inFlight: InFlightRow[];
  dropped: Record<string, number>;
  /** Absent where no server permits anything. */
  controls?: ControlRow[];
}
