/** A server that serves its own metrics, scraped by a real Prometheus; no collector anywhere. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../packages/collector/src/testing/freePort.ts';
import {
  describeWithPrograms,
  type RunningProgram,
  startPrometheus,
} from '../../packages/collector/src/testing/monitoringPrograms.ts';
import { connectStdio } from '../../scripts/demo/connect.ts';

const own = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the specification of dashboards and alerts asks for, and a query that finds it. */
const SPECIFIED = [
  'mcp_tool_requests_total{tool="look_up",status="success"} == 3',
  'mcp_tool_requests_total{tool="look_up",status="error"} == 1',
  'mcp_tool_request_duration_seconds_bucket{tool="look_up",le="10.0"} == 4 or mcp_tool_request_duration_seconds_bucket{tool="look_up",le="10"} == 4',
  'histogram_quantile(0.95, mcp_tool_request_duration_seconds_bucket{tool="look_up"}) > 0',
  'mcp_errors_total{tool="look_up"} == 1',
  'mcp_timeout_total{tool="look_up"} == 0',
  'mcp_memory_usage_bytes{type="heap_used"} > 1e6',
  'mcp_memory_usage_bytes{type="heap_total"} > 1e6',
  'mcp_memory_usage_bytes{type="external"} > 1e4',
  'mcp_memory_usage_bytes{type="rss"} > 1e7',
  'mcp_active_connections{type="stdio"} == 1',
  'mcp_cache_hits_total{cache="meanings"} == 1',
  'mcp_cache_misses_total{cache="meanings"} == 3',
  'mcp_database_queries_total{query_type="select"} == 3',
  'mcp_database_query_duration_seconds_count{query_type="select"} == 3',
  'mcp_server_operation_duration_seconds_count{gen_ai_tool_name="look_up",mcp_method_name="tools/call"} == 4',
  'mcp_process_cpu_seconds_total > 0',
  'mcp_nodejs_heap_size_used_bytes > 1e6',
  'up{job="mcp"} == 1',
];

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

let dataDir: string;
let port: number;
let client: Client;

/** Starts the example and calls it: three calls that go well, one that fails. */
async function startExample(nodeArgs: readonly string[] = []): Promise<void> {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-metrics-'));
  port = await freePort();
  const env = {
    PATH: process.env.PATH!,
    METRICS_PORT: String(port),
    MCP_VITALS_DATA: dataDir,
    MCP_VITALS_URL: `http://127.0.0.1:${await freePort()}`,
  };
  const args = [...nodeArgs, '--import', 'tsx', own('../../examples/prometheus/server.ts')];
  client = await connectStdio({ command: process.execPath, args, env, logFile: join(dataDir, 'stderr') });
  for (const word of ['gauge', 'counter', 'gauge', 'summary']) {
    await client.callTool({ name: 'look_up', arguments: { word }, _meta: { traceparent } });
  }
}

async function stopExample(): Promise<void> {
  await client.close();
  rmSync(dataDir, { recursive: true, force: true });
}

const scrape = async (accept = 'text/plain') =>
  (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } })).text();

describeWithPrograms('a scraped server', ['prometheus', 'promtool'], () => {
  let prometheus: RunningProgram;

  async function ask<Result>(path: string, parameters: Record<string, string>): Promise<Result> {
    const response = await fetch(`${prometheus.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    return ((await response.json()) as { data: Result }).data;
  }

  const found = async (query: string) => (await ask<{ result: unknown[] }>('query', { query })).result.length;

  beforeAll(async () => {
    await startExample();
    prometheus = await startPrometheus({
      scrape_configs: [
        { job_name: 'mcp', scrape_interval: '1s', static_configs: [{ targets: [`127.0.0.1:${port}`] }] },
      ],
    });
    const isScraped = async () => expect(await found('mcp_tool_requests_total')).toBe(2);
    await vi.waitFor(isScraped, { timeout: 30_000, interval: 100 });
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    await stopExample();
  });

  it.each(SPECIFIED)('%s', async (query) => {
    expect(await found(query)).toBeGreaterThan(0);
  });

  it('leads from a bucket to the trace of a call', async () => {
    const now = Date.now() / 1000;
    const series = await ask<{ exemplars: { labels: Record<string, string> }[] }[]>('query_exemplars', {
      query: 'mcp_tool_request_duration_seconds_bucket{tool="look_up"}',
      start: String(now - 300),
      end: String(now + 60),
    });
    expect(series.flatMap(({ exemplars }) => exemplars)[0]?.labels.trace_id).toBe(TRACE_ID);
  });

  it('shows text that promtool finds nothing wrong with', async () => {
    expect(execFileSync('promtool', ['check', 'metrics'], { input: await scrape(), encoding: 'utf8' })).toBe('');
  });
});

describe('without prom-client', () => {
  it('says so once and goes on', async () => {
    await startExample(['--import', own('./support/withoutPromClient.mjs')]);
    try {
      await expect(client.callTool({ name: 'look_up', arguments: { word: 'gauge' } })).resolves.toMatchObject({
        content: [{ text: 'a value that goes up and down' }],
      });
      const said = () => readFileSync(join(dataDir, 'stderr'), 'utf8').split('\n');
      await expect
        .poll(() => said().filter((line) => line.includes('metrics')))
        .toEqual([
          'mcp-vitals: metrics are not served: Prometheus metrics need the package prom-client: npm install prom-client',
        ]);
      await expect(scrape()).rejects.toThrow('fetch failed');
    } finally {
      await stopExample();
    }
  });
});
