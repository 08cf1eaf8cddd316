/**
 * A collector that three workspaces share, asked over HTTP with tokens that are limited to one of them: every tool, route,
 * resource, prompt and stream there is. What has no question here fails, so that nothing new goes unasked.
 */
import { once } from 'node:events';
import { get } from 'node:http';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { thresholdIdOf } from './alert/thresholds.ts';
import { systemClock } from './clock.ts';
import { anomalyIdOf } from './model/anomaly.ts';
import { DAY_MS } from './model/rollup.ts';
import { ROUTES } from './serve/api/index.ts';
import { openApiDocument } from './serve/api/openApi.ts';
import { PROMPTS } from './serve/prompts/index.ts';
import { RESOURCES } from './serve/resources/index.ts';
import type { Scope } from './serve/toolBackend.ts';
import { ALL_TOOLS } from './serve/tools/index.ts';
import { openSqliteStore } from './store/sqlite/sqliteStore.ts';
import { incomingBatch, testConfig } from './store/storeFixtures.ts';
import { type Answer, newDataDir, startTestCollector, type TestCollector } from './testing/testCollector.ts';
import {
  alertIdOf,
  anomalyOf,
  CANARIES,
  objectiveOf,
  ruleOf,
  scopeOf,
  seedWorkspaces,
  serverOf,
  silenceIdOf,
  type TestWorkspace,
  toolOf,
} from './testing/twoWorkspaces.ts';

const NOW = Date.now();
const WEEK = { startTime: iso(NOW - 7 * DAY_MS), endTime: iso(NOW) };
const OWN: TestWorkspace = 'team-a';
const OTHERS = ['team-b', 'default'] as const;
const FORBIDDEN = new RegExp(OTHERS.map((workspace) => CANARIES[workspace]).join('|'), 'i');

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

let collector: TestCollector;
/** By scope, of `team-a`. */
const tokens = new Map<Scope, string>();

/** @param workspace default: `team-a` */
async function newToken(scope: Scope, workspace = 'team-a'): Promise<{ token: string; tokenId: string }> {
  const body = { scope, workspace, name: `${scope} of ${workspace}` };
  const answer = await collector.ask('/api/v1/tokens', { scope: 'admin', method: 'POST', body });
  expect(answer.status).toBe(200);
  const { token, issued } = answer.json() as { token: string; issued: { tokenId: string } };
  return { token, tokenId: issued.tokenId };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function askAs(scope: Scope, path: string, method = 'GET', body?: unknown): Promise<Answer> {
  return collector.ask(path, { method, body, headers: bearer(tokens.get(scope)!) });
}

/** As an SDK does; not in a workspace of its own choice where the token says which. */
async function sendBatch(token: string, name: string, workspace?: string): Promise<void> {
  const identity = { name, version: '1', ...(workspace !== undefined && { workspace }) };
  const { batch } = incomingBatch({
    instance: `sender-of-${name.replaceAll(':', '_')}`,
    seq: 1,
    receivedAtMs: Date.now(),
    servers: [identity],
    windows: [{ server: name, name: 'work', endMs: Date.now(), durationsMs: [1, 2] }],
    inFlight: [{ server: 0, kind: 'tool', name: `busyOf${name}`, count: 1, oldestAgeMs: 60_000 }],
  });
  const response = await fetch(`${collector.app.url}/v1/batches`, {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/vnd.mcp-vitals.batch+msgpack' },
    body: new Uint8Array(encodeBatch(batch)),
  });
  expect(response.status).toBe(200);
}

beforeAll(async () => {
  const dataDir = newDataDir();
  const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock: systemClock, ballastBytes: 0 });
  await seedWorkspaces(store, NOW);
  await store.close();
  const environments = { here: [serverOf('team-a')], there: [serverOf('team-b'), serverOf('default')] };
  const settings = [`environments=${JSON.stringify(environments)}`, 'toolsets=analysis'];
  collector = await startTestCollector(settings, { dataDir });
  for (const scope of ['ingest', 'read', 'admin'] as const) tokens.set(scope, (await newToken(scope)).token);
  for (const workspace of ['team-a', ...OTHERS] as const) {
    await sendBatch(collector.token('ingest'), `live${CANARIES[workspace]}`, workspace);
  }
}, 60_000);
afterAll(() => collector.stop());

