/**
 * The store past one machine: PostgreSQL, alone or with Citus, and any number of collectors. A collector keeps nothing
 * that the database does not have but the batches of the next few milliseconds. How the data is laid out is in
 * docs/store.md.
 */
import { type Clock, pause } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Alert, Threshold } from '../../model/alert.ts';
import type { Anomaly } from '../../model/anomaly.ts';
import type { MinuteColumns, ResourceRollup } from '../../model/rollup.ts';
import type { SeriesFilter, SeriesKey, ServerInfo } from '../../model/series.ts';
import type { WorkShare } from '../../model/workShare.ts';
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
import { appendBatches } from './appendBatches.ts';
import { BatchQueue } from './batchQueue.ts';
import { closeMinutes } from './closeMinutes.ts';
import { Database, INGEST_CONNECTIONS, type Session } from './database.ts';
import { BYTEA_COLUMN, TDIGEST_COLUMN } from './digestColumn.ts';
import * as documents from './documents.ts';
import { finishImport, importResources, importRollups } from './importRows.ts';
import { mergeLevels } from './mergeLevels.ts';
import { Partitions } from './partitions.ts';
import { inSnapshot, type PostgresParts } from './parts.ts';
import { readMinutes } from './readMinutes.ts';
import { readRecentErrors } from './readRecentErrors.ts';
import { readResources } from './readResources.ts';
import { readRollups } from './readRollups.ts';
import { readStats } from './readStats.ts';
import { applyRetention } from './retention.ts';
import { scanResources, scanRollups } from './scanRows.ts';
import { migrate, shardOf } from './schema.ts';
import { importSenders, readInFlight, readServers, readStoredSenders } from './senders.ts';
import { SeriesTable } from './seriesTable.ts';
import { WorkShares } from './workShares.ts';

export interface OpenPostgresOptions {
  /** `postgres://user:password@host:port/database` */
  url: string;
  config: Config;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs' | 'every'>;
  logger?: Logger | undefined;
  /** Writes rows that are about to be deleted; used when `config.retention.archive` is on. */
  archive?: ArchiveRows | undefined;
  /** Take no share of the work: for a command that comes and goes. */
  isGuest?: boolean;
}

export interface PostgresStore extends Store {
  /** The work in the background that is this collector's. */
  readonly share: WorkShare;
  /** The same store, of which only what belongs to the share is seen; what is written in its name is refused once it is lost. */
  readonly ofShare: Store;
}

/**
 * Opens the store, makes or migrates its tables, and joins the other collectors.
 * @throws VitalsError `unavailable` when the database does not answer, `invalid` when it lacks something,
 *   `conflict` when its schema is of another time
 */
export async function openPostgresStore(options: OpenPostgresOptions): Promise<PostgresStore> {
  const { url, config, clock, logger } = options;
  const column = config.postgres.digests === 'bytea' ? BYTEA_COLUMN : TDIGEST_COLUMN;
  const database = new Database(url, config.postgres.schema, logger);
  const shares = new WorkShares(database, clock, logger);
  const parts: PostgresParts = {
    database,
    config,
    clock,
    column,
    series: new SeriesTable(database, config.ingest),
    partitions: new Partitions(database),
    shares,
  };
  try {
    await untilItAnswers(database, options, options.isGuest ? GUEST_PATIENCE_MS : PATIENCE_MS);
    await migrate(database, column, logger);
    if (!options.isGuest) await shares.join();
  } catch (error) {
    await database.close();
    throw error;
  }
  return new WholeStore(options, parts);
}

/** How long a database that starts, or starts again, is waited for. */
const PATIENCE_MS = 60_000;
/** Somebody waits for a command. */
const GUEST_PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 500;

async function untilItAnswers(
  database: Database,
  { clock, logger }: Pick<OpenPostgresOptions, 'clock' | 'logger'>,
  patienceMs: number,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + patienceMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      await database.query('SELECT 1');
      return;
    } catch (error) {
      const mayCome = error instanceof VitalsError && error.code === 'unavailable';
      if (!mayCome) throw error;
      if (clock.monotonicMs() > deadlineMs) throw withReason(error);
      if (isFirst) logger?.warn({ err: error }, 'Waiting for the database');
      await pause(LOOK_AGAIN_MS);
    }
  }
}

/** For the operator, who knows where the database is. */
function withReason(error: VitalsError): VitalsError {
  const reason = error.cause instanceof Error ? error.cause.message : 'no reason given';
  return new VitalsError('unavailable', `The database does not answer: ${reason}.`, {
    hint: 'Check the address in the setting `store`, and whether the database runs.',
    cause: error,
  });
}

