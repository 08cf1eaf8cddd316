import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../alert/thresholds.ts';
import { describeWithPrograms } from '../../testing/monitoringPrograms.ts';
import { type RuleTest, runOnFiles, runRuleTests } from '../../testing/promtool.ts';
import { SERVER_FAMILIES } from '../expressions.ts';
import { deployMark } from '../grafana/marks.ts';
import { quoted } from '../promql.ts';
import type { ThresholdInForce } from '../thresholds.ts';
import { prometheusFiles } from './prometheusFiles.ts';
import type { AlertRule, ObjectiveInForce, RuleSettings } from './rule.ts';
import { annotate, calls, growing, histogram, MINUTES, ruleCases } from './ruleCasesFixtures.ts';
import { alertGroups, recordingGroups } from './ruleFiles.ts';
import { SCRAPE_JOB } from './scrapeConfig.ts';

/** What a stranger may call a tool: the end of a string, templates of Prometheus and Grafana, lines, half a pair. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's
const HOSTILE = 'a"} or up{x="\\ {{ query "up" }} $server [[x]] ${__all}\n\u202eé\ud800';

const threshold = (
  metricName: ThresholdInForce['metric'],
  limit: number,
  scope: Partial<ThresholdInForce> = {},
): ThresholdInForce => ({
  thresholdId: `${metricName}-${limit}`,
  server: '',
  tool: '',
  metric: metricName,
  severity: 'warning',
  threshold: limit,
  enabled: true,
  ...scope,
});

const objective = (name: string, objectivePercent: number, more: Partial<ObjectiveInForce> = {}): ObjectiveInForce => ({
  name,
  server: 'shop',
  tool: '',
  objectivePercent,
  ...more,
});

const SETTINGS: RuleSettings = {
  thresholds: [
    ...DEFAULT_THRESHOLDS,
    threshold('response_time', 750, { server: 'shop' }),
    threshold('response_time', 10_000, { tool: 'deploy', severity: 'critical' }),
    threshold('response_time', 2_500, { server: 'shop', tool: HOSTILE }),
    threshold('error_rate', 7, { server: HOSTILE, tool: HOSTILE }),
    threshold('error_rate', 1, { tool: 'flaky', enabled: false }),
    threshold('memory', 50, { server: 'small' }),
  ],
  objectives: [
    objective('pay works', 99.9),
    objective(HOSTILE, 99, { server: HOSTILE, tool: HOSTILE }),
    objective('fast', 99, { withinMs: 500, tool: 'search' }),
    objective('faster', 99.5, { withinMs: 300 }),
    objective('fastest', 95, { withinMs: 5 }),
  ],
  evaluationMinutes: 5,
  minCalls: 10,
};

const options = { annotate, job: SCRAPE_JOB, onlyMissing: false };
const recordings = recordingGroups(SETTINGS);
const allAlerts = alertGroups(SETTINGS, options).flatMap(({ rules }) => rules);
const cases = ruleCases(SETTINGS, SCRAPE_JOB);

/** A rule by itself, with what it needs of what is recorded. */
function groupsWith(rule: AlertRule) {
  const needed = recordings.flatMap(({ rules }) => rules).filter(({ record }) => rule.expr.includes(record));
  return [
    { name: 'recorded', rules: needed },
    { name: 'alone', rules: [rule] },
  ];
}

const firing = (rule: AlertRule, count: number, minutes = MINUTES) => ({
  expr: `count(ALERTS{alertstate="firing", alertname=${quoted(rule.alert)}}) or vector(0)`,
  atMinutes: minutes - 1,
  samples: [{ labels: '{}', value: count }],
});

describe('alert rules', () => {
  it('has a case that fires and one that does not for each', () => {
    expect(cases.map(({ rule }) => rule)).toEqual(allAlerts);
    for (const { fires, doesNotFire } of cases) {
      expect(fires.length).toBeGreaterThan(0);
      expect(Object.keys(doesNotFire).length).toBeGreaterThan(0);
    }
  });

  it('leaves to the collector what it tells Alertmanager itself', () => {
    const left = alertGroups(SETTINGS, { ...options, onlyMissing: true }).flatMap(({ rules }) => rules);
    const names = left.map(({ alert }) => alert);
    expect(names).toEqual(['LowCacheHitRate', 'SlowDatabaseQueries', 'CollectorDown', 'ServerGone']);
  });

  it('has no rule for a burn rate that cannot be reached', () => {
    const loose = alertGroups({ ...SETTINGS, objectives: [objective('loose', 90)] }, options);
    const windows = loose.flatMap(({ rules }) => rules).filter(({ alert }) => alert === 'ErrorBudgetBurn');
    expect(windows.map(({ labels }) => labels.window)).toEqual(['6h', '3d']);
  });
});

