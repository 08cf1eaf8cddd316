import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FilledStore,
  minutesBefore,
  openFilledStore,
  testAlert,
  testAnomaly,
  testResources,
} from '../testing/filledStore.ts';
import { createReports, type ReportService } from './service.ts';

const NOW = Date.parse('2025-10-31T13:30:00Z');
const RANGE = { fromMs: Date.parse('2025-10-31T11:30:00Z'), toMs: NOW };
const OPTIONS = { server: undefined, includeRecommendations: true, includeOtherKinds: false };
const TITLES = [
  'Executive Summary',
  'Performance Metrics',
  'Anomalies Detected',
  'Alerts Triggered',
  'Top Bottlenecks',
  'Recommendations',
  'Trend Analysis',
];

let filled: FilledStore;
let reports: ReportService;

beforeEach(async () => {
  filled = await openFilledStore(NOW);
  reports = createReports(filled);
});
afterEach(() => filled.close());

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

/** Two halves: `slow` doubles its times in the second and fails; `fast` stays as it is. */
async function recordTwoHalves(): Promise<void> {
  const early = minutesBefore(NOW, 90);
  const late = minutesBefore(NOW, 10);
  const errors = [{ atMs: late, errorClass: 'TimeoutError', code: '-32001' }];
  await filled.record([
    { server: 'files', tool: 'slow', atMs: early, durationsMs: times(100, 400) },
    { server: 'web', tool: 'fast', atMs: early, durationsMs: times(100, 5) },
  ]);
  await filled.record([
    { server: 'files', tool: 'slow', atMs: late, durationsMs: times(100, 800), failures: 20, errors },
    { server: 'web', tool: 'fast', atMs: late, durationsMs: times(100, 5) },
  ]);
}

describe('build', () => {
  it('puts the halves together', async () => {
    await recordTwoHalves();
    const report = await reports.build(RANGE, OPTIONS);
    expect(report.overall).toMatchObject({ calls: 400, errors: 20, errorRatePercent: 5, avgMs: 302.5, maxMs: 800 });
    expect(report.tools.map(({ tool, calls, p95Ms }) => [tool, calls, p95Ms])).toEqual([
      ['slow', 200, 800],
      ['fast', 200, 5],
    ]);
    expect(report.servers.map(({ server, version, calls }) => [server, version, calls])).toEqual([
      ['files', '1.2.3', 200],
      ['web', '1.2.3', 200],
    ]);
    expect(report.servers[0]!.healthScore).toBeLessThan(report.servers[1]!.healthScore);
    expect(report.bottlenecks[0]).toMatchObject({ tool: 'slow', totalMs: 120_000 });
    expect(report.bottlenecks[0]!.sharePercent).toBeCloseTo(99.17, 2);
    expect(
      report.trends.filter(({ tool }) => tool !== '').map(({ tool, metric, direction }) => [tool, metric, direction]),
    ).toEqual([
      ['slow', 'error_rate', 'degrading'],
      ['slow', 'response_time', 'degrading'],
    ]);
  });

  it('recommends with the numbers that it follows from', async () => {
    await recordTwoHalves();
    await filled.store.saveAlert(testAlert({ createdAtMs: NOW - 7_200_000, tool: 'slow' }));
    await filled.store.saveAnomalies([
      testAnomaly({ atMs: NOW - 300_000, tool: 'slow' }),
      testAnomaly({ atMs: NOW - 600_000, tool: 'slow' }),
    ]);
    await filled.record([], {
      resources: [testResources(NOW - 60_000, { memoryPercent: 90, cpuPercent: 95, memoryMb: 2048 })],
    });
    const { recommendations } = await reports.build(RANGE, OPTIONS);
    expect(recommendations).toEqual([
      'Attend to alert alert-20251031-001: `slow` of `files`, `error_rate > 5%`, unacknowledged for 2 h.',
      'Find out why `slow` of `files` fails: 20 failures in 200 calls (10 %), `TimeoutError -32001` in 1 of the newest 1.',
      'Look for what changed in `slow` of `files`: its error rate went from 0 % to 20 % within the period.',
      'Look for what changed in `slow` of `files`: its p95 went from 400 ms to 800 ms within the period.',
      'Make `slow` of `files` faster as a whole, it is slow in most calls: p50 400 ms, p95 800 ms over 200 calls.',
      'Speed up `slow` of `files` first: it takes 99.2 % of all time (200 calls of 600 ms, 2 min in total).',
      'Compare the times of 2 response time spikes of `slow` of `files`; the newest at 2025-10-31 13:25:00 UTC was `10x expected`.',
    ]);
  });

  it('recommends nothing where all is well, and nothing when not asked', async () => {
    await filled.record([
      { server: 'web', tool: 'fast', atMs: minutesBefore(NOW, 90), durationsMs: times(100, 5) },
      { server: 'web', tool: 'other', atMs: minutesBefore(NOW, 10), durationsMs: times(100, 5) },
    ]);
    const report = await reports.build(RANGE, OPTIONS);
    expect(report.recommendations).toEqual([]);
    expect(reports.render(report, 'markdown')).toContain('Nothing stands out');
    const unasked = await reports.build(RANGE, { ...OPTIONS, includeRecommendations: false });
    expect(unasked.recommendations).toBeUndefined();
    expect(reports.render(unasked, 'markdown')).toContain('Not asked for.');
  });

  it('covers one server when asked', async () => {
    await recordTwoHalves();
    await filled.store.saveAlert(testAlert({ createdAtMs: NOW - 1000 }));
    const report = await reports.build(RANGE, { ...OPTIONS, server: 'web' });
    expect(report.tools.map(({ tool }) => tool)).toEqual(['fast']);
    expect(report.overall.calls).toBe(200);
    expect(report.alerts).toEqual([]);
  });
});

