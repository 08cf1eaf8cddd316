/** Opens the store that the settings name. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../logger.ts';
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import { openSqliteStore } from './sqlite/sqliteStore.ts';
import type { ArchiveRows, Store } from './store.ts';

export interface OpenStoreOptions {
  config: Config;
  clock: Clock;
  logger?: Logger | undefined;
  /** Writes rows that are about to be deleted. */
  archive?: ArchiveRows | undefined;
  /** Change nothing, whoever owns the directory; of `sqlite`. */
  readOnly?: boolean;
  /** Take no share of the work that collectors do; of `postgres`. */
  isGuest?: boolean;
}

export interface OpenedStore {
  store: Store;
  /** The work in the background that is this collector's, and the store as that work sees it. */
  share: WorkShare;
  ofShare: Store;
  /** Whether other collectors may have the same store. */
  isShared: boolean;
}

/** @throws VitalsError with what to do about it */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { config } = options;
  if (config.store === 'sqlite') {
    const store = await openSqliteStore({ ...options, dataDir: config.dataDir });
    return { store, share: WHOLE_SHARE, ofShare: store, isShared: false };
  }
  // The client of PostgreSQL is loaded by those who have one.
  const { openPostgresStore } = await import('./postgres/postgresStore.ts');
  const store = await openPostgresStore({ ...options, url: config.store });
  return { store, share: store.share, ofShare: store.ofShare, isShared: true };
}
