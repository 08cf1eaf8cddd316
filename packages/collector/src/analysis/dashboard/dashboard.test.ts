import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VitalsError } from '../../errors.ts';
import type { ShownFinding } from '../../model/analysisDashboard.ts';
import type { BenchmarkReport } from '../../model/benchmark.ts';
import type { Bottleneck } from '../../model/bottleneck.ts';
import type { PolicyRecord } from '../../model/optimization/policyRecord.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import type { SeriesTrend } from '../../model/trends.ts';
import { createViews } from '../../query/service.ts';
import { createReports } from '../../report/service.ts';
import type { AnalysisDashboardRequest, Trends } from '../../serve/ports/analyses.ts';
import { type FilledStore, minutesBefore, openFilledStore, testResources } from '../../testing/filledStore.ts';
import { createCosts } from '../cost/service.ts';
import { createDecisions } from '../decisions.ts';
import { createReplicas } from '../replicas/service.ts';
import { createAnalysisDashboards } from './service.ts';
import type { DashboardSources } from './sources.ts';

const NOW_MS = Date.parse('2025-10-31T13:00:30Z');
const HOSTILE = '<img src=x onerror="alert(1)">`|\u202e';

const ASKED: AnalysisDashboardRequest = {
  ...{ type: 'overview', range: 'hour', includePredictions: true, includeRecommendations: true, customMetrics: [] },
};

const finding = (values: Partial<ShownFinding>): ShownFinding => ({
  ...{ cause: 'lock', title: 'Calls wait for a lock', severity: 'high', confidence: 0.9 },
  ...{ server: HOSTILE, tools: [HOSTILE], clients: [HOSTILE], sharePercent: 40, action: 'Hold it for less time.' },
  evidence: [{ name: 'mean alone', value: 10, unit: 'ms' }],
  ...values,
});

const ahead = Float64Array.of(5, 5);
const TREND: SeriesTrend = {
  ...{ server: HOSTILE, tool: HOSTILE, metric: 'execution_time', known: 3, steps: 3, median: 5, latest: 5 },
  ...{ slope: null, changePoints: [], anomalies: [], capacity: null, note: '' },
  seasonality: { dayStrength: null, weekStrength: null, busiestHour: null, quietestHour: null },
  forecast: {
    ...{ startMs: NOW_MS + 3 * HOUR_MS, stepMs: HOUR_MS, middle: ahead },
    ...{ low95: ahead, low80: ahead, high80: ahead, high95: Float64Array.of(7, 8) },
  },
};
const NO_TRENDS: Trends = {
  analyse: () => Promise.reject(new VitalsError('not_found', 'There is nothing to analyse')),
  forecast: async () => undefined,
};

const POLICY: PolicyRecord = {
  ...{ server: 'shop', version: 2, state: 'watching', strategy: 'balanced', target: 'latency' },
  ...{ appliedAtMs: NOW_MS, appliedBy: 'ann', why: 'Calls wait.', watchUntilMs: NOW_MS, expiresAtMs: NOW_MS },
  previous: null,
  tools: { buy: { concurrency: { limit: 4, adaptive: { min: 1, max: 8 }, maxQueued: 10, maxWaitMs: 500 } } },
};
const BENCHMARK: BenchmarkReport = {
  ...{ startedAt: new Date(NOW_MS).toISOString(), target: 'local', tool: 'buy', profile: 'normal', mode: 'closed' },
  ...{ server: { name: 'shop', version: '1' }, callers: 4, offeredPerSecond: null, iterations: [], resources: null },
  ...{ saturation: null, comparison: null, warnings: [], endedBecause: null, savedAs: null },
  figures: {
    ...{ calls: 100, perSecond: 12, errors: 0, errorPercent: 0, errorsByKind: {} },
    durations: [{ name: 'p95', ms: 40, lowMs: 30, highMs: 50, callsNeeded: 60 }],
  },
};