/** What is asked of a tool; `server` is left out, one's own, or another workspace's. */
const TOOL_ARGUMENTS: Record<string, (server: string | undefined) => object> = {
  track_performance: (mcpServer) => ({ mcpServer: mcpServer ?? 'tracked', toolName: 't', duration: 1, success: true }),
  get_metrics: (mcpServer) => ({ ...WEEK, mcpServer, groupBy: 'hour', aggregation: 'p95' }),
  detect_anomalies: (mcpServer) => ({ mcpServer, lookbackWindow: '24h', method: 'adaptive' }),
  set_alert_threshold: (mcpServer) => ({ mcpServer, metric: 'cpu', threshold: 99, severity: 'warning' }),
  get_active_alerts: (mcpServer) => ({ mcpServer }),
  acknowledge_alert: (mcpServer) => ({
    alertId: mcpServer?.startsWith('team-b') ? alertIdOf('team-b') : alertIdOf(OWN),
    acknowledgedBy: 'ann',
  }),
  generate_performance_report: (mcpServer) => ({ ...WEEK, mcpServer, includeOtherKinds: true }),
  get_performance_dashboard: () => ({ refreshInterval: 1 }),
  monitor_performance: (mcpServer) => ({
    durationSeconds: 1,
    includeHistorical: true,
    scope: mcpServer === undefined || mcpServer.includes('::') ? 'system' : 'server',
    mcpServer,
  }),
  set_performance_alert: (mcpServer) => ({
    alertName: mcpServer === undefined ? `team-b::${ruleOf('team-b')}` : 'mine',
    metric: 'cpu',
    threshold: 99,
    scope: mcpServer === undefined ? 'system' : 'server',
    mcpServer,
  }),
  optimize_resources: (mcpServer) => ({
    scope: mcpServer === undefined ? 'system' : 'server',
    mcpServer,
    autoApply: true,
  }),
  analyze_bottlenecks: (mcpServer) => ({
    scope: mcpServer === undefined || mcpServer.endsWith('::') || mcpServer.endsWith('*') ? 'system' : 'server',
    mcpServer,
    timeRange: 'last_week',
    severityThreshold: 'low',
    report: 'markdown',
  }),
  get_analysis_dashboard: (mcpServer) => ({ type: 'detailed', range: 'week', mcpServer, format: 'html' }),
  benchmark_tool: () => ({ target: 'any', tool: 'any' }),
  analyze_performance_trends: (mcpServer) => ({ period: 'week', mcpServer }),
};

const SERVERS = [
  undefined,
  serverOf(OWN),
  serverOf(OWN).replace('team-a::', ''),
  serverOf('team-b'),
  'team-b::*',
  'default::',
];

/** It watches for seconds whenever it is asked for what there is. */
const SLOW_TOOL = 'monitor_performance';

async function callTool(scope: Scope, name: string, server: string | undefined): Promise<Answer> {
  return askAs(scope, `/api/v1/tools/${name}`, 'POST', TOOL_ARGUMENTS[name]!(server));
}

interface RouteQuestion {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
}

const RANGE = { minutes: '10080' };

