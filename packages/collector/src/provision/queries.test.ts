/** Everything that dashboards and rules ask, asked of a real Prometheus that scrapes a real collector. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { BATCH_CONTENT_TYPE, encodeBatch, formatSeriesName } from '@mcp-vitals/wire/encode';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { prepareDataDir } from '../daemon/ownership.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import { incomingBatch, type WindowSpec } from '../store/storeFixtures.ts';
import {
  describeWithPrograms,
  type RunningProgram,
  startPrometheus,
  startVictoriaMetrics,
} from '../testing/monitoringPrograms.ts';
import { newDataDir, startTestCollector, type TestCollector } from '../testing/testCollector.ts';
import {
  type AskedQuery,
  annotationQueries,
  panelQueries,
  variableQueries,
} from './grafana/dashboardQueriesFixtures.ts';
import { overviewDashboard } from './grafana/overview.ts';
import { toolDashboard } from './grafana/toolDashboard.ts';
import { prometheusFiles } from './prometheus/prometheusFiles.ts';
import { SCRAPE_JOB } from './prometheus/scrapeConfig.ts';
import type { ToolName } from './subjects.ts';

const SERVER = 'shop "1" \\ {{x}}';
const TOOL = 'a"b\\c $server [[x]] {{ y }}\n{z}\ufffd';
const UNTIL_SCRAPED = { timeout: 30_000, interval: 250 };

type Result = { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] };

/** Answers only while a new version is news. */
const isDeployMark = ({ where }: AskedQuery) => where.endsWith(': Deploys');