describe('the analysis dashboard', () => {
  let filled: FilledStore;
  beforeAll(async () => {
    filled = await openFilledStore(NOW_MS, { cost: { prices: { [HOSTILE]: 3 } } });
    const atMs = minutesBefore(NOW_MS, 2) + 1_000;
    const series = (tool: string, kind: 'custom' | 'counter' | 'gauge', values: number[]) => {
      return { server: 'shop', tool, kind, atMs, durationsMs: values };
    };
    await filled.record(
      [
        { server: HOSTILE, tool: HOSTILE, atMs, durationsMs: [10, 20, 900], failures: 1 },
        { server: HOSTILE, tool: HOSTILE, kind: 'result_bytes', atMs, durationsMs: [4_000, 8_000, 40_000] },
      ],
      { resources: [testResources(atMs)] },
    );
    await filled.record([
      { server: 'shop', tool: 'buy', atMs, durationsMs: [5] },
      series('cache_hits{cache="users"}', 'counter', [1, 1]),
      series('cache_hits{cache="items"}', 'counter', [4]),
      series('queue', 'gauge', [7]),
    ]);
  });
  afterAll(() => filled.close());

  function world(sources: DashboardSources = {}, cacheSeconds = 0) {
    const { store, audit, clock } = filled;
    const config = { ...filled.config, dashboard: { cacheSeconds } };
    const reports = createReports({ store, audit, clock, config });
    const views = createViews({ store, clock, config, reports });
    const deps = { store, clock, config, views, reports, audit };
    const costs = createCosts(deps);
    const replicas = createReplicas(deps);
    return { reports, audit, analysisDashboards: createAnalysisDashboards({ ...deps, costs, replicas, sources }) };
  }
  const build = (request: Partial<AnalysisDashboardRequest>, sources: DashboardSources = {}) =>
    world(sources).analysisDashboards.build({ ...ASKED, ...request });

  it('shows figures, cost and instances of all servers', async () => {
    const dashboard = await build({});
    expect(dashboard.overall).toMatchObject({ calls: 4, errors: 1 });
    expect(dashboard.servers.map(({ server }) => server).sort()).toEqual([HOSTILE, 'shop'].sort());
    expect(dashboard.servers.find(({ server }) => server === HOSTILE)!.resources).toMatchObject({ cpuPercent: 10 });
    expect(dashboard.servers.find(({ server }) => server === 'shop')!.resources).toBeNull();
    expect(dashboard.cost!.total.tokens).toBe(13_000);
    expect(dashboard.replicas!.map(({ verdict }) => verdict)).toEqual(['not_enough_data', 'not_enough_data']);
    expect(dashboard.timeline.points.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
    expect(dashboard.missing).toEqual([]);
  });

  it('has the parts of its type, and those that were asked for', async () => {
    const partsOf = async (request: Partial<AnalysisDashboardRequest>) => {
      const made = await build(request, {
        findings: async () => [],
        forecasts: async () => [],
        policies: async () => [],
        benchmarks: async () => [],
      });
      return Object.entries(made).flatMap(([name, part]) => (part === undefined ? [] : [name]));
    };
    const automation = await partsOf({ type: 'automation' });
    expect(automation).toEqual(expect.arrayContaining(['tools', 'findings', 'cost', 'policies', 'benchmarks']));
    expect(automation).not.toContain('replicas');
    expect(await partsOf({ type: 'system' })).toEqual(expect.arrayContaining(['collector', 'replicas', 'forecasts']));
    const bare = await partsOf({ includePredictions: false, includeRecommendations: false });
    for (const part of ['forecasts', 'replicas', 'recommendations']) expect(bare).not.toContain(part);
    // Benchmarks belong to targets of the settings, the collector to all servers.
    expect(await partsOf({ type: 'detailed', server: 'shop' })).not.toContain('benchmarks');
  });

  it('says what could not be told, and fails with what is a fault', async () => {
    const tooShort = new VitalsError('unavailable', 'Three days are needed');
    const failing = (error: Error): DashboardSources => ({ forecasts: () => Promise.reject(error) });
    expect((await build({}, failing(tooShort))).missing).toEqual([
      { part: 'forecasts', reason: 'Three days are needed' },
    ]);
    await expect(build({}, failing(new TypeError('undefined is not a function')))).rejects.toThrow(TypeError);
  });

  it('puts the most severe first, and cuts what an overview does not show', async () => {
    const many = Array.from({ length: 9 }, (_, i) => finding({ title: `${i}`, severity: 'low', action: `low ${i}` }));
    const sources = { findings: async () => [...many.slice(0, 4), finding({ action: 'high' }), ...many.slice(4)] };
    const { findings, recommendations } = await build({}, sources);
    expect(findings).toHaveLength(5);
    expect(recommendations![0]!.what).toBe('high');
    expect((await build({ type: 'detailed' }, sources)).findings).toHaveLength(10);
  });

  it('finds custom metrics by their name with labels and without', async () => {
    const { customMetrics } = await build({ customMetrics: ['cache_hits', 'queue'] });
    expect(customMetrics!.map(({ name, sum }) => [name, sum])).toEqual([
      ['cache_hits{cache="users"}', 2],
      ['cache_hits{cache="items"}', 4],
      ['queue', 7],
    ]);
    const [only] = (await build({ customMetrics: ['cache_hits{cache="items"}'] })).customMetrics!;
    expect(only).toMatchObject({ sum: 4, kind: 'counter' });
    await expect(build({ customMetrics: ['misses'] })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('"misses"'),
      hint: 'There are: "cache_hits", "queue".',
    });
    await expect(build({ server: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is made once for all who ask within its time', async () => {
    let asked = 0;
    const sources: DashboardSources = {
      findings: async () => {
        asked += 1;
        return [];
      },
    };
    const { analysisDashboards } = world(sources, 30);
    await Promise.all([analysisDashboards.build(ASKED), analysisDashboards.build(ASKED)]);
    await analysisDashboards.build(ASKED, 5_000);
    expect(asked).toBe(1);
    await analysisDashboards.build({ ...ASKED, server: 'shop' });
    expect(asked).toBe(2);
    await analysisDashboards.build(ASKED, 0);
    expect(asked).toBe(3);
    analysisDashboards.clearCache();
    await analysisDashboards.build(ASKED);
    expect(asked).toBe(4);
  });

  it('is a page in which a stranger’s name is a name', async () => {
    const { reports, analysisDashboards, audit } = world({
      findings: async () => [finding({})],
      forecasts: async () => [
        {
          trend: TREND,
          column: { server: HOSTILE, tool: HOSTILE, metric: 'execution_time', values: Float64Array.of(5, 6, 5) },
          ...{ startMs: NOW_MS, stepMs: HOUR_MS, words: 'p95 stays as it is' },
        },
      ],
      policies: async () => [
        {
          ...{ server: HOSTILE, version: 3, state: 'watching', appliedAtMs: NOW_MS, appliedBy: HOSTILE },
          ...{ expiresAtMs: NOW_MS, why: 'Calls wait.' },
          controls: [{ tool: HOSTILE, control: 'concurrency', settings: { limit: 4 } }],
        },
      ],
      benchmarks: async () => [
        {
          ...{ target: HOSTILE, tool: HOSTILE, profile: 'normal', atMs: NOW_MS, callsPerSecond: 3, p95Ms: null },
          ...{ errorPercent: 0, change: 'no change' },
        },
      ],
    });
    const change = {
      by: HOSTILE,
      action: 'policy.applied',
      server: HOSTILE,
      summary: 'Applied.',
      details: {},
    } as const;
    await audit.record(change);
    filled.clock.advance(1);
    const html = await reports.renderAnalysis(await analysisDashboards.build({ ...ASKED, type: 'detailed' }));
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    expect(html).toContain('&lt;img src=x');
    for (const title of ['Bottlenecks', 'Forecasts', 'Cost', 'Instances', 'Policies in force', 'Changes', 'Benchmarks'])
      expect(html).toContain(`<h2>${title}</h2>`);
    expect(html).not.toMatch(/\bNaN\b|undefined|Infinity/);
  });

  it('says plainly that nothing was found', async () => {
    const { reports, analysisDashboards } = world({ findings: async () => [] });
    const html = await reports.renderAnalysis(await analysisDashboards.build({ ...ASKED, server: 'shop' }));
    expect(html).toContain('Nothing found');
  });

  it('joins what the other analyses say, and leaves out what they cannot', async () => {
    const { store, audit, clock, config } = filled;
    const reports = createReports({ store, audit, clock, config });
    const views = createViews({ store, clock, config, reports });
    const { sharePercent: _, action: __, ...shown } = finding({ server: 'shop' });
    const told = { shareOfTimePercent: 3, advice: ['One.', 'Two.'], instances: ['i'], consequences: [] };
    const found: Bottleneck = { ...shown, ...told, resolution: 'minute' };
    const counts = { calls: 9, servers: [], notJudged: [] };
    const { analysisDashboards } = createDecisions({
      ...{ store, clock, config, views, reports, audit, trends: NO_TRENDS },
      optimizations: { policies: () => [POLICY] },
      benchmarks: { latest: async () => [BENCHMARK, { ...BENCHMARK, figures: null }] },
      bottlenecks: { analyze: async ({ fromMs, toMs }) => ({ fromMs, toMs, ...counts, findings: [found] }) },
    });
    const joined = await analysisDashboards.build(ASKED);
    expect(joined.findings).toEqual([{ ...shown, sharePercent: 3, action: 'One. Two.' }]);
    expect(joined.policies).toMatchObject([
      {
        state: 'watching',
        controls: [
          {
            ...{ tool: 'buy', control: 'concurrency' },
            settings: { limit: 4, 'adaptive.min': 1, 'adaptive.max': 8, maxQueued: 10, maxWaitMs: 500 },
          },
        ],
      },
    ]);
    expect(joined.benchmarks).toMatchObject([{ callsPerSecond: 12, p95Ms: 40, change: '' }]);
    expect(joined.missing).toEqual([{ part: 'forecasts', reason: 'There is nothing to analyse' }]);
    expect((await analysisDashboards.build({ ...ASKED, server: HOSTILE })).policies).toEqual([]);
  });
});

describe('the analysis dashboard of an empty store', () => {
  it('is a page all the same', async () => {
    const empty = await openFilledStore(NOW_MS);
    try {
      const reports = createReports(empty);
      const deps = { ...empty, reports, views: createViews({ ...empty, reports }) };
      const parts = { costs: createCosts(deps), replicas: createReplicas(deps), sources: {} };
      const page = await reports.renderAnalysis(await createAnalysisDashboards({ ...deps, ...parts }).build(ASKED));
      expect(page).toContain('No server has reported yet.');
      expect(page).toContain('Nothing was called.');
      expect(page).not.toMatch(/\bNaN\b|undefined|Infinity/);
    } finally {
      await empty.close();
    }
  });
});
