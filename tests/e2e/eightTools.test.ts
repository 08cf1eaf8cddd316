/** The eight tools as MCP clients of both generations see them, over stdio and over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from './support/collector.ts';
import { type Generation, type McpSession, openHttp, openStdio } from './support/stdioClient.ts';

const { dataDir, remove } = temporaryDataDir();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector(dataDir, ['--set', 'dashboard.cacheSeconds=0']);
});
afterAll(async () => {
  await collector.stop();
  remove();
});

const doors: [string, Generation, (generation: Generation) => Promise<McpSession>][] = (
  ['classic', 'modern'] as const
).flatMap((generation) => [
  [`${generation} over stdio`, generation, (chosen: Generation) => openStdio(dataDir, chosen)],
  [
    `${generation} over HTTP`,
    generation,
    (chosen: Generation) => openHttp(collector.url, tokenOf(dataDir, 'admin'), chosen),
  ],
]);

describe.each(doors)('a %s client', (name, generation, open) => {
  let session: McpSession;
  beforeAll(async () => {
    session = await open(generation);
  });
  afterAll(() => session.close());
  const mcpServer = name.replaceAll(' ', '-');
  const range = () => ({
    startTime: new Date(Date.now() - 3_600_000).toISOString(),
    endTime: new Date(Date.now() + 60_000).toISOString(),
  });
  const structured = async (tool: string, args: Record<string, unknown>) => {
    const result = await session.call(tool, args);
    expect(result.isError, JSON.stringify(result.content)).not.toBe(true);
    expect(result.content[0]?.text).toMatch(/\w/);
    return result.structuredContent!;
  };

  it('sees eight tools with their schemas', async () => {
    const tools = await session.listTools();
    expect(tools.map((tool) => tool.name).sort()).toEqual([
      'acknowledge_alert',
      'detect_anomalies',
      'generate_performance_report',
      'get_active_alerts',
      'get_metrics',
      'get_performance_dashboard',
      'set_alert_threshold',
      'track_performance',
    ]);
    for (const tool of tools)
      expect(tool).toMatchObject({ inputSchema: { type: 'object' }, outputSchema: { type: 'object' } });
  });

  it('gets from each of them what was tracked', async () => {
    for (let i = 1; i <= 20; i++) {
      const tracked = await structured('track_performance', {
        mcpServer,
        toolName: 'deploy',
        duration: 100 * i,
        success: i % 4 !== 0,
        ...(i % 4 === 0 ? { errorMessage: 'it broke' } : {}),
        ...(i === 1 ? { resourceUsage: { cpu: 12, memory: 64, diskIO: 8 } } : {}),
      });
      expect(tracked).toMatchObject({ success: true, stored: true });
    }
    const metrics = await structured('get_metrics', { mcpServer, aggregation: 'max', ...range() });
    expect(metrics.summary).toMatchObject({ totalCalls: 20, avgResponseTime: 1050, errorRate: 25 });
    expect((metrics.metrics as { value: number }[])[0]?.value).toBeCloseTo(2000, 6);

    const threshold = await structured('set_alert_threshold', {
      mcpServer,
      metric: 'response_time',
      threshold: 10,
      severity: 'critical',
    });
    expect(threshold).toMatchObject({ success: true, config: { mcpServer, threshold: 10 } });
    expect(await structured('detect_anomalies', { mcpServer, lookbackWindow: '1h' })).toMatchObject({
      summary: { bySeverity: expect.any(Object) },
    });
    const alerts = (await structured('get_active_alerts', { mcpServer })).alerts as { alertId: string }[];
    for (const { alertId } of alerts) {
      const acknowledged = await structured('acknowledge_alert', { alertId, acknowledgedBy: 'tester' });
      expect(acknowledged).toMatchObject({ success: true, alert: { alertId, status: 'acknowledged' } });
    }
    const report = await structured('generate_performance_report', { mcpServer, ...range() });
    expect(report).toMatchObject({ summary: { totalCalls: 20 }, report: expect.stringContaining(mcpServer) });
    const dashboard = await structured('get_performance_dashboard', {});
    expect((dashboard.mcpServers as { name: string }[]).map((server) => server.name)).toContain(mcpServer);
  });

  it('is told what was wrong with its input', async () => {
    const wrong: [string, Record<string, unknown>][] = [
      ['track_performance', { mcpServer, toolName: 'x', duration: -1, success: true }],
      ['track_performance', { mcpServer }],
      ['get_metrics', { startTime: range().endTime, endTime: range().startTime }],
      ['get_metrics', { ...range(), aggregation: 'median' }],
      ['acknowledge_alert', { alertId: 'alert-20000101-001', acknowledgedBy: 'tester' }],
      ['detect_anomalies', { lookbackWindow: '1y' }],
      ['get_active_alerts', { severity: 'fatal' }],
      ['set_alert_threshold', { metric: 'response_time', threshold: -1, severity: 'warning' }],
      ['generate_performance_report', { startTime: range().endTime, endTime: range().startTime }],
      ['get_performance_dashboard', { refreshInterval: -1 }],
    ];
    for (const [tool, args] of wrong) {
      const answer = await session
        .call(tool, args)
        .catch((error: Error) => ({ isError: true, content: [{ text: error.message }] }));
      expect(answer.isError, tool).toBe(true);
      expect(answer.content[0]?.text).toMatch(/\w/);
    }
  });
});
