/** The collector between a real Prometheus and a real Alertmanager: alerts go both ways, and not in circles. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './testing/freePort.ts';
import { describeWithPrograms, startAlertmanager, startPrometheus } from './testing/monitoringPrograms.ts';
import { newDataDir, startTestCollector, type TestCollector } from './testing/testCollector.ts';

const HOOK = '/v1/alertmanager';

async function activeAlerts(collector: TestCollector): Promise<Record<string, unknown>[]> {
  const asked = { scope: 'read', method: 'POST', body: {} } as const;
  const { structuredContent } = (await collector.ask('/api/v1/tools/get_active_alerts', asked)).json();
  return (structuredContent as { alerts: Record<string, unknown>[] }).alerts;
}

async function countOf(collector: TestCollector): Promise<number> {
  return ((await collector.ask('/api/v1/alerts', { scope: 'read' })).json().alerts as unknown[]).length;
}

/** Looks again until it is so; what never is ends with the test's own time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('the webhook', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await startTestCollector();
  });
  afterAll(() => collector.stop());

  const ALERT = { status: 'firing', labels: { alertname: 'A', job: 'api' } };
  const send = (body: unknown, headers: Record<string, string> = {}) =>
    collector.ask(HOOK, { scope: 'ingest', method: 'POST', body, headers });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"alerts": ['],
    ['another shape', { alerts: {} }],
    ['an alert without labels', { alerts: [{ status: 'firing' }] }],
    ['a status that there is not', { alerts: [{ ...ALERT, status: 'perhaps' }] }],
    ['labels that are no text', { alerts: [{ ...ALERT, labels: { alertname: ['A'] } }] }],
    [
      'too many labels',
      { alerts: [{ ...ALERT, labels: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`l${i}`, ''])) }] },
    ],
    ['too many alerts', { alerts: new Array(501).fill(ALERT) }],
    ['an end that is no time', { alerts: [{ ...ALERT, endsAt: 'soon' }] }],
    ['a deep nest', `${'['.repeat(200_000)}`],
  ])('refuses %s', async (_, body) => {
    expect((await send(body)).status).toBe(400);
    expect(await activeAlerts(collector)).toEqual([]);
  });

  it('refuses what is too large, of another type, and from strangers', async () => {
    expect((await send({ alerts: [], pad: 'x'.repeat(1 << 20) })).status).toBe(413);
    expect((await send('alerts=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(400);
    expect((await collector.ask(HOOK, { method: 'POST', body: { alerts: [ALERT] } })).status).toBe(401);
    expect(await activeAlerts(collector)).toEqual([]);
  });

  it("takes what Grafana's contact point sends", async () => {
    const answer = await send({
      receiver: 'mcp-vitals',
      status: 'firing',
      orgId: 1,
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'Slow', grafana_folder: 'mcp', severity: 'critical' },
          annotations: { summary: 'p95 is 3 s' },
          startsAt: '2026-01-06T08:00:00Z',
          endsAt: '0001-01-01T00:00:00Z',
          values: { B: 3 },
          generatorURL: 'https://grafana.example/alerting/x/edit',
          fingerprint: '57c6d9296de2ad39',
          silenceURL: 'https://grafana.example/silence',
          dashboardURL: '',
          panelURL: '',
          valueString: '[ var=B value=3 ]',
        },
      ],
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'https://grafana.example/',
      version: '1',
      groupKey: '{}:{}',
      truncatedAlerts: 0,
      title: '[FIRING:1]',
      state: 'alerting',
      message: 'Slow',
    });
    expect(answer.json()).toEqual({ firing: 1, resolved: 0, ignored: 0 });
    expect(await activeAlerts(collector)).toMatchObject([
      { mcpServer: 'alertmanager', severity: 'critical', condition: 'Alertmanager: "Slow" (grafana_folder="mcp")' },
    ]);
  });
});

describeWithPrograms('Prometheus and Alertmanager', ['prometheus', 'prometheus-alertmanager'], () => {
  const running: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
  });

  const keep = <Running extends { stop(): Promise<unknown> }>(started: Running): Running => {
    running.push(started);
    return started;
  };

  /** A server whose one metric says whether it is broken. */
  async function brokenThing(): Promise<{ target: string; mend(): void }> {
    let value = 1;
    const mend = () => {
      value = 0;
    };
    const server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`thing_broken ${value}\n`),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    keep({
      stop: async () => {
        server.closeAllConnections();
        server.close();
      },
    });
    return { target: `127.0.0.1:${(server.address() as AddressInfo).port}`, mend };
  }

  it('tell of what they see, and are told of what we see, each once', async () => {
    const dataDir = newDataDir();
    const port = await freePort();
    const webhook = {
      url: `http://127.0.0.1:${port}${HOOK}`,
      http_config: { authorization: { credentials_file: join(dataDir, 'tokens', 'ingest') } },
    };
    const manager = keep(
      await startAlertmanager({
        route: { receiver: 'us', group_wait: '0s', group_interval: '1s', group_by: ['...'] },
        receivers: [{ name: 'us', webhook_configs: [webhook] }],
      }),
    );
    const thing = await brokenThing();
    const collector = keep(await startTestCollector([`alertmanager.urls=${manager.url}`, `port=${port}`], { dataDir }));
    const rule = {
      alert: 'ThingBroken',
      expr: 'thing_broken == 1',
      labels: { severity: 'critical', server: 'shop' },
      annotations: { summary: 'The thing is broken.' },
    };
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      scrape_configs: [{ job_name: 'thing', static_configs: [{ targets: [thing.target] }] }],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(manager.url).host] }] }] },
      rule_files: ['rules.yml'],
    };
    keep(await startPrometheus(config, { 'rules.yml': JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] }) }));

    const namesAt = async () => {
      const found = (await (await fetch(`${manager.url}/api/v2/alerts`)).json()) as { labels: { alertname: string } }[];
      return found.map(({ labels }) => labels.alertname).sort();
    };
    const failedCall = { mcpServer: 'shop', toolName: 'pay', duration: 5, success: false };
    for (let i = 0; i < 12; i++) {
      await collector.ask('/api/v1/tools/track_performance', { scope: 'admin', method: 'POST', body: failedCall });
    }
    await until(async () => (await countOf(collector)) === 2);
    await until(async () => (await namesAt()).length === 2);
    expect(await namesAt()).toEqual(['McpErrorRate', 'ThingBroken']);
    // Ours has come back, and is not taken in.
    await until(async () => (await sentTo(manager.url)) >= 2);
    const active = await activeAlerts(collector);
    expect(active.map(({ condition }) => condition).sort()).toEqual([
      expect.stringMatching(/^Alertmanager: "ThingBroken" \(instance="127\.0\.0\.1:\d+", job="thing"\)$/),
      'error_rate > 5%',
    ]);
    expect(active.map(({ mcpServer }) => mcpServer)).toEqual(['shop', 'shop']);

    thing.mend();
    await until(async () => (await countOf(collector)) === 1);
    expect(await activeAlerts(collector)).toMatchObject([{ condition: 'error_rate > 5%' }]);
  });
});

/** Webhooks that it has delivered. */
async function sentTo(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string) =>
    Number(new RegExp(`^${name}\\{integration="webhook"\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
  return read('alertmanager_notifications_total') - read('alertmanager_notifications_failed_total');
}