describeWithPrograms('generated rules in Prometheus', ['promtool', 'amtool'], () => {
  it('fires and does not fire as it should, rule by rule', { timeout: 120_000 }, () => {
    const tests = cases.flatMap(({ name, rule, fires, doesNotFire, minutes }): RuleTest[] => [
      { name, groups: groupsWith(rule), input: fires, expected: [firing(rule, 1, minutes)] },
      ...Object.entries(doesNotFire).map(([why, input]) => ({
        name: `${name}: ${why}`,
        groups: groupsWith(rule),
        input,
        expected: [firing(rule, 0, minutes)],
      })),
    ]);
    expect(runRuleTests(tests)).toBe('');
  });

  it('lets the most specific threshold decide, enabled or not', () => {
    const general = allAlerts.find(({ alert, labels }) => alert === 'HighErrorRate' && labels.severity === 'warning')!;
    const failing = { good: 50, bad: 50 };
    const input = [
      ...calls({ server: 'shop', tool: 'search' }, failing),
      // Its own threshold is switched off.
      ...calls({ server: 'shop', tool: 'flaky' }, failing),
      // Has a rule of its own.
      ...calls({ server: HOSTILE.toWellFormed(), tool: HOSTILE.toWellFormed() }, failing),
    ];
    expect(
      runRuleTests([{ name: 'general', groups: groupsWith(general), input, expected: [firing(general, 1)] }]),
    ).toBe('');
  });

  it('says names as they are, and as nothing else', () => {
    const rule = allAlerts.find(({ alert, expr }) => alert === 'HighErrorRate' && expr.includes('> 0.07'))!;
    const name = HOSTILE.replace('\ud800', '?');
    const query = encodeURIComponent(name).replaceAll('%20', '+');
    const firingAlert = {
      exp_labels: { ...rule.labels, server: name, tool: name },
      exp_annotations: {
        summary: `Many calls of ${name} of ${name} fail`,
        description: `The share of failed calls of ${name} of ${name} is 50%, above 7 %.`,
        dashboard_url: `http://127.0.0.1:6848/tool?server=${query}&name=${query}`,
        runbook_url: 'http://127.0.0.1:6848/alerts',
      },
    };
    const alerts = [{ alertname: rule.alert, atMinutes: MINUTES - 1, firing: [firingAlert] }];
    const input = calls({ server: name, tool: name }, { good: 50, bad: 50 });
    expect(runRuleTests([{ name: 'names', groups: groupsWith(rule), input, expected: [], alerts }])).toBe('');
  });

  it('says of a whole server no more than its name', () => {
    const rule = allAlerts.find(({ alert }) => alert === 'CollectorAlert')!;
    const firingAlert = (labels: Record<string, string>, who: string) => ({
      exp_labels: { ...rule.labels, server: 'shop', severity: 'warning', condition: 'too slow', ...labels },
      exp_annotations: {
        summary: `${who}: too slow`,
        description: `An alert of the collector fires for ${who}: too slow.`,
        dashboard_url: 'http://127.0.0.1:6848/server?name=shop',
        runbook_url: 'http://127.0.0.1:6848/alerts',
      },
    });
    const labels = 'server="shop", severity="warning", condition="too slow"';
    const input = ['', 'tool="search", '].map((tool) => ({
      series: `mcp_alert_firing{${tool}${labels}}`,
      values: `1x${MINUTES}`,
    }));
    const firing = [firingAlert({}, 'shop'), firingAlert({ tool: 'search' }, 'search of shop')];
    const alerts = [{ alertname: rule.alert, atMinutes: 2, firing }];
    expect(runRuleTests([{ name: 'whole server', groups: groupsWith(rule), input, expected: [], alerts }])).toBe('');
  });

  it('does not take a value between two bounds for the p95 itself', () => {
    const descriptions = allAlerts
      .filter(({ alert }) => alert === 'HighResponseTime')
      .map(({ annotations }) => annotations.description!);
    const measured = 'The p95 of {{ $labels.tool }} of {{ $labels.server }} is';
    expect(descriptions).toContain(
      `${measured} above 1000 ms; between the bounds of its bucket about {{ $value | humanizeDuration }}.`,
    );
    expect(descriptions).toContain(`${measured} {{ $value | humanizeDuration }}, above 750 ms.`);
  });

  it('marks a new version of a server for five minutes, and neither a new server nor one that is back', () => {
    const info = (server: string, version: string, values: string) => ({
      series: `mcp_server_info{server="${server}", version="${version}"}`,
      values,
    });
    const input = [
      info('shop', '1.0.0', '1x10 stale'),
      info('shop', '1.1.0', '_x10 1x20'),
      info('new', '1.0.0', '_x10 1x20'),
      info('back', '1.0.0', '1x5 stale _x4 1x20'),
    ];
    const { expr } = deployMark([]);
    const at = (atMinutes: number, samples: { labels: string; value: number }[]) => ({ expr, atMinutes, samples });
    const news = [{ labels: '{server="shop", version="1.1.0"}', value: 1 }];
    const expected = [at(9, []), at(12, news), at(16, [])];
    expect(runRuleTests([{ name: 'deploys', groups: [], input, expected }])).toBe('');
  });

  it('records what it says it records', () => {
    const shop = { server: 'shop', tool: 'search' };
    const byName: Record<string, number> = {
      'server_tool:mcp_tool_requests:rate5m': 10,
      'server_tool:mcp_errors:ratio_rate5m': 0.02,
      // Half of the calls take up to 0.1 s; values lie evenly between the bounds.
      'server_tool:mcp_tool_request_duration_seconds:p50_5m': 0.0778,
      'server_tool:mcp_tool_request_duration_seconds:p95_5m': 0.175,
      'server_tool:mcp_tool_request_duration_seconds:p99_5m': 0.235,
      'server:mcp_tool_requests:rate5m': 10,
      'server:mcp_errors:ratio_rate5m': 0.02,
      'server:mcp_tool_request_duration_seconds:p95_5m': 0.175,
      'server_cache:mcp_cache_hits:ratio_rate5m': 0.75,
      'server_query_type:mcp_database_query_duration_seconds:p95_5m': 0.46,
      ...Object.fromEntries(
        ['5m', '30m', '1h', '6h', '3d'].map((span) => [`objective:mcp_bad_calls:ratio_rate${span}`, 0.02]),
      ),
    };
    const recorded = recordings.flatMap(({ rules }) => rules);
    expect([...new Set(recorded.map(({ record }) => record))].sort()).toEqual(Object.keys(byName).sort());
    const ofQueries = { server: 'shop', query_type: 'select' };
    const input = [
      ...calls(shop, { good: 588, bad: 12 }),
      ...histogram(SERVER_FAMILIES.toolDuration, shop, 0.1, { within: 540, beyond: 60 }),
      growing(SERVER_FAMILIES.cacheHits, { server: 'shop', cache: 'pages' }, 75),
      growing(SERVER_FAMILIES.cacheMisses, { server: 'shop', cache: 'pages' }, 25),
      ...histogram(SERVER_FAMILIES.databaseDuration, ofQueries, 0.1, { within: 50, beyond: 50 }),
    ];
    const expected = Object.entries(byName).map(([name, value]) => ({
      expr: `max(round({__name__=${quoted(name)}, objective!~"f.*"}, 0.0001))`,
      atMinutes: MINUTES - 1,
      samples: [{ labels: '{}', value }],
    }));
    expect(runRuleTests([{ name: 'recordings', groups: recordings, input, expected }])).toBe('');
  });

  it('writes files that Prometheus and Alertmanager take', () => {
    const files = prometheusFiles({
      settings: SETTINGS,
      collectorUrl: new URL('http://127.0.0.1:6848'),
      pageUrl: new URL('https://vitals.example.org'),
      readTokenFile: '/etc/tokens/$read {{ "x',
      webhookTokenFile: '/etc/tokens/ingest',
      alertmanagerUrl: new URL('https://alerts.example.org/am'),
      docsUrl: 'https://docs.example.org/prometheus-rules',
      onlyMissing: false,
    });
    const withTokens = new Map(
      [...files].map(([path, content]) => [path, content.replace('/etc/tokens/$read {{ "x', 'read')]),
    );
    const config = runOnFiles(
      'promtool',
      ['check', 'config', 'prometheus.yml'],
      new Map([...withTokens, ['read', 'x']]),
    );
    expect(config).toMatchObject({ status: 0, text: expect.stringContaining('SUCCESS') });
    const rules = runOnFiles('promtool', ['check', 'rules', '--lint-fatal', ...RULE_FILES], files);
    expect(rules).toMatchObject({ status: 0, text: expect.not.stringContaining('duplicate') });
    expect(runOnFiles('amtool', ['check-config', 'alertmanager.yml'], files)).toMatchObject({ status: 0 });
  });
});

const RULE_FILES = ['rules/mcp-vitals-recording.yml', 'rules/mcp-vitals-alerts.yml'];
