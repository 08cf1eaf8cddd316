/**
 * The embedded store: the parts joined, one call after the other where they write, and what is done when the disk is full,
 * not writable or broken. How the data is laid out is in docs/store.md.
 */
import { type Clock, giveWay } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Alert, Threshold } from '../../model/alert.ts';
import type { Anomaly } from '../../model/anomaly.ts';
import type { MinuteColumns, ResourceRollup } from '../../model/rollup.ts';
import type { SeriesFilter, SeriesKey, ServerInfo } from '../../model/series.ts';
import { GroupCommit } from '../groupCommit.ts';
import type { ResourceGrouping } from '../resources.ts';
import type {
  AlertFilter,
  AppendResult,
  ArchiveRows,
  IncomingBatch,
  InFlightCalls,
  Item,
  ItemKind,
  ReadersOf,
  RecentError,
  RetentionResult,
  RollupAnswer,
  RollupLevel,
  RollupQuery,
  Store,
  StoredResources,
  StoredRollup,
  StoredSenders,
  StoreStats,
  TimeRange,
  WatchState,
} from '../store.ts';
import { AlertTable } from './alertTable.ts';
import { AnomalyTable } from './anomalyTable.ts';
import { applyBatch, replayJournal } from './applyBatch.ts';
import { dueMinutes, prepareMinute, writeMinutes } from './closeMinutes.ts';
import { type DatabaseFailure, databaseFailure, unavailable } from './db/failure.ts';
import { openConnection } from './db/openConnection.ts';
import { BALLAST_BYTES, DiskSpace, sizeOf } from './diskSpace.ts';
import { exchangeDamaged } from './exchangeDamaged.ts';
import { finishImport, importResources, importRollups, importSenders, readSenders } from './importRows.ts';
import { ItemTable } from './itemTable.ts';
import { mergeLevels } from './mergeLevels.ts';
import { createParts, loadParts, type StoreParts } from './parts.ts';
import { readMinutes } from './readMinutes.ts';
import { readResources } from './readResources.ts';
import { readRollups } from './readRollups.ts';
import { readInFlight, readRecentErrors, readServers } from './readSenders.ts';
import { applyRetention } from './retention.ts';
import { scanResources, scanRollups } from './scanRows.ts';
import { WatchStateTable } from './watchStateTable.ts';

export interface OpenStoreOptions {
  dataDir: string;
  config: Config;
  clock: Clock;
  logger?: Logger | undefined;
  /** Change nothing, whoever owns the directory. */
  readOnly?: boolean;
  /** Writes rows that are about to be deleted; used when `config.retention.archive` is on. */
  archive?: ArchiveRows | undefined;
  /** Size of the file that is given up when the disk is full; 0: none. */
  ballastBytes?: number;
}

/**
 * Opens the store of a data directory, creating it where there is none.
 * A directory that cannot be written is opened to read, a damaged database is set aside: see `StoreStats.conditions`.
 */
export async function openSqliteStore(options: OpenStoreOptions): Promise<Store> {
  return new SqliteStore(options);
}

const MEGABYTE = 1_048_576;

class SqliteStore implements Store {
  readonly #parts: StoreParts;
  readonly #alerts: AlertTable;
  readonly #anomalies: AnomalyTable;
  readonly #watchStates: WatchStateTable;
  readonly #items: ItemTable;
  readonly #disk: DiskSpace;
  readonly #commits: GroupCommit<IncomingBatch>;
  readonly #conditions = new Set<string>();
  /** Batches on their way to the disk, so that a repeat waits for the first to be durable. */
  readonly #pending = new Map<string, Promise<void>>();
  #pendingBytes = 0;
  /** Operations that write rows, one after the other. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Reads that are not over. */
  readonly #reading = new Set<Promise<unknown>>();
  #flushScheduled = false;
  #closed = false;

