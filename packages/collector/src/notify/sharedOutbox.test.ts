/** The outbox that several collectors share: who sends what, and what becomes of what the dead had to send. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { configSchema } from '../config/schema.ts';
import type { PostgresStore } from '../store/postgres/postgresStore.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { testAlert } from '../testing/filledStore.ts';
import { createNotifier, type Notifier } from './service.ts';

describeWithPostgres('notifications of several collectors', (server) => {
  let hook: Server;
  let received: string[];
  /** What the hook answers. */
  let status: number;
  let members: { store: PostgresStore; notifier: Notifier }[];

  beforeEach(async () => {
    received = [];
    status = 200;
    hook = createServer((request, response) => {
      request.resume();
      if (status === 200) received.push(String(request.headers['idempotency-key']));
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => void hook.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    const config = configSchema.parse({
      dataDir: '/nowhere',
      notifications: { channels: { hook: { type: 'webhook', url } } },
    });
    const schema = newSchema();
    members = [];
    for (let i = 0; i < 2; i++) {
      const store = await openTestStore(server(), schema, systemClock);
      const logger = { warn: () => {} };
      const notifier = createNotifier({
        store: store.ofShare,
        share: store.share,
        clock: systemClock,
        config,
        logger,
        version: '1',
      });
      await notifier.load();
      members.push({ store, notifier });
    }
  });
  afterEach(async () => {
    for (const { store, notifier } of members) {
      await notifier.close();
      await store.close();
    }
    hook.closeAllConnections();
    await new Promise((resolve) => void hook.close(resolve));
  });

  const waiting = async () => (await members[0]!.store.readItems('notification')).length;

  it('are sent by the one that saved them, and by no other', async () => {
    const [first, second] = members as [(typeof members)[0], (typeof members)[0]];
    await first.notifier.send({ kind: 'test', atMs: 0 }, ['hook'], 'one');
    await Promise.all([first.notifier.tick(), second.notifier.tick()]);
    await second.notifier.tick();
    expect(received).toEqual(['one-hook']);
    expect(await waiting()).toBe(0);
  });

  it('that one could not send before it died are sent by another, once', async () => {
    const [dead, other] = members as [(typeof members)[0], (typeof members)[0]];
    status = 500;
    await dead.notifier.send({ kind: 'test', atMs: 0 }, ['hook'], 'one');
    await dead.notifier.tick();
    await other.notifier.tick();
    expect(received).toEqual([]);
    await dead.notifier.close();
    await dead.store.close();
    members.shift();
    status = 200;
    await other.notifier.tick();
    await other.notifier.tick();
    expect(received).toEqual(['one-hook']);
    expect(await waiting()).toBe(0);
  });

  it('that were saved without the answer coming back are sent all the same', async () => {
    const { store, notifier } = members[0]!;
    const alert = testAlert({ server: 'shop', revision: 1, status: 'active' });
    const items = notifier.notificationsOf('created', alert);
    // Saved, but whoever saved it did not come to hear of it and never called `deliver`.
    await store.saveAlert(alert, items);
    await notifier.tick();
    await notifier.tick();
    expect(received).toHaveLength(1);
    notifier.deliver(items);
    await notifier.tick();
    expect(received).toHaveLength(1);
  });
});
