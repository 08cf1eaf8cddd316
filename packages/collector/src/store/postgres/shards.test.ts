/**
 * Where the rows of a level lie on other servers, they are merged there: two databases joined by postgres_fdw stand in for
 * the workers of Citus, and the statement is the one that the store sends.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import { describeWithPostgres, openTestStore } from '../../testing/describeWithPostgres.ts';
import { incomingBatch, ManualClock } from '../storeFixtures.ts';
import { TDIGEST_COLUMN } from './digestColumn.ts';
import type { PostgresStore } from './postgresStore.ts';
import { atPartitions, rollupSql } from './readRollups.ts';

const START_MS = Date.UTC(2025, 9, 30);
const SHARD_NAMES = ['worker_0', 'worker_1'] as const;
const SCHEMA = 'coordinator';
const TOOLS = 40;

describeWithPostgres('a level that lies on two workers', (server) => {
  let store: PostgresStore;
  let client: pg.Client;
  const clock = new ManualClock(START_MS);
  const day = { fromMs: START_MS, toMs: START_MS + DAY_MS };
  const query = { ...day, filter: {}, scope: 'series', digests: true } as const;

  beforeAll(async () => {
    store = await openTestStore(server(), SCHEMA, clock);
    for (let hour = 0; hour < 24; hour++) {
      clock.timeMs = START_MS + hour * HOUR_MS + 1;
      const windows = Array.from({ length: TOOLS }, (_, tool) => ({
        name: `tool-${tool}`,
        endMs: clock.timeMs,
        durationsMs: Array.from({ length: 30 }, (_, i) => tool + ((i * 13 + hour) % 100)),
      }));
      await store.append(incomingBatch({ seq: hour + 1, receivedAtMs: clock.timeMs, windows }));
    }
    // A little of the next day keeps the day before from being merged into one row.
    clock.timeMs = START_MS + DAY_MS + 60_000;
    await store.closeMinutes(clock.timeMs + HOUR_MS);
    await store.rollUp(clock.timeMs);
    client = new pg.Client({ connectionString: server().url, options: `-c search_path=${SCHEMA},public` });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await store.close();
  });

  /** The day's partition is exchanged for one that is cut by series, whose two halves lie in other databases. */
  async function moveToWorkers(): Promise<void> {
    const partition = `rollup_hour_${START_MS / HOUR_MS}`;
    await client.query(`CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA public; ALTER TABLE rollup_hour DETACH PARTITION ${partition};
      ALTER TABLE ${partition} RENAME TO before;
      CREATE TABLE ${partition} PARTITION OF rollup_hour FOR VALUES FROM (${day.fromMs}) TO (${day.toMs}) PARTITION BY HASH (series)`);
    for (const [i, name] of SHARD_NAMES.entries()) {
      const worker = new pg.Client({ connectionString: await server().database(name) });
      await worker.connect();
      const { rows } = await client.query(
        `SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) columns FROM pg_attribute WHERE attrelid = 'before'::regclass AND attnum > 0`,
      );
      await worker.query(`CREATE EXTENSION IF NOT EXISTS tdigest; CREATE TABLE rows (${rows[0].columns})`);
      await worker.end();
      await client.query(`
        CREATE SERVER ${name} FOREIGN DATA WRAPPER postgres_fdw
          OPTIONS (host '127.0.0.1', port '${server().port}', dbname '${name}', extensions 'tdigest', use_remote_estimate 'true');
        CREATE USER MAPPING FOR postgres SERVER ${name} OPTIONS (user 'postgres');
        CREATE FOREIGN TABLE on_${name} PARTITION OF ${partition} FOR VALUES WITH (MODULUS 2, REMAINDER ${i}) SERVER ${name} OPTIONS (schema_name 'public', table_name 'rows')`);
    }
    await client.query(`INSERT INTO ${partition} SELECT * FROM before`);
    // Workers of a database in use know what they hold.
    for (const name of SHARD_NAMES) {
      const worker = new pg.Client({ connectionString: await server().database(name) });
      await worker.connect();
      await worker.query('ANALYZE rows');
      await worker.end();
    }
  }

  it('is merged on the workers, and answers as before', async () => {
    const before = await store.readRollups(query);
    expect(before.rollups).toHaveLength(TOOLS);
    await moveToWorkers();
    // What an operator of such a database sets for the role.
    await server().query('ALTER DATABASE postgres SET enable_partitionwise_aggregate = on');
    const { sql } = rollupSql({
      query,
      usedRange: day,
      pieces: atPartitions({ level: 'hour', ...day }),
      selection: { levels: 'series > 0', openSeries: 'o.series', open: 'true', ids: undefined },
      column: TDIGEST_COLUMN,
      isSpread: true,
    });
    await client.query('SET enable_partitionwise_aggregate = on');
    const { rows } = await client.query(`EXPLAIN (VERBOSE, COSTS OFF) ${sql}`);
    const remote = rows.map((row) => String(row['QUERY PLAN'])).filter((line) => line.includes('Remote SQL'));
    expect(remote).toHaveLength(SHARD_NAMES.length);
    for (const line of remote) {
      expect(line).toContain('tdigest(');
      expect(line).toContain('GROUP BY');
    }
    const after = await store.readRollups(query);
    expect(after.rollups.map(({ series, outcomes }) => [series.name, outcomes])).toEqual(
      before.rollups.map(({ series, outcomes }) => [series.name, outcomes]),
    );
    for (const [i, { digest }] of after.rollups.entries()) {
      for (const q of [0.5, 0.95]) {
        const expected = before.rollups[i]!.digest!.quantile(q);
        expect(Math.abs(digest!.quantile(q) - expected)).toBeLessThanOrEqual(2);
      }
    }
  });
});
