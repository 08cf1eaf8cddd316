import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../../testing/describeWithPostgres.ts';
import { incomingBatch, ManualClock, testConfig } from '../storeFixtures.ts';
import { openPostgresStore } from './postgresStore.ts';
import { MIGRATIONS } from './schema.ts';

describeWithPostgres('the schema', (server) => {
  const schema = newSchema();
  const clock = new ManualClock(Date.UTC(2025, 9, 31));
  const open = (settings = {}) => openTestStore(server(), schema, clock, settings);
  const setMeta = (key: string, value: number) =>
    server().query(`UPDATE ${schema}.meta SET value = ${value} WHERE key = '${key}'`);

  afterEach(() => server().query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`));

  it('is made once by collectors that start together', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    for (const store of stores) expect(await store.listServers()).toEqual([]);
    for (const store of stores) await store.close();
  });

  it('may be newer than the program as long as that can live with it', async () => {
    await (await open()).close();
    await setMeta('schema_version', MIGRATIONS.length + 1);
    const store = await open();
    expect(await store.listServers()).toEqual([]);
    await store.close();
    await setMeta('schema_works_with', MIGRATIONS.length + 1);
    await expect(open()).rejects.toMatchObject({ code: 'conflict', hint: 'Install the newest mcp-vitals.' });
  });

  it('is brought from its first version, with what it holds, to one that has histograms', async () => {
    await server().query(`CREATE SCHEMA ${schema}; CREATE EXTENSION IF NOT EXISTS tdigest SCHEMA public;
      SET search_path = ${schema}, public; ${MIGRATIONS[0]!.sql('tdigest')};
      INSERT INTO meta VALUES ('schema_version', 1), ('schema_works_with', 1), ('digests_are_bytea', 0);
      INSERT INTO server (name, shard) VALUES ('server', 0);
      INSERT INTO series (server, scope_id, shard, kind, name) SELECT name, scope_id, 0, 'tool', 'tool' FROM server;
      INSERT INTO rollup_open SELECT ${clock.timeMs}, id, 0, 2, 0, 0, 0, 0, 0, 0, 30, 10, 20, tdigest(v, 200)
        FROM series, (VALUES (10::float8), (20)) samples (v) GROUP BY id`);
    const store = await open();
    const durations = async () => {
      const range = { fromMs: clock.timeMs, toMs: clock.timeMs + 60_000 };
      return (await store.readRollups({ ...range, filter: {}, scope: 'series', digests: true })).rollups[0]!.digest!;
    };
    expect((await durations()).max).toBe(20);
    const windows = [{ endMs: clock.timeMs + 1, countedMs: [60, 70] }];
    await store.append(incomingBatch({ seq: 1, receivedAtMs: clock.timeMs, windows }));
    await store.closeMinutes(clock.timeMs + 600_000);
    expect(await durations()).toMatchObject({ count: 4, sum: 160, min: 10, max: 70 });
    await store.close();
  });

  it('keeps the kind of digests it was made with', async () => {
    await (await open()).close();
    await expect(open({ postgres: { schema, digests: 'bytea' } })).rejects.toMatchObject({
      code: 'conflict',
      hint: 'Set postgres.digests to tdigest, or use another database.',
    });
  });

  it('says what to do where the extension may not be made', async () => {
    await server().query(`CREATE ROLE plain LOGIN`);
    const url = (await server().database('without_extension')).replace('postgres@', 'plain@');
    await server().query('GRANT CREATE ON DATABASE without_extension TO plain');
    const config = testConfig('/nowhere', { postgres: { schema } });
    await expect(openPostgresStore({ url, clock, config })).rejects.toMatchObject({
      code: 'invalid',
      hint: 'Let a superuser run: CREATE EXTENSION tdigest',
    });
    const bytea = testConfig('/nowhere', { postgres: { schema, digests: 'bytea' } });
    await (await openPostgresStore({ url, clock, config: bytea })).close();
  });

  it('is waited for for a while, and then it is said where and why not', async () => {
    const url = 'postgres://me:secret@127.0.0.1:1/vitals';
    const away = openPostgresStore({ url, clock: systemClock, config: testConfig('/nowhere'), isGuest: true });
    await expect(away).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The database does not answer: connect ECONNREFUSED 127.0.0.1:1.',
    });
  });

  it('is not looked for where the database refuses', async () => {
    const url = server().url.replace(/postgres$/, 'no_such_database');
    await expect(openPostgresStore({ url, clock, config: testConfig('/nowhere') })).rejects.toMatchObject({
      code: 'invalid',
      message: 'The database refuses: database "no_such_database" does not exist.',
    });
  });
});
