/**
 * What a store does, in the words of `model/`. Engines differ below this line only; `store.contract.ts` is the one
 * suite that all of them pass.
 */
import type { Batch, OutcomeCounts, SeriesKind } from '@mcp-vitals/wire/decode';
import type { Alert, AlertStatus, Threshold } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { MinuteColumns, ResourceRollup, SeriesRollup } from '../model/rollup.ts';
import type { SeriesFilter, SeriesKey, ServerInfo } from '../model/series.ts';

export interface IncomingBatch {
  batch: Batch;
  /** The bytes as they came; journalled unchanged. */
  body: Uint8Array;
  receivedAtMs: number;
  /** Sender's clock minus ours, milliseconds; window times are corrected by it. */
  skewMs: number;
  /** Saved together with the batch: both, or neither where it is a repeat. */
  items?: { kind: ItemKind; items: readonly Item[] };
}

/** `duplicate`: this instance and sequence number were stored before; nothing was changed. */
export type AppendResult = 'stored' | 'duplicate';

export interface TimeRange {
  /** Inclusive, epoch ms. */
  fromMs: number;
  /** Exclusive, epoch ms. */
  toMs: number;
}

export interface RollupQuery extends TimeRange {
  filter: SeriesFilter;
  /** `series`: an entry per series; `server`: one per server, `all`: one in total, from pre-merged rows (kind `tool`; `filter.name` must be absent). */
  scope: 'series' | 'server' | 'all';
  /** Absent: one entry per series over the whole range. Where only coarser rows are still kept, groups are as wide as those. */
  groupBy?: 'minute' | 'hour' | 'day' | undefined;
  /** Whether quantiles are needed; without them no digest is read. */
  digests: boolean;
}

export interface RollupAnswer {
  /** Ordered by server, name, start. In scope `server` the series name is empty, in scope `all` the server too. */
  rollups: SeriesRollup[];
  /** The range actually covered: the one asked, widened to whole minutes, or to hours or days where only those are still kept. */
  usedRange: TimeRange;
}

export interface RecentError {
  series: SeriesKey;
  atMs: number;
  errorClass: string;
  code: string;
  message: string | undefined;
}

export interface InFlightCalls {
  series: SeriesKey;
  count: number;
  /** Age now of the oldest, milliseconds. */
  oldestAgeMs: number;
}

export interface AlertFilter {
  statuses?: readonly AlertStatus[] | undefined;
  server?: string | undefined;
  severity?: Alert['severity'] | undefined;
  /** Created within. */
  createdWithin?: TimeRange | undefined;
}

export interface StoreStats {
  databaseBytes: number;
  journalBytes: number;
  journalEntries: number;
  freeDiskBytes: number;
  seriesCount: number;
  openMinutes: number;
  /** A name for each thing that is not as it should be, e.g. `read_only`, `recovered`; empty when all is well. */
  conditions: string[];
}

export interface RetentionResult {
  /** Rows removed, by table. */
  deletedRows: Record<string, number>;
}

/** What the detector has learnt of a tool, or with an empty tool of a server; opaque to the store. */
export interface WatchState {
  server: string;
  tool: string;
  snapshot: Uint8Array;
}

/** What other stages keep for themselves: notifications that wait, silences, deployments that were seen. */
export type ItemKind =
  | 'notification'
  | 'silence'
  | 'objective'
  | 'digest'
  | 'deploy'
  | 'schedule'
  | 'copy'
  | 'foreign_alert'
  | 'otlp_source'
  | 'forward'
  | 'late'
  | 'audit'
  | 'alert_rule'
  | 'policy'
  | 'policy_figures'
  | 'permission'
  | 'benchmark'
  | 'token';

export interface Item {
  key: string;
  /** What JSON can hold. Whoever reads it checks it. */
  value: unknown;
  /** The server that it is about, whose collector deals with it; absent: it is about none. */
  server?: string;
}

/** Names of those who have read the rows of a server's minute, and will not read them again. */
export type ReadersOf = (server: string, minuteMs: number) => readonly string[];

/** The value of an item of kind `late`: what was added to the rows of a minute after somebody had read them. */
export interface LateAddition {
  reader: string;
  server: string;
  minuteMs: number;
  rollups: LateRollup[];
}

export interface LateRollup {
  kind: SeriesKind;
  name: string;
  outcomes: OutcomeCounts;
  sumMs: number;
  /** Null when there is no call. */
  minMs: number | null;
  maxMs: number | null;
  /** As `Digest.toBytes` makes it, in base64; empty when there is no call. */
  digest: string;
}

export type RollupLevel = 'minute' | 'hour' | 'day';

/** A row as it is stored. */
export interface StoredRollup {
  startMs: number;
  /** Of a whole server: its name, kind `tool` and an empty name. Of everything: an empty server as well. */
  series: SeriesKey;
  scope: RollupQuery['scope'];
  outcomes: OutcomeCounts;
  sumMs: number;
  /** NaN when there is no call. */
  minMs: number;
  maxMs: number;
  /** As a sketch's `toBytes` makes it; empty when there is no call. */
  digest: Uint8Array;
}

/** A row of resources as it is stored: of one process in a minute, of the whole server (`instance` empty) in an hour or a day. */
export interface StoredResources extends ResourceRollup {
  instance: string;
}

