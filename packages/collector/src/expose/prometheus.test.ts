/** What Prometheus itself makes of our metrics: it scrapes a collector, and its answers agree with the collector's own. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_FAMILIES } from '@mcp-vitals/prometheus';
import { BATCH_CONTENT_TYPE, encodeBatch } from '@mcp-vitals/wire/encode';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BatchSpec, incomingBatch } from '../store/storeFixtures.ts';
import {
  describeWithPrograms,
  findMonitoringProgram,
  type RunningProgram,
  startPrometheus,
} from '../testing/monitoringPrograms.ts';
import { startTestCollector, type TestCollector } from '../testing/testCollector.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const UNTIL_SCRAPED = { timeout: 20_000, interval: 200 };

/** Skewed as durations are: 30 ms to 3 s. */
const DURATIONS_MS = Array.from({ length: 400 }, (_, i) => Math.round(30 * 100 ** (i / 400) * 1000) / 1000);
const FAILURES_MS = DURATIONS_MS.filter((_, i) => i % 10 === 0);

async function send(
  collector: TestCollector,
  spec: Omit<BatchSpec, 'receivedAtMs'>,
  exemplarMs?: number,
): Promise<void> {
  const { batch } = incomingBatch({ receivedAtMs: Date.now(), ...spec });
  const [window] = batch.windows;
  if (window && exemplarMs !== undefined) {
    window.exemplar = { traceId: TRACE_ID, spanId: '00f067aa0ba902b7', valueMs: exemplarMs, atMs: Date.now() };
  }
  const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
  const answer = await fetch(`${collector.app.url}/v1/batches`, { method: 'POST', headers, body: encodeBatch(batch) });
  expect(answer.status).toBe(200);
}

function configFor(collector: TestCollector) {
  const credentials = join(collector.dataDir, 'tokens/read');
  return {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
    scrape_configs: [
      {
        job_name: 'mcp-vitals',
        authorization: { credentials_file: credentials },
        static_configs: [{ targets: [new URL(collector.app.url).host], labels: { instance: 'collector' } }],
      },
    ],
  };
}

