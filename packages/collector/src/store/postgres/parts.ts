/** What the operations of the store on PostgreSQL share. */
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import type { ReadersOf } from '../store.ts';
import { COVERAGE_SQL, Coverage } from './coverage.ts';
import type { Database, Session } from './database.ts';
import type { DigestColumn } from './digestColumn.ts';
import type { Partitions } from './partitions.ts';
import type { SeriesTable } from './seriesTable.ts';
import type { WorkShares } from './workShares.ts';

export interface PostgresParts {
  database: Database;
  config: Config;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  column: DigestColumn;
  series: SeriesTable;
  partitions: Partitions;
  shares: WorkShares;
  /** See `Store.keepLate`; absent: nobody reads each minute once. */
  readersOf?: ReadersOf;
}

/** One moment of the database: all series of that moment are in the index, and the rows of all levels belong together. */
export interface Snapshot {
  session: Session;
  coverage: Coverage;
}

/** @throws VitalsError `unavailable` when the database is away */
export function inSnapshot<T>(
  { database, series }: Pick<PostgresParts, 'database' | 'series'>,
  read: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return database.transaction(
    'answer',
    async (session) => {
      for (;;) {
        const [coverage, ...news] = await session.script(`${COVERAGE_SQL}; ${series.newSql}`);
        if (series.learn(news)) return read({ session, coverage: Coverage.of(coverage?.[0]) });
      }
    },
    'snapshot',
  );
}
