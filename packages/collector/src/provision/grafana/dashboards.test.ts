import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_THRESHOLDS } from '../../alert/thresholds.ts';
import type { Files } from '../files.ts';
import type { ToolName } from '../subjects.ts';
import { isRow, panelsOf } from './dashboardQueriesFixtures.ts';
import { schemaComplaints } from './dashboardTypesFixtures.ts';
import { type GrafanaInput, grafanaFiles } from './grafanaFiles.ts';
import { OVERVIEW_UID } from './overview.ts';

const HOSTILE: ToolName[] = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's
  { server: '../../etc', tool: '"} or up{x="$server ${datasource} [[server]]' },
  { server: 'a', tool: '<img src=x onerror=alert(1)> [x](javascript:alert(1)) `x` $datasource' },
  { server: 'A', tool: '__proto__' },
  { server: '', tool: '\u202e\n\0' },
  { server: 's', tool: 'x'.repeat(5_000) },
  { server: 's', tool: `${'x'.repeat(5_000)}y` },
  { server: 'CON', tool: '.' },
  { server: 'con', tool: '.' },
];

const input = (more: Partial<GrafanaInput> = {}): GrafanaInput => ({
  tools: [{ server: 'shop', tool: 'search' }, ...HOSTILE],
  thresholds: [
    ...DEFAULT_THRESHOLDS,
    { ...DEFAULT_THRESHOLDS[0]!, thresholdId: 'own', server: 'shop', tool: 'search', threshold: 250 },
  ],
  collectorUrl: new URL('http://collector:6848'),
  pageUrl: new URL('https://vitals.example.org/'),
  prometheusUrl: new URL('http://prometheus:9090'),
  alertmanagerUrl: new URL('http://alertmanager:9093'),
  dashboardsPath: '/srv/$dashboards',
  webhookTokenFile: '/run/secrets/ingest',
  traceDatasource: 'tempo',
  slack: false,
  ...more,
});

const files = grafanaFiles(input());
type Json = ReturnType<typeof dashboardsIn>[number];

function dashboardsIn(all: Files) {
  return [...all].filter(([path]) => path.endsWith('.json')).map(([, content]) => JSON.parse(content));
}

const dashboards = dashboardsIn(files);
const [overview] = dashboards;
const shop = dashboards.find(({ title }) => title === 'search · shop');

const titlesOf = (dashboard: Json): string[] => panelsOf(dashboard).map(({ title }) => title!);