  constructor(private readonly options: OpenStoreOptions) {
    const { dataDir, config, clock, logger, readOnly = false, ballastBytes = BALLAST_BYTES } = options;
    const { connection, recovery } = openConnection(dataDir, readOnly, clock.nowMs());
    this.#parts = createParts(connection, config);

    this.#anomalies = new AnomalyTable(connection);
    this.#watchStates = new WatchStateTable(connection);
    this.#items = new ItemTable(connection);
    this.#alerts = new AlertTable(connection, this.#items);
    this.#disk = new DiskSpace(dataDir, ballastBytes);
    this.#commits = new GroupCommit((batches) => this.#commit(batches));
    if (connection.readOnly || connection.path === ':memory:') this.#conditions.add('read_only');
    if (recovery !== undefined) {
      this.#conditions.add('recovered');
      logger?.error(recovery, 'The database was damaged; it was set aside and what could be read of it was copied');
    }
    loadParts(this.#parts);
    if (replayJournal(this.#parts) > 0) this.#conditions.add('journal_unreadable');
  }

  async append(incoming: IncomingBatch): Promise<AppendResult> {
    const { instance, seq } = incoming.batch;
    this.#checkWritable();
    if (this.#parts.instances.hasSeen(instance, seq)) return 'duplicate';
    const key = `${instance} ${seq}`;
    const first = this.#pending.get(key);
    if (first !== undefined) return first.then(() => 'duplicate');
    this.#checkJournal(incoming.body.length);
    const durable = this.#commits.add(incoming);
    this.#pending.set(key, durable);
    this.#pendingBytes += incoming.body.length;
    try {
      await durable;
    } finally {
      this.#pending.delete(key);
      this.#pendingBytes -= incoming.body.length;
    }
    return 'stored';
  }

  async readRollups(query: RollupQuery): Promise<RollupAnswer> {
    return this.#guardedSteps(() => readRollups(this.#parts, query));
  }

  async readMinutes(range: TimeRange, filter: SeriesFilter): Promise<MinuteColumns[]> {
    return this.#guarded(() => readMinutes(this.#parts, range, filter));
  }

  async readResources(
    range: TimeRange,
    server: string | undefined,
    groupBy: ResourceGrouping,
  ): Promise<ResourceRollup[]> {
    return this.#guarded(() => readResources(this.#parts, range, server, groupBy));
  }

  async listServers(): Promise<ServerInfo[]> {
    return readServers(this.#parts, this.options.clock.nowMs());
  }

  async listSeries(filter: SeriesFilter): Promise<SeriesKey[]> {
    const { registry } = this.#parts;
    return registry.select(filter).map((id) => registry.key(id)!);
  }

  async readRecentErrors(filter: SeriesFilter, limit: number): Promise<RecentError[]> {
    return readRecentErrors(this.#parts, filter, limit);
  }

  async readInFlight(filter: SeriesFilter): Promise<InFlightCalls[]> {
    return readInFlight(this.#parts, filter, this.options.clock.nowMs());
  }

  async saveAnomalies(anomalies: readonly Anomaly[]): Promise<void> {
    this.#write(() => this.#anomalies.save(anomalies));
  }

  async readAnomalies(
    range: TimeRange,
    filter: { server?: string | undefined; tool?: string | undefined },
  ): Promise<Anomaly[]> {
    return this.#guarded(() => this.#anomalies.read(range, filter));
  }

  async saveWatchStates(states: readonly WatchState[]): Promise<void> {
    this.#write(() => this.#watchStates.save(states));
  }

  async readWatchStates(): Promise<WatchState[]> {
    return this.#guarded(() => this.#watchStates.read());
  }

  async deleteWatchStates(subjects: readonly Pick<WatchState, 'server' | 'tool'>[]): Promise<void> {
    this.#write(() => this.#watchStates.delete(subjects));
  }

  async saveItems(kind: ItemKind, items: readonly Item[]): Promise<void> {
    this.#write(() => this.#items.save(kind, items));
  }

  async readItems(kind: ItemKind, keys?: readonly string[]): Promise<Item[]> {
    return this.#guarded(() => this.#items.read(kind, keys));
  }

  async deleteItems(kind: ItemKind, keys: readonly string[]): Promise<void> {
    this.#write(() => this.#items.delete(kind, keys));
  }

  keepLate(readersOf: ReadersOf): void {
    this.#parts.readersOf = readersOf;
  }

  async saveThreshold(threshold: Threshold): Promise<void> {
    this.#write(() => this.#alerts.saveThreshold(threshold));
  }

  async deleteThreshold(thresholdId: string): Promise<void> {
    this.#write(() => this.#alerts.deleteThreshold(thresholdId));
  }

  async listThresholds(): Promise<Threshold[]> {
    return this.#guarded(() => this.#alerts.thresholds());
  }

  async saveAlert(alert: Alert, notifications: readonly Item[] = []): Promise<void> {
    this.#write(() => this.#alerts.save(alert, notifications));
  }

  async deleteAlert(alertId: string): Promise<void> {
    this.#write(() => this.#alerts.delete(alertId));
  }

  async getAlert(alertId: string): Promise<Alert | undefined> {
    return this.#guarded(() => this.#alerts.get(alertId));
  }

  async readAlerts(filter: AlertFilter): Promise<Alert[]> {
    return this.#guarded(() => this.#alerts.read(filter));
  }

  async nextNumber(name: string): Promise<number> {
    return this.#write(() => this.#alerts.nextNumber(name));
  }

  async closeMinutes(nowMs: number): Promise<void> {
    if (this.#readOnly) return;
    await this.#oneAfterTheOther(async () => {
      for (const startMs of dueMinutes(this.#parts, nowMs)) {
        await prepareMinute(this.#parts, startMs);
        // Minutes that a full disk has made others write are gone.
        if (this.#parts.openMinutes.get(startMs) !== undefined) this.#write(() => writeMinutes(this.#parts, [startMs]));
        await giveWay();
      }
      // What is left in the journal of minutes that are written, and the senders that have none.
      this.#write(() => writeMinutes(this.#parts, []));
      await this.#disk.ensureBallast();
    });
  }

  async rollUp(nowMs: number): Promise<void> {
    if (this.#readOnly) return;
    await this.#oneAfterTheOther(() => mergeLevels(this.#parts, nowMs));
  }

  async applyRetention(nowMs: number): Promise<RetentionResult> {
    if (this.#readOnly) return { deletedRows: {} };
    const { config, archive } = this.options;
    const archiveRows = config.retention.archive ? archive : undefined;
    return this.#oneAfterTheOther(() =>
      applyRetention(
        this.#parts,
        {
          anomalies: this.#anomalies,
          alerts: this.#alerts,
          archive: archiveRows && ((level, range) => archiveRows(this, level, range)),
        },
        nowMs,
      ),
    );
  }

  scanRollups(level: RollupLevel, range: TimeRange): AsyncIterable<StoredRollup[]> {
    return scanRollups(this.#parts, level, range);
  }

  scanResources(level: RollupLevel, range: TimeRange): AsyncIterable<StoredResources[]> {
    return scanResources(this.#parts, level, range);
  }

  async importRollups(level: RollupLevel, rows: readonly StoredRollup[]): Promise<number> {
    return this.#oneAfterTheOther(async () => this.#write(() => importRollups(this.#parts, level, rows)));
  }

  async importResources(level: RollupLevel, rows: readonly StoredResources[]): Promise<number> {
    return this.#oneAfterTheOther(async () => this.#write(() => importResources(this.#parts, level, rows)));
  }

  async readSenders(): Promise<StoredSenders> {
    return readSenders(this.#parts);
  }

  async importSenders(senders: StoredSenders): Promise<void> {
    await this.#oneAfterTheOther(async () => this.#write(() => importSenders(this.#parts, senders)));
  }

  async finishImport(): Promise<void> {
    await this.#oneAfterTheOther(async () => this.#write(() => finishImport(this.#parts)));
  }

  async stats(): Promise<StoreStats> {
    const { connection, journal, registry, openMinutes } = this.#parts;
    return {
      databaseBytes: ['', '-wal', '-shm'].reduce((sum, suffix) => sum + sizeOf(connection.path + suffix), 0),
      journalBytes: journal.bytes,
      journalEntries: journal.size,
      freeDiskBytes: await this.#disk.freeBytes(),
      seriesCount: registry.size,
      openMinutes: openMinutes.size,
      conditions: [...this.#conditions].sort(),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#commits.flush();
    this.#closed = true;
    await this.#oneAfterTheOther(async () => {
      // What cannot be written now is in the journal and comes back at the next start.
      if (!this.#readOnly) this.#quietly(() => writeMinutes(this.#parts, this.#parts.openMinutes.starts()));
    });
    await Promise.allSettled(this.#reading);
    this.#parts.connection.close();
  }

  get #readOnly(): boolean {
    return this.#conditions.has('read_only');
  }

  #checkWritable(): void {
    if (this.#closed) throw new VitalsError('unavailable', 'The store is closed.', { retryAfterMs: 1_000 });
    if (this.#readOnly) throw unavailable('read_only');
  }

  /** The journal shrinks when minutes are written; under pressure that happens before they are over. */
  #checkJournal(bytes: number): void {
    const { journal, config, openMinutes } = this.#parts;
    const total = journal.bytes + this.#pendingBytes + bytes;
    const limit = config.ingest.maxJournalMb * MEGABYTE;
    if (total > limit / 2 && !this.#flushScheduled) {
      this.#flushScheduled = true;
      void this.#oneAfterTheOther(async () => {
        this.#flushScheduled = false;
        if (!this.#closed) this.#quietly(() => writeMinutes(this.#parts, openMinutes.starts()));
      });
    }
    if (total > limit) {
      throw new VitalsError('unavailable', 'Nothing was stored: the journal is full.', {
        hint: 'Raise ingest.maxJournalMb, or send less.',
        retryAfterMs: 5_000,
      });
    }
  }

  #commit(batches: readonly IncomingBatch[]): void {
    const { connection, journal } = this.#parts;
    const firstId = this.#write(() =>
      connection.transaction(() => {
        for (const { items } of batches) if (items !== undefined) this.#items.insert(items.kind, items.items);
        return journal.write(batches);
      }),
    );
    for (const [index, incoming] of batches.entries()) applyBatch(this.#parts, incoming, firstId + index);
  }

  /** A write that gives up the ballast on a full disk and exchanges a damaged database, and is then tried once more. */
  #write<T>(work: () => T): T {
    if (this.#readOnly) throw unavailable('read_only');
    try {
      const result = work();
      this.#conditions.delete('disk_full');
      return result;
    } catch (error) {
      const failure = databaseFailure(error);
      if (failure === undefined) throw error;
      return this.#writeAgain(work, failure, error);
    }
  }

  #writeAgain<T>(work: () => T, failure: DatabaseFailure, cause: unknown): T {
    this.options.logger?.warn({ err: cause, failure }, 'The database refused a write');
    if (failure === 'full') this.#conditions.add('disk_full');
    if (!this.#makeGood(failure)) throw unavailable(failure, cause);
    try {
      return work();
    } catch (error) {
      throw unavailable(databaseFailure(error) ?? 'other', error);
    }
  }

  /** Whether something was done about a failure, so that trying again makes sense. */
  #makeGood(failure: DatabaseFailure): boolean {
    if (failure === 'damaged') return this.#recover();
    if (failure !== 'full' || !this.#disk.dropBallast()) return false;
    // Writing the open minutes empties the journal, whose pages then serve again.
    void this.#oneAfterTheOther(async () => {
      if (!this.#closed) this.#quietly(() => writeMinutes(this.#parts, this.#parts.openMinutes.starts()));
    });
    return true;
  }

  #recover(): boolean {
    const { clock, logger } = this.options;
    if (this.#readOnly || this.#closed) return false;
    const recovery = exchangeDamaged(this.#parts, clock.nowMs());
    this.#conditions.add('recovered');
    logger?.error(recovery, 'The database is damaged; it was set aside and what could be read of it was copied');
    return true;
  }

  /** A read that survives a damaged database. */
  async #guarded<T>(read: () => T | Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (databaseFailure(error) !== 'damaged' || !this.#recover()) throw error;
      return await read();
    }
  }

  /** The same of one that lets others have their turn: the files stay open until it has ended. */
  async #guardedSteps<T>(read: () => Promise<T>): Promise<T> {
    const reading = this.#guarded(read);
    this.#reading.add(reading);
    try {
      return await reading;
    } finally {
      this.#reading.delete(reading);
    }
  }

  #quietly(work: () => void): void {
    try {
      this.#write(work);
    } catch (error) {
      this.options.logger?.error({ err: error }, 'Minutes could not be written; they stay in the journal');
    }
  }

  #oneAfterTheOther<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work);
    this.#writing = result.catch(() => {});
    return result;
  }
}
