import { describeWithPostgres, newSchema } from '../../testing/describeWithPostgres.ts';
import { describeStoreContract, type Place } from '../store.contract.ts';
import { openPostgresStore } from './postgresStore.ts';

describeWithPostgres('PostgreSQL', (server) => {
  function newPlace(digests: 'tdigest' | 'bytea'): Place {
    const schema = newSchema();
    return {
      open: (config, clock) =>
        openPostgresStore({ url: server().url, clock, config: { ...config, postgres: { schema, digests } } }),
      /** What a killed collector leaves is what the database has. */
      crash: (store) => store.close(),
      async remove() {
        await server().query(`DROP SCHEMA ${schema} CASCADE`);
      },
    };
  }

  describeStoreContract('with tdigest', {
    newPlace: async () => newPlace('tdigest'),
    rankTolerance: 0.01,
    sumTolerance: 1e-12,
  });
  describeStoreContract('with bytea', {
    newPlace: async () => newPlace('bytea'),
    rankTolerance: 0,
    sumTolerance: 1e-12,
  });
});
