import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { findPostgres, type PostgresServer, startPostgres } from '../../testing/postgresServer.ts';
import { describeStoreContract, type Place } from '../store.contract.ts';
import { openPostgresStore } from './postgresStore.ts';

describe.skipIf(findPostgres() === undefined && process.env.MCP_VITALS_CI !== '1')('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  function newPlace(digests: 'tdigest' | 'bytea'): Place {
    const schema = `test_${randomBytes(6).toString('hex')}`;
    return {
      open: (config, clock) =>
        openPostgresStore({ url: server.url, clock, config: { ...config, postgres: { schema, digests } } }),
      async crash(store) {
        // What a killed collector leaves is what the database has.
        await store.close();
      },
      async remove() {
        await server.query(`DROP SCHEMA ${schema} CASCADE`);
      },
    };
  }

  // Up to 2,000 whole milliseconds in a history, each an own centroid or one of two.
  describeStoreContract('PostgreSQL with tdigest', {
    newPlace: async () => newPlace('tdigest'),
    rankTolerance: 0.01,
    sumTolerance: 1e-12,
  });
  describeStoreContract('PostgreSQL with bytea', {
    newPlace: async () => newPlace('bytea'),
    rankTolerance: 0,
    sumTolerance: 1e-12,
  });
});