describe('render', () => {
  it('answers an empty store and a year in every format', async () => {
    const report = await reports.build({ fromMs: NOW - 365 * 86_400_000, toMs: NOW }, OPTIONS);
    const markdown = reports.render(report, 'markdown');
    expect(markdown.match(/^## .*$/gm)).toEqual(TITLES.map((title) => `## ${title}`));
    expect(markdown).toContain('No calls were recorded in this period.');
    expect(JSON.parse(reports.render(report, 'json'))).toMatchObject({ overall: { calls: 0 }, tools: [] });
    expect(reports.render(report, 'html').match(/<h2>[^<]*<\/h2>/g)).toEqual(
      TITLES.map((title) => `<h2>${title}</h2>`),
    );
  });

  it('shows targets, metrics, anomalies, alerts and bottlenecks', async () => {
    await recordTwoHalves();
    await filled.store.saveAlert(testAlert({ createdAtMs: NOW - 7_200_000 + 60_000, clearedAtMs: NOW }));
    await filled.store.saveAnomalies([testAnomaly({ atMs: NOW - 300_000 })]);
    const markdown = reports.render(await reports.build(RANGE, OPTIONS), 'markdown');
    expect(markdown).toContain('# Performance report, 2025-10-31 11:30:00 to 2025-10-31 13:30:00 UTC');
    expect(markdown).toContain(
      'Missed 4 of 7 targets: Average response time, P95 response time, Error rate, Mean time to resolution.',
    );
    expect(markdown).toContain('| Error rate | < 1 % | 5 % | missed |');
    expect(markdown).toContain('| `slow` | `files` | 200 | 10 % | 600 ms | 400 ms | 800 ms | 800 ms | 800 ms |');
    expect(markdown).toContain(
      '| 2025-10-31 13:25:00 | `read` of `files` | response time spike | warning | `5000` | `100-500` | z-score |',
    );
    expect(markdown).toContain(
      '| alert-20251031-001 | 2025-10-31 11:31:00 | `read` of `files` | critical | `error_rate > 5%` | `7.5` | active | 2 h |',
    );
    expect(markdown).toContain('| `slow` | `files` | 2 min | 99.2 % | 200 | 600 ms | 800 ms |');
    expect(markdown).toContain('| `slow` of `files` | p95 | 400 ms | 800 ms | +100 % | degrading |');
  });

  it('shows the newest errors and the calls that have not ended', async () => {
    const atMs = minutesBefore(NOW, 10);
    const errors = [
      { atMs: NOW - 86_400_000, errorClass: 'Outdated', code: '' },
      { atMs, errorClass: '</code><b>|x', code: '-32603' },
    ];
    await filled.record([{ server: 'files', tool: 'read', atMs, durationsMs: [1, 1], failures: 2, errors }], {
      inFlight: [{ server: 0, kind: 'tool', name: 'hang', count: 3, oldestAgeMs: 65_000 }],
    });
    const report = await reports.build(RANGE, OPTIONS);
    expect(report.newestErrors.map(({ errorClass }) => errorClass)).toEqual(['</code><b>|x']);
    expect(report.inFlight).toMatchObject([{ server: 'files', tool: 'hang', calls: 3 }]);
    const markdown = reports.render(report, 'markdown');
    expect(markdown).toMatch(/^\| 2025-10-31 13:20:00 \| `read` of `files` \| `[^|]*` \| `-32603` \|$/m);
    expect(markdown).toMatch(/^\| `hang` of `files` \| 3 \| 1\.1 min \|$/m);
    expect(reports.render(report, 'html')).not.toContain('<b>');
    expect(JSON.parse(reports.render(report, 'json')).newestErrors).toMatchObject([{ code: '-32603' }]);
  });

  it('lets no name break out of its place', async () => {
    const tool = '</table><script>alert(1)</script>`|# x';
    await filled.record([
      { server: 'a&b', tool, atMs: minutesBefore(NOW, 10), durationsMs: times(20, 2000), failures: 10 },
    ]);
    const report = await reports.build(RANGE, OPTIONS);
    const html = reports.render(report, 'html');
    expect(html).not.toContain('<script');
    expect(html).toContain('<code>&lt;/table&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\u{60}\\u{7c}# x</code>');
    expect(html).toContain('<code>a&amp;b</code>');
    const rows = reports
      .render(report, 'markdown')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(row.split('|').length).toBeLessThanOrEqual(11);
  });

  it('cuts long tables and says so', async () => {
    const calls = Array.from({ length: 25 }, (_, index) => ({
      server: 'files',
      tool: `tool_${index}`,
      atMs: minutesBefore(NOW, 10),
      durationsMs: [index],
    }));
    await filled.record(calls);
    const report = await reports.build(RANGE, OPTIONS);
    expect(reports.render(report, 'markdown')).toContain('And 5 more; the JSON format has all.');
    expect(JSON.parse(reports.render(report, 'json')).tools).toHaveLength(25);
  });
});

describe('dashboard', () => {
  it('shows every server of the last hour, worst first', async () => {
    await filled.record([
      { server: 'files', tool: 'read', atMs: minutesBefore(NOW, 10), durationsMs: times(100, 2000), failures: 10 },
      { server: 'web', tool: 'get', atMs: minutesBefore(NOW, 10), durationsMs: times(10, 4) },
      { server: 'old', tool: 'get', atMs: minutesBefore(NOW, 120), durationsMs: times(10, 9999), failures: 10 },
    ]);
    await filled.store.saveAlert(testAlert({ createdAtMs: NOW - 1000 }));
    await filled.store.saveAlert(testAlert({ alertId: 'alert-20251031-002', status: 'resolved', resolvedAtMs: NOW }));
    await filled.store.saveAnomalies([testAnomaly({ atMs: NOW - 60_000 }), testAnomaly({ atMs: NOW - 7_200_000 })]);
    expect(await reports.dashboard()).toEqual({
      atMs: NOW,
      servers: [
        {
          name: 'files',
          healthScore: 0,
          calls: 100,
          avgResponseTimeMs: 2000,
          p95Ms: 2000,
          errorRatePercent: 10,
          activeAlerts: 1,
          status: 'critical',
        },
        {
          name: 'old',
          healthScore: 100,
          calls: 0,
          avgResponseTimeMs: 0,
          p95Ms: 0,
          errorRatePercent: 0,
          activeAlerts: 0,
          status: 'healthy',
        },
        {
          name: 'web',
          healthScore: 100,
          calls: 10,
          avgResponseTimeMs: 4,
          p95Ms: 4,
          errorRatePercent: 0,
          activeAlerts: 0,
          status: 'healthy',
        },
      ],
      activeAlerts: 1,
      recentAnomalies: 1,
      systemHealth: 'critical',
    });
  });

  it('counts an alert that belongs to no server against the system', async () => {
    await filled.store.saveAlert(testAlert({ server: '', tool: '', severity: 'warning' }));
    expect(await reports.dashboard()).toMatchObject({ servers: [], activeAlerts: 1, systemHealth: 'degraded' });
  });

  it('is cached, for as long as configured at most, and made anew after a change', async () => {
    const first = await reports.dashboard();
    filled.clock.advance(29_999);
    expect(await reports.dashboard()).toBe(first);
    expect(await reports.dashboard(30_000)).toBe(first);
    const fresher = await reports.dashboard(10_000);
    expect(fresher.atMs).toBe(NOW + 29_999);
    filled.clock.advance(30_000);
    const third = await reports.dashboard(86_400_000);
    expect(third.atMs).toBe(NOW + 59_999);
    reports.clearCache();
    expect(await reports.dashboard()).not.toBe(third);
  });

  it('is made once for those who ask at the same time', async () => {
    const [a, b] = await Promise.all([reports.dashboard(), reports.dashboard()]);
    expect(a).toBe(b);
  });
});

describe('series that are no tools', () => {
  const atMs = minutesBefore(NOW, 10);

  beforeEach(() =>
    filled.record([
      { server: 'files', tool: 'read', atMs, durationsMs: [1, 2, 3] },
      { server: 'files', tool: 'read', kind: 'result_bytes', atMs, durationsMs: [100, 300] },
      { server: 'web', tool: 'x|`y', kind: 'resource', atMs, durationsMs: [5], failures: 1 },
    ]),
  );

  it('are left out unless asked for', async () => {
    const report = await reports.build(RANGE, OPTIONS);
    expect(report.otherSeries).toBeUndefined();
    expect(report.overall.calls).toBe(3);
    expect(reports.render(report, 'markdown')).not.toContain('result_bytes');
  });

  it('are listed with their units, and change none of the other figures', async () => {
    const report = await reports.build(RANGE, { ...OPTIONS, includeOtherKinds: true });
    expect(report.overall.calls).toBe(3);
    expect(report.otherSeries).toMatchObject([
      { server: 'files', kind: 'result_bytes', name: 'read', unit: 'bytes', samples: 2, sum: 400, avg: 200, max: 300 },
      { server: 'web', kind: 'resource', unit: 'ms', samples: 1, errorRatePercent: 100 },
    ]);
    const markdown = reports.render(report, 'markdown');
    expect(markdown).toContain('| `read` | `files` | result_bytes | 2 | 0 % | 400 bytes | 200 bytes |');
    expect(markdown).toContain('`x\\u{7c}\\u{60}y`');
    expect(JSON.parse(reports.render(report, 'json')).otherSeries).toHaveLength(2);
  });
});
