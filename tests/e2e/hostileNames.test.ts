/** Names that strangers chose, through the whole way: a monitored server, the collector, its tools, reports, the export. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { COMMAND, type Collector, cleanEnvironment, startCollector, temporaryDataDir } from './support/collector.ts';

const SERVER_NAME = '../hostile"🚀';
const SERVER = fileURLToPath(new URL('./support/namedTools.mjs', import.meta.url));
const CALLS_EACH = 12;
/** As long as the wire carries. */
const LONG_NAME = 'x'.repeat(10_000);
/** What breaks paths, quotes, markup, lines, terminals, queries and objects. */
const NAMES = [
  '../../../../etc/passwd',
  'nul\0byte',
  `"quoted" 'and' \`ticked\` \\`,
  '🚀 emoji 👩‍🚀',
  '<script>alert(1)</script>',
  '| cell |\n# heading',
  '\u001b[31mred\u202Eder',
  "'; DROP TABLE series; --",
  '__proto__',
];
const HOSTILE_NAMES = [...NAMES, LONG_NAME];
/** As they are stored: controls as their pictures, U+2400 and on. */
const STORED_NAMES = NAMES.map((name) =>
  name.replace(/\p{Cc}/gu, (control) => String.fromCodePoint(0x2400 + control.codePointAt(0)!)),
);
const { dataDir, remove } = temporaryDataDir();
const treeRoot = mkdtempSync(join(tmpdir(), 'mcp-vitals-hostile-'));
let collector: Collector;

const range = () => ({
  startTime: new Date(Date.now() - 3_600_000).toISOString(),
  endTime: new Date(Date.now() + 60_000).toISOString(),
});

interface Row {
  toolName: string;
  value: number;
}
interface ActiveAlert {
  alertId: string;
  toolName: string;
}
const countRows = async () =>
  (
    await collector.tool<{ metrics: Row[] }>('get_metrics', {
      aggregation: 'count',
      mcpServer: SERVER_NAME,
      ...range(),
    })
  ).metrics;

async function callEveryTool(): Promise<void> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const env = {
    ...cleanEnvironment(dataDir),
    MCP_VITALS_URL: collector.url,
    SERVER_NAME,
    TOOL_NAMES: JSON.stringify(HOSTILE_NAMES),
    FAILING_TOOL: '__proto__',
  } as Record<string, string>;
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [SERVER], env }));
  for (const [index, name] of HOSTILE_NAMES.entries()) {
    for (let call = 0; call < CALLS_EACH; call += 1) {
      const { content } = await client.callTool({ name, arguments: {} });
      expect(content).toEqual([{ type: 'text', text: String(index) }]);
    }
  }
  await client.close();
}

beforeAll(async () => {
  const settings = ['dashboard.cacheSeconds=0', 'alerts.minCalls=1', 'limits.alertsPerServerPerHour=100'];
  collector = await startCollector(
    dataDir,
    settings.flatMap((setting) => ['--set', setting]),
  );
  await callEveryTool();
  const counted = async () => (await countRows()).reduce((sum, { value }) => sum + value, 0);
  await vi.waitFor(async () => expect(await counted()).toBe(HOSTILE_NAMES.length * CALLS_EACH), { timeout: 20_000 });
});
afterAll(async () => {
  await collector.stop();
  remove();
  rmSync(treeRoot, { recursive: true, force: true });
});