describeWithPrograms('Prometheus scraping a collector', ['prometheus', 'promtool'], () => {
  let collector: TestCollector;
  let prometheus: RunningProgram;
  beforeAll(async () => {
    collector = await startTestCollector();
    prometheus = await startPrometheus(configFor(collector));
  });
  afterAll(async () => {
    await prometheus?.stop();
    await collector?.stop();
  });

  /** The values of an instant query. */
  async function query(expression: string): Promise<number[]> {
    const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
    const { data, error } = (await answer.json()) as {
      data?: { result: { value: [number, string] }[] };
      error?: string;
    };
    if (data === undefined) throw new Error(`${expression}: ${error}`);
    return data.result.map(({ value: [, value] }) => Number(value));
  }
  const untilValue = (expression: string) => expect.poll(() => query(expression), UNTIL_SCRAPED);

  async function getMetrics(aggregation: string): Promise<Record<string, number>> {
    const [fromMs, toMs] = [Date.now() - 3_600_000, Date.now() + 60_000];
    const args = { startTime: new Date(fromMs).toISOString(), endTime: new Date(toMs).toISOString(), aggregation };
    const body = { ...args, mcpServer: 'server', toolName: 'tool' };
    const answer = await collector.ask('/api/v1/tools/get_metrics', { scope: 'read', method: 'POST', body });
    return (answer.json().structuredContent as { summary: Record<string, number> }).summary;
  }

  it('agrees with get_metrics on counts, rates and quantiles', async () => {
    // A series whose first value is known grows from there.
    await send(collector, { seq: 1, windows: [{ endMs: Date.now(), cancelled: 1 }] });
    await untilValue('sum(mcp_tool_requests_total{server="server"})').toEqual([0]);
    const errors = FAILURES_MS.slice(0, 20).map(() => ({ atMs: Date.now(), errorClass: 'Quota"Error', code: '' }));
    const window = { endMs: Date.now(), durationsMs: DURATIONS_MS, failuresMs: FAILURES_MS, errors };
    await send(collector, { seq: 2, windows: [window] }, DURATIONS_MS.at(-1));
    await untilValue('sum(mcp_tool_requests_total{server="server"})').toEqual([440]);

    const summary = await getMetrics('p95');
    expect(summary.totalCalls).toBe(440);
    expect(await query('mcp_tool_request_duration_seconds_count{server="server",tool="tool"}')).toEqual([440]);
    expect(await query('sum(mcp_errors_total)')).toEqual([40]);
    expect(await query('mcp_errors_total{error_type="Quota\\"Error"}')).toEqual([20]);
    const [errorRate] = await query(
      'sum(rate(mcp_tool_requests_total{status="error"}[1m])) / sum(rate(mcp_tool_requests_total[1m]))',
    );
    expect(errorRate! * 100).toBeCloseTo(summary.errorRate!, 1);
    const [mean] = await query(
      'rate(mcp_tool_request_duration_seconds_sum[1m]) / rate(mcp_tool_request_duration_seconds_count[1m])',
    );
    expect(mean! * 1000).toBeCloseTo(summary.avgResponseTime!, 0);

    for (const [q, ms] of [
      [0.95, summary.p95ResponseTime!],
      [0.99, summary.p99ResponseTime!],
    ] as const) {
      const [seconds] = await query(
        `histogram_quantile(${q}, sum by (le) (rate(mcp_tool_request_duration_seconds_bucket[1m])))`,
      );
      const buckets = SERVER_FAMILIES.toolDuration.buckets!;
      const upper = buckets.find((bound) => ms / 1000 <= bound)!;
      const lower = buckets.findLast((bound) => bound < ms / 1000) ?? 0;
      expect(seconds, `p${q * 100} within the bucket of ${ms} ms`).toBeGreaterThanOrEqual(lower);
      expect(seconds).toBeLessThanOrEqual(upper);
      const [exact] = await query(`mcp_tool_request_duration_quantiles_seconds{tool="tool",quantile="${q}"}`);
      expect(Math.abs(exact! * 1000 - ms) / ms, 'the summary').toBeLessThan(0.05);
    }
  });

  it('knows whether a server is up, beside whether the collector is', async () => {
    await untilValue('up{server="server"}').toEqual([1]);
    expect(await query('up{server=""}')).toEqual([1]);
    expect(await query('mcp_server_instances{server="server"}')).toEqual([1]);
  });

  it('finds the trace of the slowest call', async () => {
    const range = { start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000 + 60) };
    for (const family of ['mcp_tool_request_duration_seconds', 'mcp_server_operation_duration_seconds']) {
      const asked = new URLSearchParams({ query: `${family}_bucket{server="server"}`, ...range });
      const answer = await fetch(`${prometheus.url}/api/v1/query_exemplars?${asked}`);
      const { data } = (await answer.json()) as {
        data: { exemplars: { labels: { trace_id: string }; value: string }[] }[];
      };
      const [exemplar] = data.flatMap(({ exemplars }) => exemplars);
      expect(exemplar?.labels.trace_id, family).toBe(TRACE_ID);
      expect(Number(exemplar?.value)).toBeCloseTo(DURATIONS_MS.at(-1)! / 1000);
    }
  });

  it('takes a restart of the collector for what it is', async () => {
    await collector.restart();
    writeFileSync(join(prometheus.dir, 'prometheus.yml'), JSON.stringify(configFor(collector)));
    await fetch(`${prometheus.url}/-/reload`, { method: 'POST' });
    await send(collector, { seq: 3, windows: [{ endMs: Date.now(), durationsMs: [1, 2, 3] }] });
    await untilValue('mcp_tool_requests_total{status="success",tool="tool"}').toEqual([3]);
    expect(await query('resets(mcp_tool_requests_total{status="success",tool="tool"}[5m])')).toEqual([1]);
    const [grown] = await query('increase(mcp_tool_requests_total{status="success",tool="tool"}[5m])');
    expect(grown).toBeGreaterThanOrEqual(403);
    expect(grown, 'what lies between two scrapes is extrapolated, no more').toBeLessThan(1.5 * 403);
  });

  it('finds nothing to complain of, whatever servers and tools are called', async () => {
    // But for what it says of style: authors may call their own metrics by abbreviations.
    const names = [
      '"',
      '\\',
      'first\nsecond',
      '# HELP x',
      '{}',
      '\ud800',
      '\u202e',
      '__proto__',
      '',
      '\0',
      'x'.repeat(1_000),
    ];
    const windows = names.map((name) => ({ server: name, name, endMs: Date.now(), failuresMs: [1], cancelled: 1 }));
    const own = (['counter', 'gauge', 'custom'] as const).flatMap((kind) =>
      names
        .flatMap((name) => [name, `jobs{label=${JSON.stringify(name)},server="mine",le="1"}`])
        .map((name) => ({
          kind,
          name,
          server: 'hostile',
          endMs: Date.now(),
          durationsMs: [1],
        })),
    );
    await send(collector, { instance: 'hostile', seq: 1, windows: [...windows, ...own] });
    const { text } = await collector.ask('/metrics', { scope: 'read' });
    expect(text).toContain('exported_server="mine"');
    const said = execFileSync(findMonitoringProgram('promtool')!, ['check', 'metrics'], { input: text, stdio: 'pipe' });
    expect(said.toString()).toBe('');
    await untilValue('sum(up{server=~".+"})').toEqual([names.length + 2]);
  });
});