/** What is asked of a route: of one's own, and of what is another workspace's. */
const ROUTE_QUESTIONS: Record<string, RouteQuestion[]> = {
  'GET /overview': [{}],
  'GET /timeline': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('team-b') } }],
  'GET /distribution': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('default') } }],
  'GET /comparison': [
    { query: { from: 'here', to: 'there', ...RANGE } },
    { query: { from: '1-Wren', to: '2-Wren', server: serverOf('team-b'), ...RANGE } },
  ].map(({ query }) => ({
    query: { ...query, from: query.from.replace('1-Wren', '1'), to: query.to.replace('2-Wren', '2') },
  })),
  'GET /servers': [{}],
  'GET /tools': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('team-b') } }],
  'GET /errors': [{}, { query: { server: serverOf('team-b') } }],
  'GET /resources': [
    { query: { ...RANGE, server: serverOf(OWN) } },
    { query: { ...RANGE, server: serverOf('team-b') } },
  ],
  'GET /in-flight': [{}, { query: { server: serverOf('default') } }],
  'GET /deploys': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('team-b') } }],
  'GET /anomalies': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('team-b') } }],
  'GET /anomalies/{id}': [OWN, ...OTHERS].map((each) => ({ path: { id: anomalyIdOf(anomalyOf(each, NOW)) } })),
  'GET /alerts': [{ query: { status: 'all' } }, { query: { server: serverOf('team-b') } }],
  'POST /alerts/{id}/feedback': [OWN, ...OTHERS].map((each) => ({
    path: { id: alertIdOf(each) },
    body: { feedback: 'useful' },
  })),
  'GET /alert-quality': [{}],
  'GET /thresholds': [{}],
  'DELETE /thresholds/{id}': OTHERS.map((each) => ({ path: { id: thresholdIdOf(scopeOf(each)) } })),
  'GET /alert-rules': [{}],
  'DELETE /alert-rules/{name}': OTHERS.map((each) => ({ path: { name: ruleOf(each) } })),
  'GET /analysis/dashboard': [
    ...['overview', 'detailed', 'automation', 'system'].map((type) => ({ query: { type, range: 'week' } })),
    { query: { server: serverOf('team-b') } },
  ],
  'GET /analysis/cost': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('team-b') } }],
  'GET /analysis/replicas': [{}, { query: { server: serverOf('team-b') } }],
  'GET /optimizations': [{}, { query: { server: serverOf('team-b') } }],
  'POST /optimizations/undo': OTHERS.map((each) => ({ body: { server: serverOf(each), by: 'ann' } })),
  'GET /audit': [{ query: RANGE }, { query: { ...RANGE, server: serverOf('team-b') } }],
  'GET /threshold-proposals': [{}],
  'GET /silences': [{}],
  'POST /silences': [
    { body: { server: '*', minutes: 1, by: 'ann' } },
    { body: { server: serverOf('team-b'), minutes: 1, by: 'ann' } },
  ],
  'DELETE /silences/{id}': OTHERS.map((each) => ({ path: { id: silenceIdOf(each) } })),
  'GET /objectives': [{}],
  'PUT /objectives/{name}': [
    { path: { name: 'mine' }, body: { server: serverOf(OWN), objectivePercent: 99 } },
    { path: { name: 'mine' }, body: { server: serverOf('team-b'), objectivePercent: 99 } },
    { path: { name: `team-b::${objectiveOf('team-b')}` }, body: { server: 'x', objectivePercent: 1 } },
  ],
  'DELETE /objectives/{name}': OTHERS.map((each) => ({ path: { name: objectiveOf(each) } })),
  'GET /settings': [{}],
  'GET /channels': [{}],
  'GET /forwarding': [{}],
  'POST /channels/{id}/test': [{ path: { id: 'log' } }],
  'GET /workspaces': [{}],
  'GET /tokens': [{}],
  'POST /tokens': [{ body: { name: 'n', scope: 'read', workspace: 'team-b' } }],
  'DELETE /tokens/{id}': [{ path: { id: '0123456789ab' } }],
};

function askRoute(
  method: string,
  path: string,
  { path: names = {}, query = {}, body }: RouteQuestion,
): Promise<Answer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name]!));
  return askAs('admin', `/api/v1${filled}?${new URLSearchParams(query)}`, method, body);
}

/** Routes that are no question and answer in JSON, each asked by a test of its own here or with sessions and streamed calls. */
const ASKED_APART = '/tools/{name} /calls/{id} /session /session/codes /reports /stream /analysis/document'.split(' ');

