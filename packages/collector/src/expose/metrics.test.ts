/** `GET /metrics` of a real collector, as a scraper sees it. With Prometheus itself: `prometheus.test.ts`. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_METRICS, type Scraped, scraped } from '../../../prometheus/src/testing/scrape.ts';
import type { Alert, ObjectiveStatus } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { ServerInfo } from '../model/series.ts';
import { incomingBatch } from '../store/storeFixtures.ts';
import { manualClock } from '../testing/filledStore.ts';
import { startTestCollector, type TestCollector } from '../testing/testCollector.ts';
import { createMetrics } from './service.ts';

let collector: TestCollector;
afterEach(() => collector?.stop());

async function scrape(): Promise<Scraped> {
  return scraped((await collector.ask('/metrics', { scope: 'read' })).text);
}

const calls = (seq: number, durationsMs: number[]) =>
  incomingBatch({ seq, receivedAtMs: Date.now(), windows: [{ endMs: Date.now(), durationsMs, failuresMs: [5] }] });

describe('GET /metrics', () => {
  beforeEach(async () => {
    collector = await startTestCollector();
  });

  it('asks for a token of scope read', async () => {
    expect((await collector.ask('/metrics')).status).toBe(401);
    expect((await collector.ask('/metrics', { scope: 'ingest' })).status).toBe(403);
    const answer = await collector.ask('/metrics', { scope: 'read' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('counts a batch once, and says what became of each', async () => {
    const { body } = calls(1, [1, 2]);
    await collector.app.ingest.receive(body, undefined);
    await collector.app.ingest.receive(body, undefined);
    await expect(collector.app.ingest.receive(Buffer.from('x'), undefined)).rejects.toThrow();
    const { value } = await scrape();
    const tool = { server: 'server', tool: 'tool' };
    expect(value('mcp_tool_requests_total', { ...tool, status: 'success' })).toBe(2);
    expect(value('mcp_tool_requests_total', { ...tool, status: 'error' })).toBe(1);
    expect(value('up', { server: 'server' })).toBe(1);
    expect(value('mcp_server_info', { server: 'server', version: '1.0.0' })).toBe(1);
    for (const [result, count] of Object.entries({ stored: 1, duplicate: 1, refused: 1, failed: 0 })) {
      expect(value('mcp_collector_batches_total', { result }), result).toBe(count);
    }
    expect(value('mcp_health_score', { server: 'server' })).toBeLessThan(100);
    expect(value('mcp_collector_limited_series_total')).toBe(0);
    expect(value('mcp_process_resident_memory_bytes')).toBeGreaterThan(1e6);
  });

  it('answers compressed and as OpenMetrics where that is asked for', async () => {
    const headers = { authorization: `Bearer ${collector.token('read')}`, accept: OPEN_METRICS };
    const answer = await fetch(`${collector.app.url}/metrics`, { headers });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('content-type')).toMatch('application/openmetrics-text');
    scraped(await answer.text(), 'openMetrics');
    const head = await fetch(`${collector.app.url}/metrics`, { headers, method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('times its own requests by pattern, and takes nothing of a path or a method from outside', async () => {
    await collector.ask('/metrics');
    await collector.ask('/healthz');
    await collector.ask('/api/v1/tools/get_metrics', { scope: 'read', method: 'POST', body: {} });
    await collector.ask('/api/v1/tools/nothing', { scope: 'read', method: 'POST', body: {} });
    await collector.ask('/secret/path?token=1');
    await collector.ask('/x', { method: 'PROPFIND' });
    await collector.ask('/v1/batches', { method: 'POST' });
    const { samples } = await scrape();
    const counts = samples.filter(({ name }) => name === 'http_request_duration_seconds_count');
    expect(
      counts.map(({ labels: { method, route, status }, value }) => `${method} ${route} ${status} ${value}`),
    ).toEqual(
      expect.arrayContaining([
        'GET /metrics 401 1',
        'GET /healthz 200 1',
        'POST /api/v1/tools/:name 200 1',
        'POST /api/v1/tools/:name 404 1',
        'GET other 404 1',
        'other other 404 1',
        'POST /v1/batches 401 1',
      ]),
    );
  });
});

describe('prometheus.requireToken=false', () => {
  it('lets anybody scrape, and nothing else', async () => {
    collector = await startTestCollector(['prometheus.requireToken=false']);
    expect((await collector.ask('/metrics')).status).toBe(200);
    expect((await collector.ask('/api/v1/overview')).status).toBe(401);
    expect((await collector.ask('/metrics', { headers: { host: 'rebound.example' } })).status).toBe(403);
  });
});

describe('what only the collector knows', () => {
  const NOW_MS = 1_750_000_000_000;
  const clock = manualClock(NOW_MS);
  const server = (name: string, words: Partial<ServerInfo>): ServerInfo => ({
    name,
    version: '1',
    firstSeenMs: 0,
    lastSeenMs: NOW_MS,
    liveInstances: 1,
    hosts: [],
    dropped: {},
    ...words,
  });
  const alert = (words: Partial<Alert>) =>
    ({
      server: 'a',
      tool: 't',
      severity: 'warning',
      status: 'active',
      condition: 'c',
      clearedAtMs: null,
      ...words,
    }) as Alert;
  const anomaly = { server: 'a', type: 'memory_growth', severity: 'critical' } as Anomaly;
  const objective = { name: 'fast', server: 'a', budgetLeftPercent: -20, burnRates: { '1h': 15, '3d': 0.5 } };

  async function shown(maxSeries = 100): Promise<Scraped> {
    const metrics = createMetrics({
      store: {
        listServers: async () => [
          server('a', {}),
          server('silent', { liveInstances: 0, lastSeenMs: NOW_MS - 3_600_000 }),
          server('past', { liveInstances: 0, lastSeenMs: NOW_MS - 2 * 86_400_000 }),
        ],
        readAlerts: async () => [
          alert({}),
          alert({}),
          alert({ status: 'acknowledged', clearedAtMs: 1 }),
          alert({ condition: `\u202Ex\n${'y'.repeat(500)}`, severity: 'critical' }),
        ],
        readAnomalies: async () => [anomaly, anomaly],
      },
      reports: { dashboard: async () => ({ servers: [{ name: 'a', healthScore: 40 }] }) as never },
      objectives: async () => [objective as unknown as ObjectiveStatus],
      clock,
      config: { prometheus: { requireToken: true, maxSeries } },
      storedName: (name) => name,
    });
    return scraped((await metrics.render(undefined)).body);
  }

  it('is shown as gauges', async () => {
    const { value, samples, families } = await shown();
    expect(value('up', { server: 'a' })).toBe(1);
    expect(value('up', { server: 'silent' })).toBe(0);
    expect(value('up', { server: 'past' }), 'not seen for a day').toBeUndefined();
    expect(value('mcp_server_last_seen_timestamp_seconds', { server: 'silent' })).toBe(NOW_MS / 1000 - 3_600);
    expect(value('mcp_alerts', { server: 'a', severity: 'warning', status: 'active' })).toBe(2);
    expect(value('mcp_alerts', { server: 'a', severity: 'warning', status: 'acknowledged' })).toBe(1);
    expect(value('mcp_anomalies', { server: 'a', type: 'memory_growth', severity: 'critical' })).toBe(2);
    expect(value('mcp_objective_budget_left_ratio', { server: 'a', objective: 'fast' })).toBe(-0.2);
    expect(value('mcp_objective_burn_rate', { server: 'a', objective: 'fast', window: '1h' })).toBe(15);
    expect(value('mcp_health_score', { server: 'a' })).toBe(40);
    const firing = families.get('mcp_alert_firing')!.samples;
    expect(
      firing.map(({ value }) => value),
      'once each, and not the one that is over',
    ).toEqual([1, 1]);
    const [, long] = firing;
    expect(long!.labels.condition).toMatch(/^\\u\{202e\}x\\ny+…$/);
    expect(long!.labels.condition!.length).toBeLessThanOrEqual(200);
    expect(samples.length).toBeGreaterThan(20);
  });

  it('is bounded', async () => {
    const { families } = await shown(1);
    for (const family of ['up', 'mcp_alert_firing', 'mcp_health_score']) {
      expect(families.get(family)!.samples, family).toHaveLength(1);
    }
  });
});