/** Work that moves rows, one after the other. */
class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

class PartOfStore implements Store {
  constructor(
    protected readonly options: OpenPostgresOptions,
    protected readonly parts: PostgresParts,
    protected readonly queue: BatchQueue,
    protected readonly moving: Serial,
    /** Whether only the share is seen. */
    private readonly isOfShare: boolean,
  ) {}

  append(incoming: IncomingBatch): Promise<AppendResult> {
    return this.queue.append(incoming);
  }

  readRollups(query: RollupQuery): Promise<RollupAnswer> {
    return readRollups(this.parts, query, this.#owns);
  }

  readMinutes(range: TimeRange, filter: SeriesFilter): Promise<MinuteColumns[]> {
    return readMinutes(this.parts, range, filter, this.#owns);
  }

  async readResources(
    range: TimeRange,
    server: string | undefined,
    groupBy: ResourceGrouping,
  ): Promise<ResourceRollup[]> {
    const resources = await readResources(this.parts, range, server, groupBy);
    return resources.filter((each) => this.#owns(each.server));
  }

  async listServers(): Promise<ServerInfo[]> {
    const servers = await readServers(this.parts.database, this.options.clock.nowMs());
    return servers.filter(({ name }) => this.#owns(name));
  }

  async listSeries(filter: SeriesFilter): Promise<SeriesKey[]> {
    const { index } = this.parts.series;
    return inSnapshot(this.parts, async () =>
      index
        .select(filter)
        .map((id) => index.key(id)!)
        .filter(({ server }) => this.#owns(server)),
    );
  }

  readRecentErrors(filter: SeriesFilter, limit: number): Promise<RecentError[]> {
    return readRecentErrors(this.parts, filter, limit);
  }

  readInFlight(filter: SeriesFilter): Promise<InFlightCalls[]> {
    const { database, config } = this.parts;
    return readInFlight(database, filter, config.ingest.maxNameLength, this.options.clock.nowMs());
  }

  async saveAnomalies(anomalies: readonly Anomaly[]): Promise<void> {
    const servers = anomalies.map(({ server }) => server);
    await this.#write(servers, (session) => documents.saveAnomalies(session, anomalies));
  }

  readAnomalies(
    range: TimeRange,
    filter: { server?: string | undefined; tool?: string | undefined },
  ): Promise<Anomaly[]> {
    return documents.readAnomalies(this.parts.database, range, filter, this.#shards());
  }

  async saveWatchStates(states: readonly WatchState[]): Promise<void> {
    const servers = states.map(({ server }) => server);
    await this.#write(servers, (session) => documents.saveWatchStates(session, states));
  }

  readWatchStates(): Promise<WatchState[]> {
    return documents.readWatchStates(this.parts.database, this.#shards());
  }

  async deleteWatchStates(subjects: readonly Pick<WatchState, 'server' | 'tool'>[]): Promise<void> {
    const servers = subjects.map(({ server }) => server);
    await this.#write(servers, (session) => documents.deleteWatchStates(session, subjects));
  }

  async saveItems(kind: ItemKind, items: readonly Item[]): Promise<void> {
    const servers = items.flatMap(({ server }) => server ?? []);
    await this.#write(servers, (session) => documents.saveItems(session, kind, items, this.#collector(kind)));
  }

  readItems(kind: ItemKind, keys?: readonly string[]): Promise<Item[]> {
    const { database, shares } = this.parts;
    if (this.isOfShare && kind === 'notification') return documents.adoptItems(database, kind, shares.id);
    return documents.readItems(database, kind, SHARED_KINDS.has(kind) ? undefined : this.#shards(), keys);
  }

  async deleteItems(kind: ItemKind, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#write([], (session) => documents.deleteItems(session, kind, keys));
  }

  keepLate(readersOf: ReadersOf): void {
    this.parts.readersOf = readersOf;
  }

  async saveThreshold(threshold: Threshold): Promise<void> {
    await this.#write([], (session) => documents.saveThreshold(session, threshold));
  }

  async deleteThreshold(thresholdId: string): Promise<void> {
    await this.#write([], (session) => documents.deleteThreshold(session, thresholdId));
  }

  listThresholds(): Promise<Threshold[]> {
    return documents.listThresholds(this.parts.database);
  }

  async saveAlert(alert: Alert, notifications: readonly Item[] = []): Promise<void> {
    await this.#write([alert.server], async (session) => {
      await documents.saveAlert(session, alert);
      if (notifications.length === 0) return;
      await documents.saveItems(session, 'notification', notifications, this.parts.shares.id);
    });
  }

  async deleteAlert(alertId: string): Promise<void> {
    await this.#write([], (session) => documents.deleteAlert(session, alertId));
  }

  getAlert(alertId: string): Promise<Alert | undefined> {
    return documents.getAlert(this.parts.database, alertId);
  }

  readAlerts(filter: AlertFilter): Promise<Alert[]> {
    return documents.readAlerts(this.parts.database, filter, this.#shards());
  }

  nextNumber(name: string): Promise<number> {
    return documents.nextNumber(this.parts.database, name);
  }

  closeMinutes(nowMs: number): Promise<void> {
    return this.moving.run(() => closeMinutes(this.parts, nowMs));
  }

  rollUp(nowMs: number): Promise<void> {
    return this.moving.run(() => mergeLevels(this.parts, nowMs));
  }

  applyRetention(nowMs: number): Promise<RetentionResult> {
    const { config, archive } = this.options;
    const archiveRows = config.retention.archive ? archive : undefined;
    return this.moving.run(() =>
      applyRetention(this.parts, archiveRows && ((level, range) => archiveRows(this, level, range)), nowMs),
    );
  }

  scanRollups(level: RollupLevel, range: TimeRange): AsyncIterable<StoredRollup[]> {
    return scanRollups(this.parts, level, range, () => this.#shards());
  }

  scanResources(level: RollupLevel, range: TimeRange): AsyncIterable<StoredResources[]> {
    return scanResources(this.parts, level, range);
  }

  importRollups(level: RollupLevel, rows: readonly StoredRollup[]): Promise<number> {
    return this.moving.run(() => importRollups(this.parts, level, rows));
  }

  importResources(level: RollupLevel, rows: readonly StoredResources[]): Promise<number> {
    return this.moving.run(() => importResources(this.parts, level, rows));
  }

  readSenders(): Promise<StoredSenders> {
    return readStoredSenders(this.parts.database, this.options.clock.nowMs());
  }

  async importSenders(senders: StoredSenders): Promise<void> {
    const names = new Set([
      ...senders.servers.map(({ name }) => name),
      ...senders.senders.flatMap((each) => each.servers),
    ]);
    await this.parts.series.ensure(names, []);
    await this.parts.database.transaction('work', (session) => importSenders(session, senders));
  }

  finishImport(): Promise<void> {
    return this.moving.run(() => finishImport(this.parts));
  }

  stats(): Promise<StoreStats> {
    return readStats(this.parts, this.queue);
  }

  async close(): Promise<void> {
    // The whole store closes what they share.
  }

  readonly #owns = (server: string): boolean => !this.isOfShare || this.parts.shares.owns(server);

  #shards(): readonly number[] | undefined {
    return this.isOfShare ? [...this.parts.shares.mine] : undefined;
  }

  /** Notifications are sent by whoever saved them, for as long as it lives. */
  #collector(kind: ItemKind): string | null {
    return kind === 'notification' ? this.parts.shares.id : null;
  }

  /** In the name of the share, what is written is written only while the share is held. */
  async #write<T>(servers: readonly string[], work: (session: Session) => Promise<T>): Promise<T> {
    const { database, shares } = this.parts;
    const shards = new Set(servers.map(shardOf));
    return database.transaction('work', async (session) => {
      if (this.isOfShare && shards.size > 0) {
        const held = await shares.hold(session, shards);
        if (held.length < shards.size) throw new VitalsError('conflict', 'Another collector does this work now.');
      }
      return work(session);
    });
  }
}

/** What every collector goes by, whoever looks after a server. */
const SHARED_KINDS: ReadonlySet<ItemKind> = new Set<ItemKind>([
  'silence',
  'objective',
  'schedule',
  'copy',
  'otlp_source',
  'audit',
  'alert_rule',
  'benchmark',
  'token',
]);

class WholeStore extends PartOfStore implements PostgresStore {
  readonly ofShare: Store;
  #isClosed = false;

  constructor(options: OpenPostgresOptions, parts: PostgresParts) {
    const queue = new BatchQueue({
      commit: (batches) => appendBatches(parts, batches),
      maxBytes: options.config.ingest.maxJournalMb * 1_048_576,
      writers: INGEST_CONNECTIONS,
    });
    const moving = new Serial();
    super(options, parts, queue, moving, false);
    this.ofShare = new PartOfStore(options, parts, queue, moving, true);
  }

  get share(): WorkShare {
    return this.parts.shares;
  }

  override async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.queue.close();
    await this.moving.run(async () => {});
    try {
      if (!this.options.isGuest) await this.parts.shares.leave();
    } catch (error) {
      // The others find out by themselves, a little later.
      this.options.logger?.warn({ err: error }, 'The collector could not say that it leaves');
    }
    await this.parts.database.close();
  }
}
