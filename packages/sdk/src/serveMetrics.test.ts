import { createServer, type IncomingMessage, request as requestHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type MetricsAddress, readMetricsAddress } from './metricsOptions.ts';
import type { Monitor } from './monitor.ts';
import { MonitorOfServer } from './monitorOfServer.ts';
import { serveMetrics } from './serveMetrics.ts';
import { createTestMonitor } from './testing/testMonitor.ts';

const opened: Monitor[] = [];

afterEach(async () => {
  for (const monitor of opened.splice(0)) monitor.onShutdown?.();
});

function serving(address: object = {}) {
  const test = createTestMonitor();
  const { monitor } = test;
  const server = new MonitorOfServer(monitor, monitor.serverFor('files', '1.0.0'));
  const call = (durationMs: number, outcome: 'ok' | 'tool_error' = 'ok') =>
    server.begin('read').end(outcome, { durationMs });
  serveMetrics(monitor, readMetricsAddress({ port: 0, ...address }) as MetricsAddress, undefined);
  opened.push(monitor);
  const listening = async () => {
    await expect.poll(() => monitor.metricsUrl, { timeout: 5_000 }).toBeDefined();
    return monitor.metricsUrl!;
  };
  return { ...test, server, call, listening };
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = requestHttp(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject).end();
  });
}

const textOf = async (url: string, headers?: Record<string, string>) => (await ask(url, headers)).body.toString();

const SUCCESS = 'mcp_tool_requests_total{status="success",server="files",tool="read"}';
const ERROR = 'mcp_tool_requests_total{status="error",server="files",tool="read"}';

/** The value of the line that begins with `series`. */
function sampleOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('a scrape', () => {
  it('shows every call made before it, those before the endpoint was there included', async () => {
    const { clock, call, listening } = serving();
    call(5);
    await clock.advance(1_000);
    call(5);
    const url = await listening();
    expect(sampleOf(await textOf(url), SUCCESS)).toBe(2);
    call(700, 'tool_error');
    const text = await textOf(url);
    expect([sampleOf(text, SUCCESS), sampleOf(text, ERROR)]).toEqual([2, 1]);
    const bucket = (le: string) => `mcp_tool_request_duration_seconds_bucket{le="${le}",server="files",tool="read"}`;
    expect(['0.01', '0.5', '1', '+Inf'].map((le) => sampleOf(text, bucket(le)))).toEqual([2, 2, 3, 3]);
    expect(sampleOf(text, 'mcp_tool_request_duration_seconds_sum{server="files",tool="read"}')).toBeCloseTo(0.71);
  });

  it('shows calls under way, memory by type, and what prom-client knows of the process', async () => {
    const { server, listening } = serving();
    const call = server.begin('read');
    const text = await textOf(await listening());
    expect(sampleOf(text, 'mcp_tool_requests_in_flight{server="files",tool="read"}')).toBe(1);
    for (const type of ['rss', 'heap_used', 'heap_total', 'external']) {
      expect(sampleOf(text, `mcp_memory_usage_bytes{server="files",type="${type}"}`)).toBeGreaterThan(100_000);
    }
    expect(text).toContain('mcp_process_cpu_seconds_total ');
    call.end();
    expect(sampleOf(await textOf(await listening()), 'mcp_tool_requests_in_flight{server="files",tool="read"}')).toBe(
      0,
    );
  });

  it('shows metrics of the author under their names', async () => {
    const { server, listening } = serving();
    server.cache('users').hit();
    server.cache('users').miss();
    server.connections('http').open();
    server.query('select', () => 1);
    const url = await listening();
    await textOf(url);
    server.cache('users').hit();
    const text = await textOf(url);
    expect(sampleOf(text, 'mcp_cache_hits_total{server="files",cache="users"}')).toBe(2);
    expect(sampleOf(text, 'mcp_cache_misses_total{server="files",cache="users"}')).toBe(1);
    expect(sampleOf(text, 'mcp_active_connections{server="files",type="http"}')).toBe(1);
    expect(sampleOf(text, 'mcp_database_queries_total{server="files",query_type="select"}')).toBe(1);
    expect(text).toContain('mcp_database_query_duration_seconds_count{server="files",query_type="select"} 1\n');
  });

  it('shows losses once', async () => {
    const { diagnostics, listening } = serving();
    const url = await listening();
    const dropped = async () =>
      sampleOf(await textOf(url), 'mcp_dropped_samples_total{reason="queue_full",server="files"}');
    diagnostics.dropped('queue_full', 3);
    expect([await dropped(), await dropped()]).toEqual([3, 3]);
    diagnostics.dropped('queue_full', 2);
    expect(await dropped()).toBe(5);
  });

  it('shows the trace of a call in OpenMetrics', async () => {
    const { server, listening } = serving();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    server.begin('read', 'tool', { traceparent }).end('ok', { durationMs: 30 });
    const text = await textOf(await listening(), { accept: 'application/openmetrics-text; version=1.0.0' });
    expect(text).toMatch(
      /le="0.05".* 1 # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"\} 0.03 /,
    );
    expect(text).toMatch(/# EOF\n$/);
  });
});

it('changes neither what is sent nor when', async () => {
  const calls = async (scrapesPerCall: number) => {
    const { clock, call, listening, monitor, batches, transport } = serving();
    const url = await listening();
    const sentAt: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const before = transport.sent.length;
      call(i);
      for (let scrape = 0; scrape < scrapesPerCall; scrape += 1) await ask(url);
      await clock.advance(100);
      if (transport.sent.length > before) sentAt.push(i);
    }
    await monitor.flush();
    const sent = batches();
    const windows = sent.flatMap((batch) => batch.windows);
    const durations = windows.flatMap(({ digest }) => digest.centroids().map(({ mean }) => mean));
    const total = windows.reduce((sum, { outcomes }) => sum + outcomes[0], 0);
    return { sentAt, batches: sent.length, total, durations: durations.sort((a, b) => a - b) };
  };
  const withoutScrapes = await calls(0);
  expect(await calls(1)).toEqual(withoutScrapes);
  expect(withoutScrapes.total).toBe(40);
});

