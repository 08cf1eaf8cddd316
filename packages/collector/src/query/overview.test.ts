/** The first page on a real store: the figures of the dashboard, and what stands around them. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Anomaly } from '../model/anomaly.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { createReports } from '../report/service.ts';
import { overviewAnswer, presentedOverview } from '../serve/api/overview.ts';
import { type FilledStore, openFilledStore, type TestCalls, testAlert, testAnomaly } from '../testing/filledStore.ts';
import { readOverview } from './overview.ts';
import { createViews } from './service.ts';

const NOW = Date.parse('2025-10-31T13:30:12Z');
const MINUTE = Math.floor(NOW / MINUTE_MS) * MINUTE_MS;

let filled: FilledStore;
beforeEach(async () => {
  filled = await openFilledStore(NOW);
});
afterEach(() => filled.close());

function overview(of: FilledStore = filled) {
  return readOverview({ store: of.store, clock: of.clock, reports: createReports(of) });
}

const minutesAgo = (minutes: number) => MINUTE - minutes * MINUTE_MS + 5_000;
/** To twelve digits. */
const rounded = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'number' ? Number(one.toPrecision(12)) : one)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const calls: fc.Arbitrary<TestCalls & { failures: number }> = fc
  .record({
    server: fc.constantFrom('files', 'web', '__proto__'),
    tool: fc.constantFrom('read', 'write', 'constructor'),
    ageMinutes: fc.integer({ min: 0, max: 70 }),
    durationsMs: fc.array(
      fc.integer({ min: 0, max: 9_000_000 }).map((us) => us / 1_000),
      { minLength: 1, maxLength: 6 },
    ),
    failures: fc.nat(6),
  })
  .map(({ ageMinutes, failures, ...rest }) => ({
    ...rest,
    atMs: minutesAgo(ageMinutes),
    failures: Math.min(failures, rest.durationsMs.length),
  }));

