/** Our alerts at a real Alertmanager: they come, stay, change, end, and come again after it has lost its memory. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigInput, configSchema } from '../../config/schema.ts';
import type { Alert } from '../../model/alert.ts';
import { type FilledStore, openFilledStore, testAlert } from '../../testing/filledStore.ts';
import { describeWithPrograms, type RunningProgram, startAlertmanager } from '../../testing/monitoringPrograms.ts';
import { createNotifier, type Notifier } from '../service.ts';
import { labelsOf, postableOf } from './postable.ts';

const MINUTE = 60_000;

let filled: FilledStore;
let notifier: Notifier;
const open: { close(): unknown }[] = [];

async function start(alertmanager: NonNullable<ConfigInput['alertmanager']>): Promise<void> {
  const config = configSchema.parse({ dataDir: filled.config.dataDir, alertmanager });
  const { store, clock } = filled;
  const pageUrl = () => 'https://monitor.example/';
  notifier = createNotifier({ store, clock, config, pageUrl, logger: { warn: () => {} }, version: '1.0.0' });
  await notifier.load();
}

const fingerprint = (subject: string) => JSON.stringify(['files', 'read', subject]);

/** An alert as it is from now on, told with the next tick. */
async function change(values: Partial<Alert> = {}): Promise<Alert> {
  const alertId = values.alertId ?? 'alert-20251031-001';
  const before = await filled.store.getAlert(alertId);
  const startedMs = filled.clock.nowMs();
  const fresh = testAlert({ fingerprint: fingerprint('error_rate'), createdAtMs: startedMs, activeFromMs: startedMs });
  const alert = { ...fresh, ...before, ...values, alertId, revision: (before?.revision ?? 0) + 1 };
  await filled.store.saveAlert(alert);
  notifier.alertsChanged();
  await notifier.tick();
  return alert;
}

async function later(ms: number): Promise<void> {
  filled.clock.advance(ms);
  await notifier.tick();
}

interface Received {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
}

async function peer(answer: RequestListener): Promise<{ url: string; bodies: Received[][]; headers: unknown[] }> {
  const bodies: Received[][] = [];
  const headers: unknown[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(JSON.parse(body));
    headers.push(request.headers.authorization);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => server.closeAllConnections() ?? server.close() });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, headers };
}

const accept: RequestListener = (_, response) => void response.writeHead(200).end();
const refuse: RequestListener = (_, response) => void response.writeHead(500).end();

beforeEach(async () => {
  filled = await openFilledStore(Date.now());
});

afterEach(async () => {
  await notifier.close();
  for (const each of open.splice(0)) await each.close();
  await filled.close();
});

describeWithPrograms('a real Alertmanager', ['prometheus-alertmanager'], () => {
  const CONFIG = {
    global: { resolve_timeout: '1s' },
    route: { receiver: 'nobody' },
    receivers: [{ name: 'nobody' }],
  };

  async function alertsAt({ url }: RunningProgram): Promise<Received[]> {
    return (await fetch(`${url}/api/v2/alerts`)).json() as Promise<Received[]>;
  }

  it('has an alert as long as it holds, in one place, and again after it has lost its memory', async () => {
    let manager = await startAlertmanager(CONFIG);
    open.push({ close: () => manager.stop() });
    await start({ urls: [manager.url] });
    await change({ evidence: ['3 of 10 calls failed.'] });
    const [told, ...others] = await alertsAt(manager);
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      labels: {
        alertname: 'McpErrorRate',
        severity: 'critical',
        source: 'mcp-vitals',
        server: 'files',
        tool: 'read',
        subject: 'error_rate',
      },
      annotations: {
        summary: 'read of files: error_rate > 5%',
        description: '3 of 10 calls failed.',
        alert_id: 'alert-20251031-001',
      },
      generatorURL: 'https://monitor.example/alerts?server=files',
    });
    const endsAtMs = Date.parse(told!.endsAt);

    await change({ status: 'acknowledged', acknowledgedBy: 'ann' });
    await later(MINUTE);
    await later(MINUTE);
    const [kept, ...more] = await alertsAt(manager);
    expect(more).toEqual([]);
    expect(Date.parse(kept!.endsAt) - endsAtMs).toBe(2 * MINUTE);
    expect(kept).toMatchObject({ startsAt: told!.startsAt, annotations: { acknowledged_by: 'ann' } });

    const port = Number(new URL(manager.url).port);
    await manager.stop();
    await later(MINUTE);
    expect(notifier.status()).toMatchObject([{ name: 'alertmanager:1', failures: 1, waiting: 1 }]);
    manager = await startAlertmanager(CONFIG, port);
    expect(await alertsAt(manager)).toEqual([]);
    await later(5_000);
    expect(await alertsAt(manager)).toMatchObject([{ labels: told!.labels, startsAt: told!.startsAt }]);
    expect(notifier.status()).toMatchObject([{ failures: 0, waiting: 0 }]);

    // Its clock is the real one: the end has to be in the past of that.
    await change({ clearedAtMs: Date.now() - 1 });
    expect(await alertsAt(manager)).toEqual([]);
  });

  it('sees a warning that becomes critical as another alert, and the warning end', async () => {
    const manager = await startAlertmanager(CONFIG);
    open.push({ close: () => manager.stop() });
    await start({ urls: [manager.url] });
    filled.clock.advance(-MINUTE);
    await change({ severity: 'warning' });
    await change({ severity: 'critical' });
    expect((await alertsAt(manager)).map(({ labels }) => labels.severity)).toEqual(['critical']);
  });
});

