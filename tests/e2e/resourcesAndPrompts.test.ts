/** Resources, prompts and completions as MCP clients of both generations see them, over stdio and over HTTP. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from './support/collector.ts';
import { type Generation, type McpSession, openHttp, openStdio } from './support/stdioClient.ts';

const HOSTILE = 'a/b?c=%2F#"<img src=x onerror=alert(1)>';
const WAIT = { timeout: 20_000, interval: 500 };
const SERIES = 'mcp-vitals://series/{server}/{tool}{?from,to}';

const { dataDir, remove } = temporaryDataDir();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector(dataDir, ['--set', 'dashboard.cacheSeconds=0']);
  await collector.tool('set_alert_threshold', { metric: 'response_time', threshold: 10, severity: 'critical' });
  for (let i = 0; i < 20; i++) {
    await collector.tool('track_performance', { mcpServer: HOSTILE, toolName: HOSTILE, duration: 500, success: true });
  }
  await vi.waitFor(async () => {
    const { alerts } = await collector.tool<{ alerts: unknown[] }>('get_active_alerts', {});
    expect(alerts).not.toHaveLength(0);
  }, WAIT);
});
afterAll(async () => {
  await collector.stop();
  remove();
});

// On stdio the process is attached to the collector, which owns the directory.
const doors = (['classic', 'modern'] as const).flatMap(
  (generation): [string, Generation, () => Promise<McpSession>][] => [
    [`${generation} client over stdio`, generation, () => openStdio(dataDir, generation)],
    [`${generation} client over HTTP`, generation, () => openHttp(collector.url, tokenOf(dataDir, 'read'), generation)],
  ],
);

describe.each(doors)('a %s', (_name, _generation, open) => {
  let session: McpSession;
  beforeAll(async () => {
    session = await open();
  });
  afterAll(() => session.close());

  it('finds the views of the two tools, and gets text and structure as well', async () => {
    const tools = await session.listTools();
    const views = new Map(tools.map(({ name, _meta }) => [name, (_meta as { ui?: { resourceUri: string } })?.ui]));
    for (const [tool, args] of [
      ['get_performance_dashboard', {}],
      ['generate_performance_report', { startTime: '2026-01-01', endTime: '2026-01-02' }],
    ] as const) {
      const view = await session.readResource(views.get(tool)!.resourceUri);
      expect(view.mimeType).toBe('text/html;profile=mcp-app');
      expect(view.text).toMatch(/^<!doctype html>/);
      expect(view._meta).toMatchObject({ ui: { csp: { connectDomains: [], resourceDomains: [] } } });
      const answer = await session.call(tool, args);
      expect(answer.content[0]!.text).toMatch(/\w/);
      expect(answer.structuredContent).toBeTypeOf('object');
    }
    expect([...views.values()].filter(Boolean)).toHaveLength(2);
  });

  it('reads what is now, reports, and series of names of any kind', async () => {
    expect(await session.listResources()).toContain(SERIES);
    const dashboard = JSON.parse((await session.readResource('mcp-vitals://dashboard')).text);
    expect(dashboard.mcpServers.map(({ name }: { name: string }) => name)).toContain(HOSTILE);
    expect(JSON.parse((await session.readResource('mcp-vitals://alerts')).text).alerts).not.toHaveLength(0);
    for (const period of ['daily', 'weekly', '2026-01-01/2026-01-02']) {
      const report = await session.readResource(`mcp-vitals://report/${period}`);
      expect(report).toMatchObject({ mimeType: 'text/markdown', text: expect.stringMatching(/^# Performance report/) });
    }
    const list = JSON.parse((await session.readResource('mcp-vitals://series')).text);
    const [mine] = list.series.filter(({ server }: { server: string }) => server === HOSTILE);
    const series = JSON.parse((await session.readResource(mine.uri)).text);
    expect(series).toMatchObject({ server: HOSTILE, tool: HOSTILE, interval: 'hour', summary: { totalCalls: 20 } });
    expect(series.points[0]).toMatchObject({ p95Ms: 500 });
  });

  it('is told what is wrong with an address', async () => {
    await expect(session.readResource('mcp-vitals://nothing')).rejects.toThrow('There is no resource');
    await expect(session.readResource('mcp-vitals://report/a/b')).rejects.toThrow('startTime is not a time');
    await expect(session.readResource('file:///etc/passwd')).rejects.toThrow('There is no resource');
  });

  it('is offered names', async () => {
    expect(await session.complete(SERIES, 'server', 'a/')).toEqual([HOSTILE]);
    expect(await session.complete(SERIES, 'tool', '', { server: HOSTILE })).toEqual([HOSTILE]);
  });

  it('asks what got slower, and what an alert is about', async () => {
    expect((await session.listPrompts()).map(({ title }) => title)).toEqual(['What got slower?', 'Explain this alert']);
    const slower = await session.getPrompt('what_got_slower', { server: HOSTILE });
    expect(slower).toContain('500 ms, 20 calls; not called before');
    const explained = await session.getPrompt('explain_alert');
    expect(explained).toContain('response_time > 10');
    expect(explained).toContain('p95 500 ms, 20 calls');
    for (const text of [slower, explained]) expect(text).toContain(JSON.stringify(HOSTILE));
    await expect(session.getPrompt('explain_alert', { alertId: 'none' })).rejects.toThrow('no active alert "none"');
  });
});

it('monitors what is read and asked as it monitors tools', async () => {
  const range = { startTime: '2026-01-01', endTime: new Date(Date.now() + 3_600_000).toISOString() };
  const counted = async (kind: string) =>
    (
      await collector.tool<{ summary: { totalCalls: number } }>('get_metrics', {
        mcpServer: 'mcp-vitals',
        kind,
        ...range,
      })
    ).summary.totalCalls;
  await vi.waitFor(async () => {
    expect(await counted('resource')).toBeGreaterThan(0);
    expect(await counted('prompt')).toBeGreaterThan(0);
  }, WAIT);
});