describe('the overview', () => {
  it('has the figures of the dashboard, and by the minute what was called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 40 }), fc.boolean(), async (made, isMerged) => {
        const other = await openFilledStore(NOW);
        for (const one of made) await other.record([one]);
        await other.store.saveAlert(testAlert({ server: 'files', createdAtMs: NOW - HOUR_MS }));
        if (isMerged) await other.store.closeMinutes(NOW);
        if (isMerged) await other.store.rollUp(NOW);
        const shown = await overview(other);
        const { servers, ...dashboard } = await createReports(other).dashboard();
        // Sums in another order differ in their last digit.
        expect(rounded(shown)).toMatchObject(rounded(dashboard));
        expect(rounded(shown.servers)).toMatchObject(rounded(servers));
        expect(shown.servers.map(({ name }) => name).sort()).toEqual(
          [...new Set(made.map((one) => one.server))].sort(),
        );

        const fromMs = MINUTE - 59 * MINUTE_MS;
        expect(shown.sparkFromMs).toBe(fromMs);
        for (const { name, spark, callsPerMinute, liveInstances, version } of shown.servers) {
          expect([liveInstances, version]).toEqual([1, '1.2.3']);
          const ofServer = made.filter(({ server }) => server === name);
          for (let minute = 0; minute < 60; minute++) {
            const some = ofServer.filter(({ atMs }) => Math.floor((atMs - fromMs) / MINUTE_MS) === minute);
            const durations = some.flatMap(({ durationsMs }) => durationsMs);
            expect(spark.calls[minute]).toBe(durations.length);
            expect(spark.errors[minute]).toBe(sum(some.map(({ failures }) => failures)));
            if (durations.length === 0) expect(spark.avgMs[minute]).toBeNull();
            else expect(spark.avgMs[minute]).toBeCloseTo(sum(durations) / durations.length, 3);
          }
          expect(spark.calls).toHaveLength(60);
          expect(callsPerMinute).toBe(sum(spark.calls.slice(54, 59)) / 5);
        }
        expect(shown.callsPerMinute).toBeCloseTo(sum(shown.servers.map((one) => one.callsPerMinute)), 9);
        const lately = made.filter(({ atMs }) => atMs >= fromMs);
        expect(shown.totals.calls).toBe(sum(lately.map(({ durationsMs }) => durationsMs.length)));
        expect(shown.totals.errors).toBe(sum(lately.map(({ failures }) => failures)));

        const range = { fromMs, toMs: MINUTE + MINUTE_MS };
        const report = await createReports(other).build(range, {
          server: undefined,
          includeRecommendations: false,
          includeOtherKinds: false,
        });
        expect(sum(shown.timeShares.map(({ sharePercent }) => sharePercent))).toBeLessThanOrEqual(100 + 1e-9);
        for (const bottleneck of report.bottlenecks) {
          const { server, tool } = bottleneck;
          const share = shown.timeShares.find((one) => one.server === server && one.tool === tool)!;
          expect(share).toMatchObject({ calls: bottleneck.calls, errors: bottleneck.errors });
          expect(share.sharePercent).toBeCloseTo(bottleneck.sharePercent, 9);
        }
        const totals = shown.timeShares.map(({ totalMs }) => totalMs);
        expect(totals).toEqual([...totals].sort((a, b) => b - a));
        overviewAnswer.parse(JSON.parse(JSON.stringify(presentedOverview(shown))));
        await other.close();
      }),
      { numRuns: 15 * inject('thoroughness') },
    );
  });

  it('of a collector that nobody has reported to is empty and healthy', async () => {
    const shown = await overview();
    expect(shown).toMatchObject({
      systemHealth: 'healthy',
      servers: [],
      alerts: [],
      changes: [],
      timeShares: [],
      activeAlerts: 0,
      firingAlerts: 0,
      callsPerMinute: 0,
      totals: { calls: 0, p99Ms: 0 },
    });
    overviewAnswer.parse(JSON.parse(JSON.stringify(presentedOverview(shown))));
  });

  it('shows ten tools of many, each with its share of all', async () => {
    await filled.record(
      Array.from({ length: 25 }, (_, i) => ({
        server: i % 2 ? 'files' : 'web',
        tool: `tool-${i}`,
        atMs: minutesAgo(3),
        durationsMs: [i + 1],
      })),
    );
    const { timeShares } = await overview();
    expect(timeShares.map(({ tool }) => tool)).toEqual(Array.from({ length: 10 }, (_, i) => `tool-${24 - i}`));
    expect(timeShares[0]!.sharePercent).toBeCloseTo((100 * 25) / 325, 9);
  });

  it('counts alerts that are not resolved, and of them those whose condition holds; the worst come first', async () => {
    await filled.record([{ server: 'files', tool: 'read', atMs: minutesAgo(1), durationsMs: [1] }]);
    const alert = (n: number, values: Parameters<typeof testAlert>[0]) =>
      testAlert({ alertId: `alert-20251031-00${n}`, fingerprint: `f${n}`, createdAtMs: NOW - n * HOUR_MS, ...values });
    const saved = [
      alert(1, { severity: 'warning', status: 'active' }),
      alert(2, { severity: 'critical', status: 'acknowledged', acknowledgedAtMs: NOW - HOUR_MS }),
      alert(3, { severity: 'critical', status: 'escalated' }),
      alert(4, { severity: 'critical', status: 'active', clearedAtMs: NOW - MINUTE_MS }),
      alert(5, { severity: 'critical', status: 'resolved', resolvedAtMs: NOW - MINUTE_MS }),
      alert(6, { severity: 'critical', status: 'pending' }),
    ];
    for (const one of saved) await filled.store.saveAlert(one);
    const shown = await overview();
    expect(shown.alerts.map(({ alertId }) => alertId.at(-1))).toEqual(['3', '4', '2', '1']);
    expect([shown.activeAlerts, shown.firingAlerts, shown.servers[0]!.activeAlerts]).toEqual([4, 3, 4]);
  });

  it('is as healthy as what holds, not as what is over', async () => {
    await filled.record([{ server: 'files', tool: 'read', atMs: minutesAgo(1), durationsMs: [1] }]);
    const over = testAlert({ server: 'files', severity: 'critical', clearedAtMs: NOW - MINUTE_MS });
    await filled.store.saveAlert(over);
    expect(await overview()).toMatchObject({ systemHealth: 'healthy', activeAlerts: 1, firingAlerts: 0 });
    await filled.store.saveAlert({ ...over, clearedAtMs: null, revision: 2 });
    expect((await overview()).systemHealth).not.toBe('healthy');
  });

  it('shows no more than 50 alerts, and counts all', async () => {
    for (let i = 100; i < 160; i++)
      await filled.store.saveAlert(testAlert({ alertId: `alert-20251031-${i}`, fingerprint: `f${i}`, createdAtMs: i }));
    const shown = await overview();
    expect([shown.alerts.length, shown.activeAlerts, shown.firingAlerts]).toEqual([50, 60, 60]);
    expect(shown.alerts[0]!.createdAtMs).toBe(159);
  });
});