describe('dashboards', () => {
  it('are as the schema of Grafana wants them', () => {
    const [badOption, badField] = [structuredClone(overview), structuredClone(overview)];
    badOption.panels[1].options.colorMode = 'rainbow';
    const graph = badField.panels.find(({ type }: { type: string }) => type === 'timeseries');
    graph.fieldConfig.defaults.custom.linesWidth = 2;
    expect(schemaComplaints([overview, shop, badOption, badField])).toEqual([
      expect.stringContaining('rainbow'),
      expect.stringContaining('linesWidth'),
    ]);
  });

  it('have the rows and panels of the specification', () => {
    expect(overview.uid).toBe(OVERVIEW_UID);
    expect(overview.panels.filter(isRow).map(({ title }: { title: string }) => title)).toEqual([
      'System Health',
      'Request Metrics',
      'Performance',
      'Top Tools',
      'Database & Cache',
      'Alerts and Objectives',
      'The Collector',
    ]);
    const wanted = [
      ['Uptime', 'Active Connections', 'Memory Usage', 'CPU Usage'],
      ['Total Requests', 'Requests/sec', 'Success Rate', 'Error Rate'],
      ['Response Time p50', 'Response Time p95', 'Response Time p99', 'Slowest Tools'],
      ['Most Called Tools', 'Errors by Tool', 'Average Response Time by Tool'],
      ['Database Queries/sec', 'DB Query Duration p95', 'Cache Hit Rate', 'Cache Misses/sec'],
    ].flat();
    expect(titlesOf(overview)).toEqual(expect.arrayContaining(wanted));
    expect(titlesOf(shop)).toEqual(
      expect.arrayContaining([
        'Request Count',
        'Request Rate',
        'Response Time Distribution',
        'Success/Error Rate',
        'Recent Errors by Type',
      ]),
    );
  });

  it('have panels that say what they show, in a unit, from the data source that is chosen', () => {
    for (const dashboard of dashboards) {
      expect(dashboard.templating.list.map(({ name }: { name: string }) => name)[0]).toBe('datasource');
      for (const panel of panelsOf(dashboard)) {
        expect(panel.description, panel.title!).toMatch(/^[A-Z0-9].*\.$/);
        if (panel.type === 'text') continue;
        expect(panel.fieldConfig!.defaults.unit, panel.title!).toMatch(/./);
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's
        const source = { type: 'prometheus', uid: '${datasource}' };
        expect(panel.datasource).toEqual(source);
        for (const target of panel.targets!) expect(target).toMatchObject({ datasource: source, refId: /^[A-Z]$/ });
      }
    }
  });

  it('place panels side by side and below each other, never over each other', () => {
    for (const { panels } of dashboards) {
      const taken = new Set<string>();
      for (const { gridPos, title } of panels) {
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(taken.has(`${x} ${y}`), `${title} at ${x} ${y}`).toBe(false);
            taken.add(`${x} ${y}`);
          }
        }
      }
      const ids = panels.map(({ id }: { id: number }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('have ids and titles of their own, the same each time', () => {
    expect(dashboardsIn(grafanaFiles(input()))).toEqual(dashboards);
    const uids = dashboards.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(1 + input().tools.length);
    for (const uid of uids) expect(uid).toMatch(/^[a-zA-Z0-9_-]{8,40}$/);
    const titles = dashboards.map(({ title }) => title.toLowerCase());
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title.length).toBeLessThan(190);
  });

  it('mark the limits in force', () => {
    const panel = panelsOf(shop).find(({ title }) => title === 'Response Time p50, p95, p99')!;
    expect(panel.fieldConfig!.defaults.thresholds!.steps.map(({ value }) => value)).toEqual([null, 0.25, 1]);
  });

  it('lead to each other and to the page of the collector', () => {
    expect(shop.links.map(({ url }: { url: string }) => url)).toEqual([
      `/d/${OVERVIEW_UID}`,
      'https://vitals.example.org/tool?server=shop&name=search',
    ]);
    expect(overview.links[0]).toMatchObject({ type: 'dashboards', tags: ['mcp-vitals-tool'] });
    for (const { tags } of dashboards.slice(1)) expect(tags).toContain('mcp-vitals-tool');
  });
});

describe('names from strangers', () => {
  it('stay within the directory, in files of their own, wherever case does not count', () => {
    const paths = [...files.keys()];
    for (const path of paths)
      expect(path).toMatch(/^(dashboards(\/tools)?|provisioning\/[a-z]+)\/[a-z0-9][a-z0-9.-]{3,90}$/);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    expect(paths.length).toBe(5 + input().tools.length);
  });

  it('begin no variable of Grafana and no markup', () => {
    for (const dashboard of dashboards.slice(1)) {
      const asked = panelsOf(dashboard).flatMap(({ targets = [] }) => targets as unknown as { expr: string }[]);
      for (const { expr } of asked) {
        const variables = expr.match(/\$\w*|\$\{|\[\[/g) ?? [];
        expect(variables.filter((name) => !/^\$__(rate_interval|range)$/.test(name))).toEqual([]);
      }
      const { content } = panelsOf(dashboard)[0]!.options as { content: string };
      expect(content).not.toMatch(/\$|\[\[|(?<!\\)<|\n\s*\n\s*\n/);
      // The one link is ours.
      expect(content.match(/(?<!\\)\]\(/g)).toHaveLength(1);
      expect(content.match(/\]\((.*)\)$/)![1]).toMatch(/^https:\/\/vitals\.example\.org\/tool\?[\w.*+%&=-]+$/);
      for (const { url } of dashboard.links) expect(url).not.toMatch(/\$|\[\[/);
    }
  });
});

describe('provisioning', () => {
  const read = (path: string, more?: Partial<GrafanaInput>) =>
    parse((more === undefined ? files : grafanaFiles(input(more))).get(`provisioning/${path}`)!);

  it('names the data sources that dashboards look for', () => {
    const { datasources } = read('datasources/prometheus.yaml');
    const { current } = overview.templating.list[0];
    expect(datasources[0]).toMatchObject({
      uid: current.value,
      name: current.text,
      url: 'http://prometheus:9090/',
      jsonData: { exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'tempo' }] },
    });
    expect(datasources[1]).toMatchObject({ uid: datasources[0].jsonData.alertmanagerUid, type: 'alertmanager' });
    const without = read('datasources/prometheus.yaml', { traceDatasource: undefined });
    expect(without.datasources[0].jsonData).not.toHaveProperty('exemplarTraceIdDestinations');
  });

  it('finds the dashboards, whatever is in their path', () => {
    expect(read('dashboards/mcp-vitals.yaml').providers[0].options.path).toBe('/srv/$$dashboards');
  });

  it('tells the collector, and Slack where that is asked for', () => {
    const { contactPoints } = read('alerting/contact-points.yaml');
    expect(contactPoints[0].receivers).toMatchObject([
      {
        type: 'webhook',
        settings: {
          url: 'http://collector:6848/v1/alertmanager',
          authorization_credentials: '$__file{/run/secrets/ingest}',
        },
      },
    ]);
    const withSlack = read('alerting/contact-points.yaml', { slack: true });
    expect(withSlack.contactPoints[0].receivers[1]).toMatchObject({
      type: 'slack',
      settings: { url: '$SLACK_WEBHOOK_URL' },
    });
    expect(read('alerting/notification-policies.yaml').policies[0].receiver).toBe(contactPoints[0].name);
  });
});