describe('each Alertmanager', () => {
  it('is told by itself: one that fails is asked later each time, the other every minute', async () => {
    let answer = refuse;
    const down = await peer((request, response) => answer(request, response));
    const up = await peer(accept);
    process.env.AM_TEST_TOKEN = 'very-secret';
    await start({ urls: [down.url, up.url], bearerToken: 'env:AM_TEST_TOKEN' });
    await change();
    expect(up.headers).toEqual(['Bearer very-secret']);
    for (let second = 0; second < 170; second += 5) await later(5_000);
    // At 0, 5, 15, 35, 75 and 135 s.
    expect(down.bodies).toHaveLength(6);
    // At once, and after each of two minutes.
    expect(up.bodies).toHaveLength(3);
    expect(notifier.failing()).toMatchObject([
      { name: 'alertmanager:1', failures: 6, error: 'it answered 500', waiting: 1 },
    ]);
    answer = accept;
    await later(60_000);
    expect(notifier.failing()).toEqual([]);
    expect(down.bodies.at(-1)).toEqual(up.bodies.at(-1));
  });

  it('is told the end of an alert for a while, and not of what never was, is another program’s, or is silenced', async () => {
    const { url, bodies } = await peer(accept);
    await start({ urls: [url] });
    const untilMs = filled.clock.nowMs() + 10 * MINUTE;
    const silence = {
      silenceId: 's',
      server: 'quiet',
      tool: '*',
      fromMs: filled.clock.nowMs() - 1,
      untilMs,
      by: 'a',
      reason: '',
    };
    await filled.store.saveItems('silence', [{ key: 's', value: silence }]);
    await change({ alertId: 'alert-1', fingerprint: '["files","read","alertmanager:x"]' });
    await change({ alertId: 'alert-2', fingerprint: 'not json', status: 'pending' });
    await change({ alertId: 'alert-3', fingerprint: '["quiet","","rule:too slow"]', server: 'quiet', tool: '' });
    expect(bodies.at(-1)).toEqual([]);
    await change();
    const startsAtMs = filled.clock.nowMs();
    filled.clock.advance(MINUTE);
    const endedAtMs = filled.clock.nowMs();
    await change({ status: 'resolved', clearedAtMs: endedAtMs, resolvedAtMs: endedAtMs });
    const end = { startsAt: new Date(startsAtMs).toISOString(), endsAt: new Date(endedAtMs).toISOString() };
    expect(bodies.at(-1)).toMatchObject([{ labels: { alertname: 'McpErrorRate' }, ...end }]);
    await later(9 * MINUTE);
    expect(bodies.at(-1)).toMatchObject([end, { labels: { alertname: 'too slow', server: 'quiet' } }]);
    await later(7 * MINUTE);
    expect(bodies.at(-1)).toMatchObject([{ labels: { alertname: 'too slow' } }]);
  });

  it('is not told that an alert is over which another collector has taken over', async () => {
    const { url, bodies } = await peer(accept);
    const {
      store,
      clock,
      config: { dataDir },
    } = filled;
    const config = configSchema.parse({ dataDir, alertmanager: { urls: [url] } });
    let isMine = true;
    const ofShare: Parameters<typeof createNotifier>[0]['store'] = {
      readItems: (kind) => store.readItems(kind),
      saveItems: (kind, items) => store.saveItems(kind, items),
      deleteItems: (kind, keys) => store.deleteItems(kind, keys),
      getAlert: (alertId) => store.getAlert(alertId),
      readAlerts: async (filter) => (isMine ? store.readAlerts(filter) : []),
    };
    notifier = createNotifier({ store: ofShare, clock, config, logger: { warn: () => {} }, version: '1.0.0' });
    await change();
    isMine = false;
    await later(MINUTE);
    expect(bodies.map((alerts) => alerts.length)).toEqual([1, 0]);
  });

  it('has told people itself of what it tells us: our channels are silent about that unless they are asked to', async () => {
    const alert = testAlert({ fingerprint: fingerprint('alertmanager:x') });
    for (const notify of [false, true]) {
      const { dataDir } = filled.config;
      const channels = { log: { type: 'log' } } as const;
      const config = configSchema.parse({ dataDir, notifications: { channels }, alertmanager: { notify } });
      const { store, clock } = filled;
      notifier = createNotifier({ store, clock, config, logger: { warn: () => {} }, version: '1.0.0' });
      expect(notifier.notificationsOf('created', alert)).toHaveLength(notify ? 1 : 0);
      expect(notifier.notificationsOf('created', testAlert({}))).toHaveLength(1);
    }
  });

  it('can be tried', async () => {
    const good = await peer(accept);
    const bad = await peer(refuse);
    await start({ urls: [good.url, bad.url], user: 'ann', password: 'secret-word' });
    await notifier.test('alertmanager:1');
    expect(good.headers).toEqual([`Basic ${Buffer.from('ann:secret-word').toString('base64')}`]);
    await expect(notifier.test('alertmanager:2')).rejects.toThrow(
      'The channel "alertmanager:2" failed: it answered 500',
    );
    await expect(notifier.test('alertmanager:3')).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Configured: alertmanager:1, alertmanager:2.',
    });
  });
});