describe('somebody who sees one workspace', () => {
  it.each(ALL_TOOLS.map(({ name }) => name))('learns from %s nothing of the others', async (name) => {
    expect(TOOL_ARGUMENTS, 'a question for this tool is to be added').toHaveProperty(name);
    for (const server of name === SLOW_TOOL ? [undefined, serverOf('team-b')] : SERVERS) {
      const { status, text } = await callTool('admin', name, server);
      expect(status).toBe(200);
      expect(text).not.toMatch(FORBIDDEN);
    }
  });

  it.each(['get_metrics', 'get_active_alerts', 'detect_anomalies', 'generate_performance_report'])(
    'learns from %s of what is theirs, whichever way they name it',
    async (name) => {
      for (const server of [undefined, serverOf(OWN), serverOf(OWN).replace('team-a::', ''), 'team-a::*'])
        expect((await callTool('read', name, server)).text).toContain(CANARIES[OWN]);
    },
  );

  it.each(ROUTES.map(({ method, path }) => `${method} ${path}`))(
    'learns from %s nothing of the others',
    async (route) => {
      expect(ROUTE_QUESTIONS, 'questions for this route are to be added').toHaveProperty([route]);
      const [method, path] = route.split(' ') as [string, string];
      for (const question of ROUTE_QUESTIONS[route]!) {
        const { status, text } = await askRoute(method, path, question);
        expect(status).toBeLessThan(500);
        expect(text).not.toMatch(FORBIDDEN);
      }
    },
  );

  it('is refused what is the whole collector’s', async () => {
    for (const route of ['/settings', '/channels', '/forwarding', '/tokens']) {
      expect((await askAs('admin', `/api/v1${route}`)).status).toBe(403);
    }
    const health = await askAs('admin', '/healthz');
    expect(Object.keys(health.json())).toEqual(['ok', 'version']);
  });

  it('sees its own in every route that shows anything', async () => {
    for (const [route, question] of [
      ['/overview', {}],
      ['/servers', {}],
      ['/tools', RANGE],
      ['/errors', {}],
      ['/in-flight', {}],
      ['/deploys', RANGE],
      ['/anomalies', RANGE],
      ['/alerts', {}],
      ['/silences', {}],
      ['/objectives', {}],
      ['/thresholds', {}],
      ['/alert-rules', {}],
      ['/audit', RANGE],
      ['/optimizations', {}],
      ['/analysis/dashboard', { range: 'week' }],
      ['/analysis/cost', RANGE],
    ] as const)
      expect((await askAs('read', `/api/v1${route}?${new URLSearchParams(question)}`)).text).toContain(CANARIES[OWN]);
    expect((await askAs('read', '/api/v1/workspaces')).json()).toEqual({
      workspaces: [{ workspace: 'team-a', servers: expect.any(Number) }],
    });
  });

  it('is asked of every route that the document tells of', () => {
    const asked = new Set([...ROUTES.map(({ path }) => path), ...ASKED_APART]);
    const told = Object.keys(openApiDocument('1').paths as object);
    expect(
      told.filter((path) => !asked.has(path)),
      'a question for these is to be added',
    ).toEqual([]);
  });

  it('gets a dashboard as a document of its own', async () => {
    for (const server of ['', `&server=${serverOf('team-b')}`]) {
      const { text } = await askAs('read', `/api/v1/analysis/document?range=week&type=detailed&format=html${server}`);
      expect(text).not.toMatch(FORBIDDEN);
      if (server === '') expect(text).toContain(CANARIES[OWN]);
    }
  });

  it('gets reports, metrics and a stream of its own', async () => {
    for (const format of ['markdown', 'json', 'html'])
      for (const server of ['', `&server=${serverOf('team-b')}`]) {
        const { text } = await askAs('read', `/api/v1/reports?minutes=10080&otherKinds=true&format=${format}${server}`);
        expect(text).not.toMatch(FORBIDDEN);
        if (server !== '') continue;
        expect(text).toContain(CANARIES[OWN]);
        if (format !== 'json') continue;
        const { newest } = JSON.parse(text).changes as { newest: { server: string }[] };
        expect(newest.length).toBeGreaterThan(0);
        for (const each of newest) expect(each.server).toMatch(/^team-a::/);
      }
    const metrics = await askAs('read', '/metrics');
    expect(metrics.text).toContain(`server="team-a::live${CANARIES[OWN]}"`);
    expect(metrics.text).toContain('workspace="team-a"');
    expect(metrics.text).not.toMatch(FORBIDDEN);
    expect(metrics.text).not.toMatch(/^mcp_collector_|^mcp_process_/m);
    const streamed = await overviewFromStream(tokens.get('read')!);
    expect(streamed).toContain(CANARIES[OWN]);
    expect(streamed).not.toMatch(FORBIDDEN);
  });
});

/** The first overview that a stream brings. */
async function overviewFromStream(token: string): Promise<string> {
  const { port } = new URL(collector.app.url);
  const asking = get({ port, path: '/api/v1/stream', headers: bearer(token), agent: false });
  const [response] = await once(asking, 'response');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (/event: overview\ndata: .*\n\n/.test(text)) break;
  }
  asking.destroy();
  return text;
}