/** A sending process, so that a store that takes over from another counts none of its batches again. */
export interface StoredSender {
  instance: string;
  lastSeenMs: number;
  highestSeq: number;
  /** Sequence numbers below the highest that were not stored, inclusive. */
  gaps: [from: number, to: number][];
  process: Batch['process'];
  skewMs: number;
  /** Names of its servers. */
  servers: string[];
}

/** What is known of the senders, of those that are gone as well. */
export interface StoredSenders {
  senders: StoredSender[];
  servers: Omit<ServerInfo, 'liveInstances' | 'hosts'>[];
}

/** Writes rows that are about to be deleted somewhere else. */
export type ArchiveRows = (store: Store, level: RollupLevel, range: TimeRange) => Promise<void>;

export interface Store {
  /**
   * Resolves once the batch is durable and visible to queries.
   * Calls made close together share one commit.
   * @throws VitalsError `unavailable` when the journal is at its limit or the disk is full
   */
  append(incoming: IncomingBatch): Promise<AppendResult>;

  /** Answered from the coarsest level that is exact for the range. */
  readRollups(query: RollupQuery): Promise<RollupAnswer>;
  /** Minute columns of the range, tools only unless `kinds` is given. */
  readMinutes(range: TimeRange, filter: SeriesFilter): Promise<MinuteColumns[]>;
  /** Per server; by minute while minutes are kept, or merged by hour, day or the whole range. */
  readResources(
    range: TimeRange,
    server: string | undefined,
    groupBy: 'minute' | 'hour' | 'day' | 'range',
  ): Promise<ResourceRollup[]>;
  listServers(): Promise<ServerInfo[]>;
  listSeries(filter: SeriesFilter): Promise<SeriesKey[]>;
  /** Newest first, at most 20 per series. */
  readRecentErrors(filter: SeriesFilter, limit: number): Promise<RecentError[]>;
  readInFlight(filter: SeriesFilter): Promise<InFlightCalls[]>;

  /** The same anomaly (minute, server, tool, type) saved again replaces the one before. */
  saveAnomalies(anomalies: readonly Anomaly[]): Promise<void>;
  readAnomalies(
    range: TimeRange,
    filter: { server?: string | undefined; tool?: string | undefined },
  ): Promise<Anomaly[]>;

  /** Inserts or replaces by server and tool. */
  saveWatchStates(states: readonly WatchState[]): Promise<void>;
  readWatchStates(): Promise<WatchState[]>;
  deleteWatchStates(subjects: readonly Pick<WatchState, 'server' | 'tool'>[]): Promise<void>;

  /** Inserts or replaces by kind and key. */
  saveItems(kind: ItemKind, items: readonly Item[]): Promise<void>;
  /** In the order of their keys; only those with one of `keys`, where they are given. */
  readItems(kind: ItemKind, keys?: readonly string[]): Promise<Item[]>;
  deleteItems(kind: ItemKind, keys: readonly string[]): Promise<void>;

  /**
   * For those who read each minute once: what is added to rows that they have read is kept for them as items of kind `late`
   * too, saved together with the rows. Asked whenever rows are written, for servers whose minutes this process writes.
   */
  keepLate(readersOf: ReadersOf): void;

  saveThreshold(threshold: Threshold): Promise<void>;
  listThresholds(): Promise<Threshold[]>;
  /** Nothing happens where there is none of this id. */
  deleteThreshold(thresholdId: string): Promise<void>;
  /**
   * Inserts or replaces by `alertId`, together with the notifications of the change: both or neither.
   * @throws VitalsError `conflict` when the alert was changed since: `revision` must be one more than what is stored
   */
  saveAlert(alert: Alert, notifications?: readonly Item[]): Promise<void>;
  /** Of an alert that never became one. */
  deleteAlert(alertId: string): Promise<void>;
  getAlert(alertId: string): Promise<Alert | undefined>;
  /** Newest first. */
  readAlerts(filter: AlertFilter): Promise<Alert[]>;
  /**
   * Counts up from 1 by name: for alerts the UTC day (`20251031`), for policies `policy` and the server. Never gives the same
   * number twice, restarts and other collectors included.
   */
  nextNumber(name: string): Promise<number>;

  /** Writes minutes that ended at least the grace period before `nowMs` from memory to rows and forgets their journal entries. */
  closeMinutes(nowMs: number): Promise<void>;
  /** Merges finished hours and days that are new or were touched by late windows. Yields to ingest between slices. */
  rollUp(nowMs: number): Promise<void>;
  /** Deletes what is past its retention; moves it to the archive first where one is configured. */
  applyRetention(nowMs: number): Promise<RetentionResult>;

  /** Stored rows that start within the range, in pages, ascending by start; what is still in memory is not among them. */
  scanRollups(level: RollupLevel, range: TimeRange): AsyncIterable<StoredRollup[]>;
  scanResources(level: RollupLevel, range: TimeRange): AsyncIterable<StoredResources[]>;
  /** Adds rows that are not there yet, and returns how many those were. Rows of servers and of everything are made from minutes. */
  importRollups(level: RollupLevel, rows: readonly StoredRollup[]): Promise<number>;
  importResources(level: RollupLevel, rows: readonly StoredResources[]): Promise<number>;
  readSenders(): Promise<StoredSenders>;
  /** Adds those that are not known yet. */
  importSenders(senders: StoredSenders): Promise<void>;
  /** To be called after an import: from here on queries know which levels there are rows of. */
  finishImport(): Promise<void>;

  stats(): Promise<StoreStats>;
  /** Writes what is in memory and closes the files. */
  close(): Promise<void>;
}

export type { SeriesKind };