describe('what is sent of an alert', () => {
  it('is known by the same labels as long as it lives', () => {
    const alert = testAlert({ fingerprint: fingerprint('response_time_spike') });
    const labels = labelsOf(alert);
    expect(labels.alertname).toBe('McpResponseTimeSpike');
    const aged = {
      status: 'escalated',
      currentValue: 9,
      condition: 'x',
      repeats: 4,
      revision: 9,
    } as const;
    expect(labelsOf({ ...alert, ...aged, evidence: ['y'] })).toEqual(labels);
    expect(labelsOf(testAlert({ fingerprint: '["mcp-vitals","","own:free_disk"]' })).alertname).toBe(
      'McpCollectorFreeDisk',
    );
  });

  it('says value and limit where there is no evidence', () => {
    const alert = testAlert({ evidence: [], currentValue: 100 / 24.5, threshold: 1 });
    expect(postableOf(alert, 0, 'http://127.0.0.1:1').annotations).toMatchObject({
      description: 'Value 4.082, limit 1.',
      value: '4.082',
      threshold: '1',
    });
  });

  it('is bounded and visible, whatever names it bears', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2_000 });
    fc.assert(
      fc.property(text, text, text, text, (server, tool, condition, subject) => {
        const alert = testAlert({
          ...{ server, tool, condition, activeFromMs: 10 },
          fingerprint: JSON.stringify([server, tool, subject]),
          evidence: new Array(50).fill(condition),
        });
        const { labels, annotations, startsAt, endsAt, generatorURL } = postableOf(alert, 0, 'http://127.0.0.1:1');
        expect(startsAt).toBe(endsAt);
        expect(URL.canParse(generatorURL)).toBe(true);
        for (const value of [...Object.values(labels), ...Object.values(annotations)]) {
          expect(value).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          expect(value.length).toBeLessThanOrEqual(8 * 401);
        }
      }),
    );
  });
});