function setRuleAs(token: string, rule: object): Promise<Answer> {
  const headers = bearer(token);
  return collector.ask('/api/v1/tools/set_performance_alert', { method: 'POST', body: rule, headers });
}

/** Other fields change by themselves. */
const SET_BY_PEOPLE = new Set(
  'thresholdId threshold silenceId until name server objectivePercent alertId acknowledgedBy notes feedback'.split(' '),
);

describe('what somebody with an admin token of a workspace does', () => {
  it('changes nothing of the others', async () => {
    const ofOthers = async () => {
      const paths = ['/thresholds', '/silences', '/objectives', '/alert-rules', '/optimizations', '/alerts?status=all'];
      const answers = await Promise.all(paths.map((path) => collector.ask(`/api/v1${path}`, { scope: 'admin' })));
      return (
        answers
          .flatMap((answer) => Object.values(answer.json())[0] as object[])
          .filter((entry) => FORBIDDEN.test(JSON.stringify(entry)))
          // What the collector raises meanwhile is no change of anybody's.
          .filter((entry) => !('alertId' in entry) || OTHERS.some((each) => entry.alertId === alertIdOf(each)))
          .map((entry) => Object.fromEntries(Object.entries(entry).filter(([field]) => SET_BY_PEOPLE.has(field))))
      );
    };
    const before = await ofOthers();
    expect(before.length).toBeGreaterThanOrEqual(8);
    for (const { name, scope } of ALL_TOOLS)
      if (scope === 'admin') for (const server of SERVERS) await callTool('admin', name, server);
    for (const { method, path } of ROUTES)
      if (method !== 'GET')
        for (const question of ROUTE_QUESTIONS[`${method} ${path}`]!) await askRoute(method, path, question);
    expect(await ofOthers()).toEqual(before);
  });

  it('reaches as far as the workspace does', async () => {
    const forAll = { metric: 'cpu', threshold: 80, severity: 'warning' };
    const asked = { scope: 'admin', method: 'POST', body: forAll } as const;
    expect((await collector.ask('/api/v1/tools/set_alert_threshold', asked)).status).toBe(200);
    const { thresholds } = (await askAs('admin', '/api/v1/thresholds')).json() as {
      thresholds: { thresholdId: string; server: string; isRemovable: boolean }[];
    };
    expect(thresholds.find(({ server }) => server === 'team-a::*')).toMatchObject({ isRemovable: true });
    expect(thresholds.find(({ thresholdId }) => thresholdId === 'cpu-warning')).toMatchObject({ isRemovable: false });
    expect((await askAs('admin', '/api/v1/thresholds/cpu-warning', 'DELETE')).status).toBe(404);
    const silence = { server: '*', minutes: 1, by: 'ann' };
    expect((await askAs('admin', '/api/v1/silences', 'POST', silence)).json()).toMatchObject({ server: 'team-a::*' });
    const rule = { alertName: 'mine', metric: 'cpu', threshold: 99 };
    expect((await setRuleAs(tokens.get('admin')!, rule)).json()).toMatchObject({
      content: [{ text: expect.stringContaining('for the workspace team-a;') }],
      structuredContent: { rule: { alertName: 'team-a::mine', mcpServer: 'team-a::*' } },
    });
  });

  it('gives rules and objectives names that are its own', async () => {
    const teams = new Map<string, string>();
    for (const workspace of ['team-a', 'team-b', 'default'])
      teams.set(workspace, (await newToken('admin', workspace)).token);
    const askTeam = (workspace: string, path: string, method = 'GET', body?: unknown) =>
      collector.ask(`/api/v1${path}`, { method, body, headers: bearer(teams.get(workspace)!) });
    const namesOf = async (workspace: string, path: '/alert-rules' | '/objectives') => {
      const [items] = Object.values((await askTeam(workspace, path)).json()) as { name: string }[][];
      return items!.map(({ name }) => name).filter((name) => /slow|fast/.test(name));
    };
    for (const [workspace, token] of teams) {
      expect((await setRuleAs(token, { alertName: 'slow', metric: 'cpu', threshold: 99 })).json().isError).toBeFalsy();
      const objective = { server: 'files', objectivePercent: 99 };
      expect((await askTeam(workspace, '/objectives/fast', 'PUT', objective)).status).toBe(200);
    }
    const every = async (path: string) => (await collector.ask(`/api/v1${path}`, { scope: 'admin' })).text;
    for (const name of ['"slow"', '"team-a::slow"', '"team-b::slow"'])
      expect(await every('/alert-rules')).toContain(`"name":${name}`);

    expect((await askTeam('team-a', '/alert-rules/slow', 'DELETE')).status).toBe(200);
    expect((await askTeam('team-a', '/objectives/team-a::fast', 'DELETE')).status).toBe(200);
    expect((await askTeam('team-a', '/alert-rules/team-b::slow', 'DELETE')).status).toBe(404);
    expect((await askTeam('team-a', '/objectives/fast', 'DELETE')).status).toBe(404);
    for (const [workspace, rules, objectives] of [
      ['team-a', [], []],
      ['team-b', ['team-b::slow'], ['team-b::fast']],
      ['default', ['slow'], ['fast']],
    ] as const) {
      expect(await namesOf(workspace, '/alert-rules')).toEqual(rules);
      expect(await namesOf(workspace, '/objectives')).toEqual(objectives);
    }
  });

  it('cannot take a name that somebody gave to what is everybody’s', async () => {
    const { token } = await newToken('admin', 'default');
    const rule = { alertName: 'for all', metric: 'cpu', threshold: 99 };
    await setRuleAs(collector.token('admin'), rule);
    expect((await setRuleAs(token, rule)).json()).toMatchObject({ isError: true });
    expect((await setRuleAs(tokens.get('admin')!, rule)).json().isError).toBeFalsy();
  });
});

