/** `mcp-vitals grafana` and `mcp-vitals prometheus` against a collector in this process, and without one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestCollector, type TestCollector } from '../testing/testCollector.ts';
import { createProgram } from './program.ts';

let collector: TestCollector;
let out: string;
beforeAll(async () => {
  collector = await startTestCollector(['alerts.evaluationMinutes=10']);
  for (const toolName of ['read', '../../x']) {
    const call = { mcpServer: 'files', toolName, duration: 12, success: true };
    await collector.app.backend.call('track_performance', call, { client: 'test', scope: 'admin' });
  }
  const body = { metric: 'response_time', threshold: 123, severity: 'warning', toolName: 'read' };
  await collector.ask('/api/v1/tools/set_alert_threshold', { scope: 'admin', method: 'POST', body });
  const objective = { server: 'files', objectivePercent: 99 };
  await collector.ask('/api/v1/objectives/reads', { scope: 'admin', method: 'PUT', body: objective });
});
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'mv-provision-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(out, { recursive: true, force: true });
});
afterAll(() => collector.stop());

async function run(command: 'grafana' | 'prometheus', ...args: string[]): Promise<string> {
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  const program = await createProgram([command]);
  await program.parseAsync([command, '--data-dir', collector.dataDir, '--out', out, ...args], { from: 'user' });
  return lines.join('\n');
}

const read = (path: string) => readFileSync(join(out, path), 'utf8');

describe('mcp-vitals grafana', () => {
  it('writes the overview, a dashboard of each tool that was called, and provisioning; again, nothing', async () => {
    expect(await run('grafana')).toBe(`${out}: 7 new`);
    expect(readdirSync(join(out, 'dashboards/tools'))).toEqual(
      [
        expect.stringMatching(/^files-read-[0-9a-f]{16}\.json$/),
        expect.stringMatching(/^files-x-[0-9a-f]{16}\.json$/),
      ].sort(),
    );
    expect(read('provisioning/dashboards/mcp-vitals.yaml')).toContain(`path: ${join(out, 'dashboards')}`);
    expect(read('provisioning/alerting/contact-points.yaml')).toContain(join(collector.dataDir, 'tokens/ingest'));
    expect(read('dashboards/overview.json')).toContain(`${collector.app.url}/`);
    expect(await run('grafana')).toBe(`${out}: 7 as before`);
  });

  it('writes what does not need one without a collector, says so, and takes nothing away', async () => {
    await run('grafana');
    const said = await run('grafana', '--data-dir', join(out, 'no-such-dir'));
    expect(said).toContain(`No collector answers for ${join(out, 'no-such-dir')}: the overview and the provisioning`);
    expect(readdirSync(join(out, 'dashboards/tools'))).toHaveLength(2);
  });

  it('refuses what is no address', async () => {
    for (const address of ['prometheus:9090', 'file:///etc/passwd', 'http://user:secret@host'])
      await expect(run('grafana', '--prometheus', address)).rejects.toThrow(`--prometheus ${address}: not an address`);
  });
});

describe('mcp-vitals prometheus', () => {
  it('writes rules of what is in force', async () => {
    expect(await run('prometheus', '--docs', 'https://docs.example.org/rules')).toBe(`${out}: 4 new`);
    const rules = read('rules/mcp-vitals-alerts.yml');
    expect(rules).toContain('{tool="read", quantile="0.95"}) > 0.123');
    expect(rules).toContain('objective:mcp_bad_calls:ratio_rate1h{objective="reads"} > 14.4 * 0.01');
    expect(rules).toContain('server_tool:mcp_errors:ratio_rate10m > 0.05');
    expect(rules).toContain('runbook_url: https://docs.example.org/rules#higherrorrate');
    const config = read('prometheus.yml');
    expect(config).toContain(`credentials_file: ${join(collector.dataDir, 'tokens/read')}`);
    expect(config).toContain(`- ${new URL(collector.app.url).host}`);
  });

  it('has the default thresholds without a collector, and says so', async () => {
    const said = await run('prometheus', '--data-dir', join(out, 'no-such-dir'), '--set', 'alerts.minCalls=7');
    expect(said).toContain('the rules have the default thresholds');
    expect(read('rules/mcp-vitals-alerts.yml')).toContain('* 300 >= 7');
  });

  it('leaves out what the collector tells Alertmanager itself: where it does, and where that is asked for', async () => {
    const alerts = () => [...read('rules/mcp-vitals-alerts.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    const missing = ['LowCacheHitRate', 'SlowDatabaseQueries', 'CollectorDown', 'ServerGone'];
    await run('prometheus', '--alerts', 'missing');
    expect(alerts()).toEqual(missing);
    const telling = await startTestCollector(['alertmanager.urls=http://user:secret@127.0.0.1:9']);
    try {
      const dataDir = ['--data-dir', telling.dataDir];
      expect(await run('prometheus', ...dataDir)).toContain('The collector tells Alertmanager of its alerts itself');
      expect(alerts()).toEqual(missing);
      await run('prometheus', ...dataDir, '--alerts', 'all');
      expect(alerts()).toContain('HighErrorRate');
    } finally {
      await telling.stop();
    }
  });

  it('does not write over what somebody has changed', async () => {
    await run('prometheus');
    writeFileSync(join(out, 'alertmanager.yml'), 'mine');
    const said = await run('prometheus', '--collector', 'https://collector.example.org/vitals/');
    expect(said.split('\n').slice(2)).toEqual([expect.stringContaining('--overwrite'), '  alertmanager.yml']);
    expect(read('alertmanager.yml')).toBe('mine');
    expect(read('prometheus.yml')).toContain('metrics_path: /vitals/metrics');
    await run('prometheus', '--overwrite');
    expect(read('alertmanager.yml')).toContain('receivers:');
  });
});
