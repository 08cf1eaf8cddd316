/**
 * The database slow, frozen or away, seen from outside: a collector says 503 and when to come again, keeps little, and when the
 * database is back everything that was not acknowledged is taken. And the work of a collector that dies is done by another.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { BATCH_CONTENT_TYPE } from '@mcp-vitals/wire/encode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findPostgres,
  type PostgresServer,
  startPostgres,
} from '../../packages/collector/src/testing/postgresServer.ts';
import { encodedBatch, newInstance } from '../e2e/support/batches.ts';
import { callTool, countCalls } from '../e2e/support/collector.ts';
import { type Cluster, startCluster, TOKENS } from './support/cluster.ts';

const MINUTE_MS = 60_000;

describe.skipIf(findPostgres() === undefined && process.env.MCP_VITALS_CI !== '1')('a cluster whose parts fail', () => {
  let postgres: PostgresServer;
  let cluster: Cluster;

  beforeEach(async () => {
    postgres = await startPostgres();
  });
  afterEach(async () => {
    await cluster.stop();
    await postgres.stop();
  });

  const send = async (member: number, instance: string, seq: number, failures = 0) => {
    const body = encodedBatch({ instance, seq, server: 'shop', tools: 1, samplesPerWindow: 10, failures });
    const response = await fetch(`${cluster.members[member]!.collector!.url}/v1/batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.ingest}`, 'content-type': BATCH_CONTENT_TYPE },
      body: body as Uint8Array<ArrayBuffer>,
    });
    await response.body?.cancel();
    return response;
  };
  const memoryMb = (pid: number) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

  it('says when to come again while the database is frozen or away, and loses nothing', {
    timeout: 120_000,
  }, async () => {
    cluster = await startCluster({ size: 1, store: postgres.url, settings: { ingest: { maxJournalMb: 1 } } });
    const instances = Array.from({ length: 40 }, () => newInstance());
    for (const instance of instances) expect((await send(0, instance, 1)).status).toBe(200);
    const { pid } = cluster.members[0]!.collector!.child;
    const beforeMb = memoryMb(pid!);

    await postgres.kill();
    const away = await send(0, instances[0]!, 2);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
    await postgres.start();
    await expect.poll(async () => (await send(0, instances[0]!, 2)).status, { timeout: 20_000 }).toBe(200);

    postgres.freeze();
    const answers = await Promise.all(instances.map((instance) => send(0, instance, 3)));
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(memoryMb(pid!) - beforeMb).toBeLessThan(100);
    postgres.thaw();
    for (const instance of instances) {
      await expect.poll(async () => (await send(0, instance, 3)).status, { timeout: 20_000 }).toBe(200);
    }
    expect(await countCalls(cluster.members[0]!.collector!, 'shop')).toBe(10 * (40 + 1 + 40));
  });

  it('does the work of a collector that was killed within 30 s', { timeout: 120_000 }, async () => {
    cluster = await startCluster({ size: 2, store: postgres.url });
    const owner = await ownerOf('shop');
    const other = 1 - owner;
    await cluster.members[owner]!.kill();
    const killedAtMs = Date.now();
    const instance = newInstance();
    for (let seq = 1; seq <= 3; seq++) expect((await send(other, instance, seq, 10)).status).toBe(200);
    const alerts = () =>
      callTool<{ alerts: { toolName: string }[] }>(
        cluster.members[other]!.collector!.url,
        TOKENS.admin,
        'get_active_alerts',
        {},
      );
    await expect
      .poll(async () => (await alerts()).alerts.length, { timeout: 30_000, interval: 500 })
      .toBeGreaterThan(0);
    expect(Date.now() - killedAtMs).toBeLessThan(30_000);
    // And a minute of it is moved to its row, by the same one.
    const rows = () => postgres.query('SELECT count(*)::int n FROM mcp_vitals.rollup_minute WHERE series > 0');
    await expect
      .poll(async () => (await rows())[0]!.n, { timeout: MINUTE_MS + 25_000, interval: 1_000 })
      .toBeGreaterThan(0);
  });

  /** The collector that has the shard of a server. */
  async function ownerOf(server: string): Promise<number> {
    const { shardOf } = await import('../../packages/collector/src/store/postgres/schema.ts');
    for (;;) {
      const rows = await postgres.query(`SELECT c.pid::int pid FROM mcp_vitals.work_share w
        JOIN mcp_vitals.collector c ON c.id = w.collector WHERE w.shard = ${shardOf(server)}`);
      const index = cluster.members.findIndex(({ collector }) => collector!.child.pid === rows[0]?.pid);
      const both = await postgres.query('SELECT count(DISTINCT collector)::int n FROM mcp_vitals.work_share');
      if (index >= 0 && both[0]!.n === 2) return index;
      await pause(200);
    }
  }
});