describe('what is sent with a token of a workspace', () => {
  it('is of that workspace, whatever it says', async () => {
    const { token } = await newToken('ingest', 'team-c');
    await sendBatch(token, 'intruder', 'team-b');
    await sendBatch(token, 'team-b::qualified');
    await sendBatch(token, 'plain');
    const { servers } = (await collector.ask('/api/v1/servers?workspace=team-c', { scope: 'read' })).json() as {
      servers: { name: string }[];
    };
    expect(servers.map(({ name }) => name).sort()).toEqual([
      'team-c::intruder',
      'team-c::plain',
      'team-c::team-b::qualified',
    ]);
  });

  it('without a limit may be of any, and a name that would be taken for another workspace’s is not', async () => {
    await sendBatch(collector.token('ingest'), 'chosen', 'team-d');
    await sendBatch(collector.token('ingest'), 'team-d::forged');
    const { servers } = (await collector.ask('/api/v1/servers', { scope: 'read' })).json() as {
      servers: { name: string }[];
    };
    const names = servers.map(({ name }) => name);
    expect(names).toContain('team-d::chosen');
    expect(names).toContain('team-d:forged');
    expect(names).not.toContain('team-d::forged');
  });
});

describe('MCP with a token of a workspace', () => {
  let client: Client;
  beforeAll(async () => {
    client = new Client({ name: 'test', version: '1' });
    const options = { requestInit: { headers: bearer(tokens.get('read')!) } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${collector.app.url}/mcp`), options));
  });
  afterAll(() => client.close());

  const uris = RESOURCES.flatMap(({ uri }) =>
    (['team-a', 'team-b'] as const).map((workspace) =>
      uri
        .replace('{server}', encodeURIComponent(serverOf(workspace)))
        .replace('{tool}', toolOf(OWN))
        .replace('{from}', encodeURIComponent(WEEK.startTime))
        .replace('{to}', encodeURIComponent(WEEK.endTime))
        .replace(/\{\?[^}]*\}/, ''),
    ),
  );

  it.each([...new Set(uris)])('shows nothing of the others in %s', async (uri) => {
    const text = JSON.stringify(await client.readResource({ uri }).catch((error: Error) => error.message));
    // What was asked for stands in the answer.
    expect(text.replaceAll(uri, '')).not.toMatch(FORBIDDEN);
  });

  it.each(PROMPTS.map(({ name }) => name))('shows nothing of the others in %s', async (name) => {
    for (const args of [{}, { server: serverOf(OWN) }, { alertId: alertIdOf(OWN) }, { alertId: alertIdOf('team-b') }])
      expect(
        JSON.stringify(await client.getPrompt({ name, arguments: args as Record<string, string> }).catch(String)),
      ).not.toMatch(FORBIDDEN);
  });

  it('completes the names of its own', async () => {
    const asked = [
      ...RESOURCES.flatMap(({ uri, complete }) =>
        Object.keys(complete ?? {}).map((name) => ({ ref: { type: 'ref/resource' as const, uri }, name })),
      ),
      ...PROMPTS.flatMap((prompt) =>
        prompt.arguments.map(({ name }) => ({ ref: { type: 'ref/prompt' as const, name: prompt.name }, name })),
      ),
    ];
    const answers = [];
    for (const { ref, name } of asked) answers.push(await client.complete({ ref, argument: { name, value: '' } }));
    expect(JSON.stringify(answers)).toContain(CANARIES[OWN]);
    expect(JSON.stringify(answers)).not.toMatch(FORBIDDEN);
  });
});

describe('somebody who is not limited', () => {
  it('may ask for one workspace everywhere', async () => {
    for (const [workspace, canary] of Object.entries(CANARIES)) {
      const { text } = await collector.ask(`/api/v1/overview?workspace=${workspace}`, { scope: 'read' });
      expect(text).toContain(canary);
      for (const other of Object.values(CANARIES)) if (other !== canary) expect(text).not.toContain(other);
      const body = { ...WEEK, mcpServer: `${workspace}::*` };
      const metrics = await collector.ask('/api/v1/tools/get_metrics', { scope: 'read', method: 'POST', body });
      expect(metrics.text).toContain(canary);
      for (const other of Object.values(CANARIES)) if (other !== canary) expect(metrics.text).not.toContain(other);
    }
    const all = await collector.ask('/api/v1/overview', { scope: 'read' });
    for (const canary of Object.values(CANARIES)) expect(all.text).toContain(canary);
  });

  it.each(['Team A', 'a::b', '-a', 'a'.repeat(40)])('is told that %j is no workspace', async (workspace) => {
    const { status, text } = await collector.ask(`/api/v1/overview?${new URLSearchParams({ workspace })}`, {
      scope: 'read',
    });
    expect(status).toBe(400);
    expect(text).toContain('is no name of a workspace');
  });
});

describe('a token of a workspace', () => {
  it('cannot be used for another one, and is known by its scope', async () => {
    const { status, text } = await askAs('read', '/api/v1/overview?workspace=team-b');
    expect([status, text]).toEqual([403, expect.stringContaining('limited to the workspace team-a')]);
    expect((await askAs('read', '/api/v1/silences', 'POST', { server: '*', minutes: 1, by: 'x' })).status).toBe(403);
    expect((await askAs('ingest', '/api/v1/overview')).status).toBe(403);
  });

  it('is worthless at once when it is revoked, with the sessions that were begun with it', async () => {
    const { token, tokenId } = await newToken('read');
    const begun = await collector.ask('/api/v1/session', { method: 'POST', body: { token } });
    expect(begun.json()).toEqual({ scope: 'read', workspace: 'team-a' });
    const cookie = String(begun.headers['set-cookie']).split(';')[0]!;
    const withCookie = () => collector.ask('/api/v1/servers', { headers: { cookie } });
    expect((await withCookie()).text).not.toMatch(FORBIDDEN);
    expect((await withCookie()).status).toBe(200);
    await collector.ask(`/api/v1/tokens/${tokenId}`, { scope: 'admin', method: 'DELETE' });
    expect((await withCookie()).status).toBe(401);
    expect((await collector.ask('/api/v1/servers', { headers: bearer(token) })).status).toBe(401);
  });

  it('is good after a restart, and kept as a hash only', async () => {
    const { token, tokenId } = await newToken('read');
    await collector.restart();
    expect((await collector.ask('/api/v1/servers', { headers: bearer(token) })).status).toBe(200);
    expect((await collector.ask('/api/v1/servers', { headers: bearer(`${token.slice(0, -1)}-`) })).status).toBe(401);
    const listed = await collector.ask('/api/v1/tokens', { scope: 'admin' });
    expect(listed.text).toContain(tokenId);
    expect(listed.text).not.toContain(token.slice(tokenId.length + 1));
  });
});