describe('the listener', () => {
  it('answers GET and HEAD of its path, for hosts that are its own', async () => {
    const { listening } = serving({ path: '/own', allowedHosts: ['Metrics.example'] });
    const url = await listening();
    const { origin, port } = new URL(url);
    const status = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;
    expect(await status(url)).toBe(200);
    expect(await status(`${url}?name=mcp_up`)).toBe(200);
    const head = await ask(url, {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1_000);
    expect(await status(`${origin}/`)).toBe(404);
    expect(await status(`${origin}/own/x`)).toBe(404);
    expect(await ask(url, {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await status(url, { host: `localhost:${port}` })).toBe(200);
    expect(await status(url, { host: 'metrics.example:9464' })).toBe(200);
    expect(await status(url, { host: 'rebound.example' })).toBe(403);
    expect(await status(url, { host: 'localhost.rebound.example' })).toBe(403);
    expect(await status(url, { origin: 'http://rebound.example' })).toBe(403);
    expect(await status(url, { origin: 'null' })).toBe(403);
  });

  it('compresses where that is accepted', async () => {
    const { listening } = serving();
    const url = await listening();
    const plain = await ask(url, { 'accept-encoding': 'identity' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toMatch(/^# HELP/);
    const compressed = await ask(url, { 'accept-encoding': 'deflate, gzip;q=0.5' });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(compressed.body).toString()).toMatch(/^# HELP/);
    expect((await ask(url, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
  });

  it('that finds its port taken says so once, and takes it when it is free', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { stderr, clock, monitor, call } = serving({ port });
    call(1);
    await expect.poll(() => stderr).toEqual([`metrics cannot be served on 127.0.0.1:${port}: EADDRINUSE`]);
    await clock.advance(30_000);
    await new Promise((resolve) => other.close(resolve));
    expect(monitor.metricsUrl).toBeUndefined();
    await expect
      .poll(async () => {
        await clock.advance(30_000);
        return monitor.metricsUrl;
      })
      .toBe(`http://127.0.0.1:${port}/metrics`);
    expect(sampleOf(await textOf(monitor.metricsUrl!), SUCCESS)).toBe(1);
    expect(stderr.filter((line) => line.includes('metrics'))).toHaveLength(1);
  });

  it('is gone after the shutdown', async () => {
    const { monitor, listening } = serving();
    const url = await listening();
    await monitor.shutdown();
    await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(monitor.status.metricsUrl).toBeUndefined();
  });
});