describeWithPrograms('what dashboards and rules ask', ['prometheus', 'victoria-metrics'], () => {
  let collector: TestCollector;
  let prometheus: RunningProgram;
  let dashboards: Dashboard[];
  let asked: AskedQuery[];
  beforeAll(async () => {
    const dataDir = newDataDir();
    await saveAnomaly(dataDir);
    collector = await startTestCollector(['alerts.minCalls=1'], { dataDir });
    await setObjective(collector);
    prometheus = await startScraping(collector);
    await send(collector, 1);
    dashboards = await dashboardsOf(collector);
    asked = [...dashboards.flatMap(panelQueries), ...dashboards.flatMap(annotationQueries)];
    await untilTrue('sum(mcp_tool_requests_total) > 0');
    await send(collector, 2);
    // Everything that grows has to have been seen twice, and the alert that failed calls raise.
    await untilTrue('sum(rate(mcp_tool_requests_total[1m])) > 0 and on () sum(mcp_alert_firing) > 0');
  });
  afterAll(async () => {
    await prometheus?.stop();
    await collector?.stop();
  });

  function untilTrue(expression: string): Promise<void> {
    return vi.waitFor(async () => expect(await query(prometheus, expression)).toHaveLength(1), UNTIL_SCRAPED);
  }

  it('has an answer for every panel and every mark, with the labels that are shown', async () => {
    const without: string[] = [];
    for (const one of asked) {
      const results = await ask(prometheus, one);
      if (!isDeployMark(one) && !hasNumber(results)) without.push(`${one.where}: ${one.expr}`);
      if (results.length > 0) without.push(...missingLabels(one, results));
    }
    expect(without).toEqual([]);
  });

  it('counts the servers that report, and no other target of Prometheus', async () => {
    const { expr } = asked.find(({ where }) => where.endsWith(': Servers reporting'))!;
    const found = await query(prometheus, expr);
    expect(found.map(({ value }) => value?.[1])).toEqual(['2']);
  });

  it('has servers to choose from', async () => {
    const variables = dashboards.flatMap(variableQueries);
    expect(variables).toEqual([{ metric: 'mcp_tool_requests_total', label: 'server' }]);
    for (const { metric, label } of variables) {
      const answer = await fetch(
        `${prometheus.url}/api/v1/label/${label}/values?${new URLSearchParams({ 'match[]': metric })}`,
      );
      expect(await answer.json()).toMatchObject({ data: expect.arrayContaining([SERVER]) });
    }
  });

  it('evaluates every rule', async () => {
    const rules = async () => {
      const answer = await fetch(`${prometheus.url}/api/v1/rules`);
      const { data } = (await answer.json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      return data.groups.flatMap((group) => group.rules);
    };
    await expect.poll(async () => (await rules()).map(({ health }) => health), UNTIL_SCRAPED).not.toContain('unknown');
    const all = await rules();
    expect(all.length).toBeGreaterThan(25);
    expect(all.filter(({ health }) => health !== 'ok')).toEqual([]);
    const recorded = () => query(prometheus, 'server_tool:mcp_tool_requests:rate5m > 0');
    await expect.poll(recorded, UNTIL_SCRAPED).not.toEqual([]);
  });

  it('answers the queries that are recommended', async () => {
    const page = readFileSync(new URL('../../../../docs/grafana.md', import.meta.url), 'utf8');
    const [, block] = /```promql\n([\s\S]*?)```/.exec(page)!;
    const queries = block!.split('\n\n').map((text) => text.replace(/^#.*\n/gm, ''));
    expect(queries.length).toBeGreaterThan(3);
    for (const text of queries) {
      const expr = text
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('[30d]', '[5m]')
        .replaceAll('"shop"', '"files"');
      expect(hasNumber(await query(prometheus, expr)), text).toBe(true);
    }
  });

  it('is understood and answered by VictoriaMetrics as well', async () => {
    const victoria = await startVictoriaMetrics();
    try {
      await copySeries(prometheus, victoria);
      const without: string[] = [];
      for (const one of asked.filter((each) => !isDeployMark(each))) {
        const found = await ask(victoria, one, Date.now() / 1000 - SHIFT_S, { nocache: '1' });
        if (!hasNumber(found)) without.push(`${one.where}: ${one.expr}`);
      }
      expect(without).toEqual([]);
    } finally {
      await victoria.stop();
    }
  });
});

async function saveAnomaly(dataDir: string): Promise<void> {
  prepareDataDir(dataDir);
  const { config } = loadConfig({ dataDir }, {});
  const store = await openSqliteStore({ dataDir, config, clock: systemClock, ballastBytes: 0 });
  const anomaly: Anomaly = {
    atMs: Date.now() - 120_000,
    server: SERVER,
    tool: TOOL,
    type: 'response_time_spike',
    severity: 'warning',
    currentValue: 900,
    expectedRange: '10-50',
    expectedMax: 50,
    deviation: '18x expected',
    confidence: 0.9,
    method: 'z-score',
    recommendations: [],
  };
  await store.saveAnomalies([anomaly]);
  await store.close();
}

/** Of the names as the collector knows them. */
async function dashboardsOf(collector: TestCollector): Promise<Dashboard[]> {
  const pageUrl = collector.app.url;
  const { tools } = (await collector.ask('/api/v1/tools', { scope: 'read' })).json() as never as { tools: ToolName[] };
  const name = tools.find(({ server }) => server === SERVER)!;
  return [overviewDashboard(pageUrl), toolDashboard({ name, title: 'tool', pageUrl, thresholds: [] })];
}

async function setObjective(collector: TestCollector): Promise<void> {
  const answer = await collector.ask('/api/v1/objectives/search%20works', {
    scope: 'admin',
    method: 'PUT',
    body: { server: SERVER, objectivePercent: 99.9, withinMs: 300 },
  });
  expect(answer.status).toBe(200);
}

/** With the files that are generated, but for what would take minutes. */
async function startScraping(collector: TestCollector): Promise<RunningProgram> {
  const { thresholds } = (await collector.ask('/api/v1/thresholds', { scope: 'read' })).json() as never as {
    thresholds: [];
  };
  const { objectives } = (await collector.ask('/api/v1/objectives', { scope: 'read' })).json() as never as {
    objectives: [];
  };
  const url = new URL(collector.app.url);
  const files = prometheusFiles({
    settings: { thresholds, objectives, evaluationMinutes: 5, minCalls: 10 },
    collectorUrl: url,
    pageUrl: url,
    readTokenFile: join(collector.dataDir, 'tokens/read'),
    webhookTokenFile: join(collector.dataDir, 'tokens/ingest'),
    alertmanagerUrl: new URL('http://127.0.0.1:9'),
    docsUrl: undefined,
    onlyMissing: false,
  });
  const sooner = (path: string) => files.get(path)!.replaceAll(/interval: (15|30)s/g, 'interval: 1s');
  const config = parse(sooner('prometheus.yml').replaceAll('scrape_timeout: 10s', 'scrape_timeout: 1s')) as object;
  return startPrometheus(
    { ...config, rule_files: ['mcp-vitals-*.yml'] },
    {
      'mcp-vitals-recording.yml': sooner('rules/mcp-vitals-recording.yml'),
      'mcp-vitals-alerts.yml': sooner('rules/mcp-vitals-alerts.yml'),
    },
  );
}

/** Calls, good and bad, and everything that a server can measure. */
async function send(collector: TestCollector, seq: number): Promise<void> {
  const endMs = Date.now();
  const own = (
    kind: WindowSpec['kind'],
    name: string,
    labels: Record<string, string>,
    values: number[],
  ): WindowSpec => ({
    server: SERVER,
    kind,
    name: formatSeriesName(name, labels),
    endMs,
    durationsMs: values,
  });
  const errors = [{ atMs: endMs, errorClass: 'Quota"Error', code: '' }];
  const { batch } = incomingBatch({
    seq,
    receivedAtMs: endMs,
    windows: [
      { server: SERVER, name: TOOL, endMs, durationsMs: [5, 40, 200, 900], failuresMs: [20, 70], cancelled: 1, errors },
      { server: 'files', name: 'read', endMs, durationsMs: [1, 2, 3] },
      { ...own('wait', '', {}, [30, 60]), name: TOOL },
      { ...own('result_bytes', '', {}, [300, 5_000]), name: TOOL },
      own('counter', 'cache_hits', { cache: 'pages' }, [8]),
      own('counter', 'cache_misses', { cache: 'pages' }, [2]),
      own('gauge', 'active_connections', { type: 'http' }, [3]),
      own('custom', 'database_query', { query_type: 'select' }, [2, 30]),
    ],
    servers: [SERVER, 'files'].map((name) => ({ name, version: '1.0.0' })),
    resources: [
      {
        atMs: endMs,
        cpuPercent: 20,
        memoryMb: 100,
        memoryPercent: 10,
        diskIoKb: 5,
        eventLoopDelayMs: 1,
        heapUsedMb: 30,
        heapTotalMb: 40,
        externalMb: 2,
      },
    ],
    inFlight: [{ server: 0, kind: 'tool', name: TOOL, count: 1, oldestAgeMs: 500 }],
    dropped: { queue_full: 2 },
  });
  const timedOut = batch.windows[0]!.outcomes;
  timedOut[1] -= 1;
  timedOut[3] += 1;
  const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
  const answer = await fetch(`${collector.app.url}/v1/batches`, { method: 'POST', headers, body: encodeBatch(batch) });
  expect(answer.status).toBe(200);
  await collector.ask('/api/v1/servers', { scope: 'read' });
}

async function query(program: RunningProgram, expression: string): Promise<Result[]> {
  return results(`${program.url}/api/v1/query?${new URLSearchParams({ query: expression })}`, expression);
}

/** @param atS epoch seconds of what is now to whoever asks */
async function ask(
  program: RunningProgram,
  { expr, isInstant }: AskedQuery,
  atS = Date.now() / 1000,
  extra: Record<string, string> = {},
): Promise<Result[]> {
  const asked = { query: expr, ...extra };
  if (isInstant)
    return results(`${program.url}/api/v1/query?${new URLSearchParams({ ...asked, time: String(atS) })}`, expr);
  const range = { start: String(atS - 60), end: String(atS), step: '1' };
  return results(`${program.url}/api/v1/query_range?${new URLSearchParams({ ...asked, ...range })}`, expr);
}

async function results(url: string, expression: string): Promise<Result[]> {
  const { data, error } = (await (await fetch(url)).json()) as { data?: { result: Result[] }; error?: string };
  if (data === undefined || error !== undefined) throw new Error(`${expression}: ${error}`);
  return data.result;
}

function hasNumber(found: readonly Result[]): boolean {
  const values = found.flatMap(({ value, values = [] }) => [...(value === undefined ? [] : [value]), ...values]);
  return values.some(([, text]) => Number.isFinite(Number(text)));
}

function missingLabels({ where, labels }: AskedQuery, found: readonly Result[]): string[] {
  // A whole server has no tool: the label is empty, which is to Prometheus as if it were not there.
  return labels
    .filter((label) => label !== 'tool' && !found.some(({ metric }) => label in metric))
    .map((label) => `${where}: no label ${label}`);
}

/** VictoriaMetrics answers nothing of the newest half minute, so what happened is told it as of earlier. */
const SHIFT_S = 120;

/** The lines of the collector as Prometheus has scraped them. */
async function copySeries(prometheus: RunningProgram, victoria: RunningProgram): Promise<void> {
  const endS = Date.now() / 1000;
  const found = await results(
    `${prometheus.url}/api/v1/query?${new URLSearchParams({ query: `{job="${SCRAPE_JOB}"}[2m]`, time: String(endS) })}`,
    'all',
  );
  const lines = found.map(({ metric, values = [] }) =>
    JSON.stringify({
      metric,
      values: values.map(([, value]) => Number(value)),
      timestamps: values.map(([atS]) => Math.round((atS - SHIFT_S) * 1000)),
    }),
  );
  expect(lines.length).toBeGreaterThan(100);
  const answer = await fetch(`${victoria.url}/api/v1/import`, { method: 'POST', body: lines.join('\n') });
  expect(answer.status).toBe(204);
  await fetch(`${victoria.url}/internal/force_flush`);
}