describe('tools with hostile names', () => {
  it('are counted one by one; only the long one is shortened', async () => {
    const names = (await countRows()).map(({ toolName }) => toolName);
    expect(new Set(names).size).toBe(HOSTILE_NAMES.length);
    expect(names).toEqual(expect.arrayContaining(STORED_NAMES));
    const shortened = names.filter((name) => name.startsWith('xxx'));
    expect(shortened).toHaveLength(1);
    expect(shortened[0]!.length).toBeLessThanOrEqual(200);
    const { summary } = await collector.tool<{ summary: object }>('get_metrics', {
      toolName: shortened[0],
      ...range(),
    });
    expect(summary).toMatchObject({ totalCalls: CALLS_EACH });
  });

  it.each(NAMES)('%j is found by its name', async (name) => {
    const { summary } = await collector.tool<{ summary: { totalCalls: number; errorRate: number } }>('get_metrics', {
      mcpServer: SERVER_NAME,
      toolName: name,
      ...range(),
    });
    expect(summary).toMatchObject({ totalCalls: CALLS_EACH, errorRate: name === '__proto__' ? 100 : 0 });
  });

  it('are tracked, have thresholds, raise alerts that are acknowledged', async () => {
    const mcpServer = 'tracked';
    for (const toolName of HOSTILE_NAMES) {
      const limit = { metric: 'response_time', threshold: 10, severity: 'warning' };
      await collector.tool('set_alert_threshold', { mcpServer, toolName, ...limit });
      const tracked = await collector.tool('track_performance', { mcpServer, toolName, duration: 50, success: true });
      expect(tracked).toMatchObject({ stored: true });
    }
    const { alerts } = await collector.tool<{ alerts: ActiveAlert[] }>('get_active_alerts', { mcpServer });
    expect(alerts).toHaveLength(HOSTILE_NAMES.length);
    expect(alerts.map(({ toolName }) => toolName)).toEqual(expect.arrayContaining(STORED_NAMES));
    for (const { alertId } of alerts) {
      const acknowledged = await collector.tool('acknowledge_alert', {
        alertId,
        acknowledgedBy: '| cell |\n# heading',
      });
      expect(acknowledged).toMatchObject({ alert: { alertId, status: 'acknowledged' } });
    }
  });

  it('hide nothing from anomalies and the dashboard', async () => {
    expect(await collector.tool('detect_anomalies', { mcpServer: SERVER_NAME })).toHaveProperty('anomalies');
    const { mcpServers } = await collector.tool<{ mcpServers: { name: string }[] }>('get_performance_dashboard', {});
    expect(mcpServers.map(({ name }) => name)).toEqual(expect.arrayContaining([SERVER_NAME, 'tracked']));
  });

  it.each(['markdown', 'html', 'json'])('stay names in a report as %s', async (format) => {
    const { report } = await collector.tool<{ report: string }>('generate_performance_report', {
      mcpServer: SERVER_NAME,
      format,
      ...range(),
    });
    if (format === 'json') {
      const { tools } = JSON.parse(report) as { tools: { tool: string }[] };
      expect(tools.map(({ tool }) => tool)).toEqual(expect.arrayContaining(STORED_NAMES));
    } else {
      expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
      expect(report).not.toMatch(/^# heading/m);
      if (format === 'html') expect(report).not.toContain('<script>alert');
      expect(report).toContain('etc/passwd');
    }
  });

  it('stay below the directory of an export', async () => {
    await collector.stop();
    const tree = join(treeRoot, 'a', 'b', 'c', 'tree');
    execFileSync(process.execPath, [COMMAND, 'export', '--out', tree], { env: cleanEnvironment(dataDir) });
    const files = (readdirSync(treeRoot, { recursive: true }) as string[]).filter((path) =>
      statSync(join(treeRoot, path)).isFile(),
    );
    const isTool = (path: string) => path.includes('hostile') && !/^(method|follows|overlapped)\+/.test(basename(path));
    const metrics = files.filter((path) => path.includes(join('tree', 'metrics')) && isTool(path));
    expect(metrics).toHaveLength(HOSTILE_NAMES.length);
    expect(files.filter((path) => !path.startsWith(join('a', 'b', 'c', 'tree')))).toEqual([]);
    const names = metrics.map(
      (path) =>
        (JSON.parse(readFileSync(join(treeRoot, path), 'utf8').split('\n')[0]!) as { toolName: string }).toolName,
    );
    expect(names).toEqual(expect.arrayContaining(STORED_NAMES));
  });
});
