/** Everything a store is made of, joined once; the operations (close, merge, read, retain) are functions over these parts. */
import type { Config } from '../../config/schema.ts';
import { LEVELS, type LevelName } from '../levels.ts';
import type { ReadersOf } from '../store.ts';
import { Coverage } from './coverage.ts';
import type { Connection } from './db/connection.ts';
import { Instances } from './instances.ts';
import { Journal } from './journal.ts';
import { OpenMinutes } from './openMinutes.ts';
import { RecentErrors } from './recentErrors.ts';
import { ResourceTable } from './resourceTable.ts';
import { RollupTable } from './rollupTable.ts';
import { SeriesRegistry } from './seriesRegistry.ts';
import { Servers } from './servers.ts';

export interface StoreParts {
  connection: Connection;
  config: Config;
  registry: SeriesRegistry;
  coverage: Coverage;
  journal: Journal;
  openMinutes: OpenMinutes;
  instances: Instances;
  servers: Servers;
  recentErrors: RecentErrors;
  rollups: Record<LevelName, RollupTable>;
  resources: Record<LevelName, ResourceTable>;
  /** See `Store.keepLate`; absent: nobody reads each minute once. */
  readersOf?: ReadersOf;
}

export function createParts(connection: Connection, config: Config): StoreParts {
  const registry = new SeriesRegistry(connection, config.ingest);
  return {
    connection,
    config,
    registry,
    coverage: new Coverage(connection),
    journal: new Journal(connection),
    openMinutes: new OpenMinutes(registry),
    instances: new Instances(connection),
    servers: new Servers(connection, registry),
    recentErrors: new RecentErrors(connection),
    rollups: {
      minute: new RollupTable(connection, LEVELS.minute),
      hour: new RollupTable(connection, LEVELS.hour),
      day: new RollupTable(connection, LEVELS.day),
    },
    resources: {
      minute: new ResourceTable(connection, LEVELS.minute),
      hour: new ResourceTable(connection, LEVELS.hour),
      day: new ResourceTable(connection, LEVELS.day),
    },
  };
}

/** Reads what is kept in memory. */
export function loadParts({ registry, coverage, instances, servers, recentErrors, journal }: StoreParts): void {
  registry.load();
  coverage.load();
  instances.load();
  servers.load();
  recentErrors.load();
  journal.startAfter(coverage.readMeta('last_journal_id'));
}