describe('changes', () => {
  const incident = (values: Partial<NonNullable<Anomaly['incident']>> = {}) => ({
    endedAtMs: null,
    detectedAtMs: NOW,
    affectedCalls: 3,
    evidence: null,
    deploy: null,
    alsoAffects: [],
    partOf: null,
    ...values,
  });

  it('are told of every kind, newest first, within the last day only', async () => {
    const hoursAgo = (hours: number) => NOW - hours * HOUR_MS;
    filled.clock.advance(-10 * HOUR_MS);
    await filled.record([{ server: 'files', tool: 'read', atMs: hoursAgo(10), durationsMs: [1] }], {
      version: '2.0.0',
    });
    filled.clock.advance(10 * HOUR_MS);
    const deploy = (atMs: number) => ({ atMs, server: 'files', fromVersion: '1.0.0', toVersion: '2.0.0' });
    await filled.store.saveItems('deploy', [
      { key: 'a', value: deploy(hoursAgo(9)) },
      { key: 'b', value: deploy(hoursAgo(24) - 1) },
    ]);
    await filled.store.saveAnomalies([
      testAnomaly({ atMs: hoursAgo(8), incident: incident({ endedAtMs: hoursAgo(6) }) }),
      testAnomaly({ atMs: hoursAgo(5), tool: 'goes on', severity: 'critical', incident: incident() }),
      testAnomaly({ atMs: hoursAgo(5), tool: 'one minute' }),
      testAnomaly({ atMs: hoursAgo(5), tool: 'remark', severity: 'info', incident: incident() }),
      testAnomaly({ atMs: hoursAgo(5), tool: 'part', incident: incident({ partOf: 'anomaly-x' }) }),
    ]);
    await filled.store.saveAlert(
      testAlert({
        server: 'files',
        status: 'resolved',
        createdAtMs: hoursAgo(4),
        acknowledgedAtMs: hoursAgo(3),
        acknowledgedBy: '<b>Ann</b>',
        resolvedAtMs: NOW,
      }),
    );
    await filled.store.saveAlert(
      testAlert({ alertId: 'alert-20251031-002', fingerprint: 'g', createdAtMs: hoursAgo(25) }),
    );
    await filled.store.saveAlert(
      testAlert({ alertId: 'alert-20251031-003', fingerprint: 'h', status: 'pending', createdAtMs: hoursAgo(1) }),
    );
    const { changes } = await overview();
    expect(changes.map(({ kind, atMs, tool, detail }) => [kind, (NOW - atMs) / HOUR_MS, tool, detail])).toEqual([
      ['alert_resolved', 0, 'read', 'error_rate > 5%'],
      ['alert_acknowledged', 3, 'read', '<b>Ann</b>'],
      ['alert_raised', 4, 'read', 'error_rate > 5%'],
      ['anomaly_began', 5, 'goes on', 'response_time_spike, 10x expected'],
      ['anomaly_ended', 6, 'read', 'response_time_spike, 10x expected'],
      ['anomaly_began', 8, 'read', 'response_time_spike, 10x expected'],
      ['deploy', 9, '', '1.0.0 to 2.0.0'],
      ['server_new', 10, '', '2.0.0'],
    ]);
    expect(changes.map(({ id }) => id !== '')).toEqual([true, true, true, true, true, true, false, false]);
    for (const { id, kind } of changes)
      if (id !== '') expect(id).toMatch(kind.startsWith('alert') ? /^alert-20251031-001$/ : /^anomaly-20251031-/);
  });

  it('are the newest 40 of many', async () => {
    const items = Array.from({ length: 60 }, (_, i) => ({
      key: String(i),
      value: { atMs: NOW - i * MINUTE_MS, server: 'files', fromVersion: '1', toVersion: '2' },
    }));
    await filled.store.saveItems('deploy', items);
    const { changes } = await overview();
    expect(changes.map(({ atMs }) => (NOW - atMs) / MINUTE_MS)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });
});

describe('the views', () => {
  it('share one overview until it is four seconds old or out of date', async () => {
    const reports = createReports(filled);
    const views = createViews({ ...filled, reports });
    const first = await views.overview();
    await filled.record([{ server: 'files', tool: 'read', atMs: minutesAgo(0), durationsMs: [1] }]);
    filled.clock.advance(3_999);
    expect(await views.overview()).toBe(first);
    reports.clearCache();
    views.clearCache();
    expect((await views.overview()).totals.calls).toBe(1);
  });

  it('find deploys of a server within a range, newest first', async () => {
    const views = createViews({ ...filled, reports: createReports(filled) });
    const at = [NOW - DAY_MS, NOW - HOUR_MS, NOW];
    await filled.store.saveItems(
      'deploy',
      at.flatMap((atMs, i) =>
        ['files', '__proto__'].map((server) => ({
          key: `${i} ${server}`,
          value: { atMs, server, fromVersion: '1', toVersion: '2' },
        })),
      ),
    );
    const range = { fromMs: NOW - DAY_MS, toMs: NOW };
    expect((await views.deploys(range, '__proto__')).map(({ atMs }) => atMs)).toEqual([NOW - HOUR_MS, NOW - DAY_MS]);
    expect(await views.deploys(range, undefined)).toHaveLength(4);
    expect(await views.deploys(range, 'web')).toEqual([]);
  });
});
