import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';
import { ManualClock, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { createAccessTokens } from './accessTokens.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21));
const INPUT = { name: 'grafana', scope: 'read', workspace: 'team-a' } as const;

describe('tokens of a workspace', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mv-tokens-'));
  let store: Store;
  beforeAll(async () => {
    store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock, ballastBytes: 0 });
  });
  afterAll(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('are found by the whole of them, and by nothing else', async () => {
    const tokens = createAccessTokens({ store, clock });
    const { token, ...issued } = await tokens.create(INPUT);
    expect(tokens.find(token)).toEqual(issued);
    const other = (await tokens.create(INPUT)).token;
    const [id, secret] = [token.slice(0, 12), other.slice(13)];
    for (const wrong of ['', id, `${id}_`, `${id}_${secret}`, `${token}x`, token.slice(0, -1), token.toUpperCase()])
      expect(tokens.find(wrong)).toBeUndefined();
  });

  it('are kept as hashes', async () => {
    const tokens = createAccessTokens({ store, clock });
    const { token } = await tokens.create(INPUT);
    expect(JSON.stringify(await store.readItems('token'))).not.toContain(token.slice(13));
    expect(JSON.stringify(await tokens.list())).not.toMatch(/hash/);
  });

  it('are worthless once they are revoked', async () => {
    const tokens = createAccessTokens({ store, clock });
    const { token, tokenId } = await tokens.create(INPUT);
    await tokens.revoke(tokenId);
    expect([tokens.find(token), tokens.findById(tokenId)]).toEqual([undefined, undefined]);
    await expect(tokens.revoke(tokenId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are for what can be a workspace', async () => {
    const tokens = createAccessTokens({ store, clock });
    for (const workspace of ['', 'A', 'a::b', '-a', 'a'.repeat(40)])
      await expect(tokens.create({ ...INPUT, workspace })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describeWithPostgres('tokens of collectors that share a store', (server) => {
  it('are known to the others when they are told of a change', async () => {
    const schema = newSchema();
    const [one, other] = [await openTestStore(server(), schema, clock), await openTestStore(server(), schema, clock)];
    const [here, there] = [createAccessTokens({ store: one, clock }), createAccessTokens({ store: other, clock })];
    await there.load();
    const told = new Promise<void>((resolve) => {
      other.share.onChange((changed) => changed.has('token') && resolve());
    });
    const { token, tokenId } = await here.create(INPUT);
    await told;
    await there.load();
    expect(there.find(token)).toMatchObject({ workspace: 'team-a' });
    await there.revoke(tokenId);
    await here.load();
    expect(here.find(token)).toBeUndefined();
    await one.close();
    await other.close();
  });
});
