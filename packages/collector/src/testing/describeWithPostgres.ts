/** A suite that has a PostgreSQL server of its own, and is skipped where the machine has none; never in the whole check. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Clock } from '../clock.ts';
import type { ConfigInput } from '../config/schema.ts';
import { openPostgresStore, type PostgresStore } from '../store/postgres/postgresStore.ts';
import { testConfig } from '../store/storeFixtures.ts';
import { findPostgres, type PostgresServer, startPostgres } from './postgresServer.ts';

export function describeWithPostgres(name: string, body: (server: () => PostgresServer) => void): void {
  const isMissing = findPostgres() === undefined && process.env.MCP_VITALS_CI !== '1';
  describe.skipIf(isMissing)(isMissing ? `${name} (needs PostgreSQL with tdigest)` : name, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    body(() => server);
  });
}

/** A name for tables that no other test has. */
export function newSchema(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}

/** One collector's store on the tables of a schema. */
export function openTestStore(
  server: PostgresServer,
  schema: string,
  clock: Clock,
  settings: Partial<ConfigInput> = {},
): Promise<PostgresStore> {
  const config = testConfig('/nowhere', { postgres: { schema }, ...settings });
  return openPostgresStore({ url: server.url, clock, config });
}
