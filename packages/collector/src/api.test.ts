/** Every route of the JSON API, asked over HTTP of a collector that has seen all there is to see. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from './clock.ts';
import { anomalyIdOf } from './model/anomaly.ts';
import type { PolicyRecord } from './model/optimization/policyRecord.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './model/rollup.ts';
import type { RouteDefinition } from './serve/api/defineRoute.ts';
import { ROUTES } from './serve/api/index.ts';
import { openSqliteStore } from './store/sqlite/sqliteStore.ts';
import type { Store } from './store/store.ts';
import { incomingBatch, testConfig } from './store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from './testing/describeWithPostgres.ts';
import { testAlert, testAnomaly, testResources } from './testing/filledStore.ts';
import { newDataDir, startTestCollector, type TestCollector } from './testing/testCollector.ts';

const require = createRequire(createRequire(import.meta.url).resolve('@seriousme/openapi-schema-validator'));
interface Ajv {
  addSchema(schema: object, key: string): void;
  compile(schema: object): ((value: unknown) => boolean) & { errors?: object[] };
}
const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: new (options: object) => Ajv };

const NOW = Date.now();
const DOCUMENT = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(DOCUMENT, 'openapi');

/** Names that a database, a URL, a page or an object may take for something else. */
const HOSTILE = ['__proto__', 'a/b c?d=e&f#g%2F', '日本語 🚀', `x' OR 1=1 -- "`, '<script>alert(1)</script>', '..'];

const ANOMALY = testAnomaly({
  atMs: Math.floor((NOW - HOUR_MS) / MINUTE_MS) * MINUTE_MS,
  server: 'files',
  incident: {
    endedAtMs: null,
    detectedAtMs: NOW - HOUR_MS,
    affectedCalls: 7,
    evidence: { nats: 12.3456, neededNats: 10 },
    deploy: { atMs: NOW - HOUR_MS, fromVersion: '1', toVersion: '2' },
    alsoAffects: [{ server: 'web', tool: '' }],
    partOf: null,
  },
});

async function seed(store: Store): Promise<void> {
  const servers = ['files', 'web', ...HOSTILE];
  let seq = 0;
  for (const ageMinutes of [70 * 1440, 40 * 1440, 3 * 1440, 30 * 60, 300, 90, 30, 5, 1]) {
    const endMs = NOW - ageMinutes * MINUTE_MS;
    await store.append(
      incomingBatch({
        seq: ++seq,
        receivedAtMs: endMs,
        servers: servers.map((name) => ({ name, version: name === 'web' ? '' : '1.0.0' })),
        windows: servers.flatMap((server, i) =>
          (['tool', 'prompt', 'wait'] as const).map((kind) => ({
            server,
            kind,
            name: HOSTILE[i % HOSTILE.length]!,
            endMs,
            durationsMs: [0, 0.00001, i + 0.1234567, 1e7],
            failuresMs: [3, 3],
            cancelled: 1,
            errors: [
              { atMs: endMs, errorClass: 'Error', code: '' },
              { atMs: endMs, errorClass: HOSTILE[i % HOSTILE.length]!, code: '-32001', message: 'no' },
            ],
          })),
        ),
        resources: [testResources(endMs, { cpuPercent: 1 / 3 }), testResources(endMs - 1_000)],
        dropped: { too_old: 3, ['__proto__']: 2 },
      }),
    );
  }
  // Cancelled only: counted, and no call.
  await store.append(
    incomingBatch({
      seq: ++seq,
      receivedAtMs: NOW,
      windows: [{ server: 'idle', endMs: NOW - MINUTE_MS, cancelled: 2 }],
    }),
  );
  await store.closeMinutes(NOW);
  await store.rollUp(NOW);
  await store.applyRetention(NOW);
  await store.saveAnomalies([
    ANOMALY,
    testAnomaly({ atMs: NOW - 2 * HOUR_MS, server: HOSTILE[1]!, severity: 'info', method: 'percentile' }),
  ]);
  const alerts = (['active', 'acknowledged', 'escalated', 'resolved', 'pending'] as const).map((status, i) =>
    testAlert({
      alertId: `alert-20251031-00${i + 1}`,
      fingerprint: `anomaly:${i}`,
      createdAtMs: NOW - i * HOUR_MS - MINUTE_MS,
      lastBreachAtMs: NOW,
      server: servers[i]!,
      status,
      currentValue: 1 / 3,
      evidence: ['seen'],
      anomalyId: anomalyIdOf(ANOMALY),
      // Not to become one while others are asked for.
      ...(status === 'pending' && { activeFromMs: NOW + DAY_MS }),
      ...(status === 'acknowledged' && { acknowledgedAtMs: NOW, acknowledgedBy: HOSTILE[4]!, notes: 'n' }),
      ...(status === 'escalated' && { escalatedAtMs: NOW }),
      ...(status === 'resolved' && { clearedAtMs: NOW - 1, resolvedAtMs: NOW, feedback: 'useful' as const }),
    }),
  );
  const long = testAlert({
    alertId: 'alert-20251031-006',
    fingerprint: 'anomaly:6',
    createdAtMs: NOW - 6 * DAY_MS,
    status: 'resolved',
    resolvedAtMs: NOW - 5 * DAY_MS,
  });
  for (const alert of [...alerts, long]) await store.saveAlert(alert);
  const threshold = { server: 'files', tool: '', threshold: 1e6, severity: 'warning', enabled: true } as const;
  await store.saveThreshold({ thresholdId: 'threshold-1', metric: 'response_time', ...threshold });
  await store.saveThreshold({ thresholdId: 'threshold-2', metric: 'cpu', ...threshold });
  await store.saveItems('deploy', [
    { key: 'files', value: { atMs: NOW - HOUR_MS, server: 'files', fromVersion: '1', toVersion: '2' } },
  ]);
  const objective = { name: 'saved', server: 'files', objectivePercent: 99.9, windowDays: 30 };
  await store.saveItems('objective', [
    { key: 'saved', value: objective },
    { key: 'slow', value: { ...objective, name: 'slow', tool: HOSTILE[0], withinMs: 100 } },
    { key: 'idle', value: { ...objective, name: 'idle', server: 'nobody' } },
  ]);
  const rule = { metric: 'cpu', statistic: 'p95', operator: 'gt', threshold: 1e6, severity: 'warning', grade: 'low' };
  const more = { server: '*', tool: '*', minCalls: 1, periodMinutes: 5, forMinutes: 0, urgent: false, channels: [] };
  await store.saveItems('alert_rule', [
    { key: 'saved', value: { name: 'saved', ...rule, ...more, resolvesBy: 'people' } },
    { key: 'hostile', value: { name: `${HOSTILE[4]} rule`, ...rule, ...more, resolvesBy: 'people' } },
  ]);
  const entry = {
    by: HOSTILE[0],
    server: HOSTILE[3],
    summary: 'said',
    details: { name: HOSTILE[4], n: 1, none: null },
  };
  await store.saveItems('audit', [
    { key: 'a', value: { entryId: 'a', atMs: NOW - MINUTE_MS, action: 'threshold.set', ...entry } },
    { key: 'b', value: { entryId: 'b', atMs: NOW - MINUTE_MS, action: 'policy.undone', ...entry } },
  ]);
  const token = { tokenId: '0123456789ab', name: HOSTILE[0], scope: 'read', workspace: 'team-a', createdAtMs: NOW };
  await store.saveItems('token', [{ key: token.tokenId, value: { ...token, hash: '0'.repeat(64) } }]);
  const silence = { server: '*', tool: '*', fromMs: NOW, untilMs: NOW + HOUR_MS, by: 'ann', reason: '' };
  await store.saveItems('silence', [{ key: 'silence-1', value: { silenceId: 'silence-1', ...silence } }]);
  await store.saveItems('policy', [{ key: `${POLICY.server} 000000000001`, value: POLICY, server: POLICY.server }]);
}

const POLICY: PolicyRecord = {
  server: HOSTILE[3]!,
  version: 1,
  state: 'watching',
  tools: Object.fromEntries(HOSTILE.map((tool) => [tool, { concurrency: { limit: 1, maxQueued: 1, maxWaitMs: 1 } }])),
  strategy: 'balanced',
  target: 'latency',
  appliedAtMs: NOW,
  appliedBy: HOSTILE[0]!,
  why: 'It is asked for more than it can do.',
  watchUntilMs: NOW + HOUR_MS,
  expiresAtMs: NOW + HOUR_MS,
  previous: { version: 0, tools: {}, expiresAtMs: NOW + HOUR_MS },
};

const CHANNELS = JSON.stringify({
  file: { type: 'log' },
  ['__proto__']: { type: 'slack', url: 'https://hooks.example/secret-of-the-hook' },
});
const OBJECTIVES = JSON.stringify([{ name: 'fixed', server: 'files', objectivePercent: 99 }]);
const SETTINGS = [
  `notifications.channels=${CHANNELS}`,
  `objectives=${OBJECTIVES}`,
  'environments={"here":["files"],"there":["w*"]}',
];

const iso = (atMs: number) => new Date(atMs).toISOString();
const query = (values: Given) =>
  new URLSearchParams(Object.entries(values).map(([key, value]): [string, string] => [key, String(value)])).toString();

/** Of a query. */
type Given = Record<string, string | number>;

interface Example {
  path?: Record<string, string>;
  queries?: Given[];
  body?: unknown;
}

const SUBJECTS: Given[] = [
  {},
  { server: 'files' },
  { kind: 'wait' },
  ...HOSTILE.map((name) => ({ server: name, name })),
];
const RANGES: Given[] = [{}, { minutes: 1 }, { minutes: 400 * 1440 }, { from: '1970-01-01', to: '1970-01-02' }];
const PAGES: Given[] = [{}, { limit: 1 }];
const SERVERS: Given[] = [{}, ...HOSTILE.map((server) => ({ server }))];

/** What a route needs that cannot be left out, and what else there is to ask it. */
const EXAMPLES: Record<string, Example> = {
  'GET /timeline': {
    queries: [...SUBJECTS, ...RANGES, { points: 1, minutes: 400 * 1440 }].flatMap((one) => [
      { ...one, heatmap: 'true' },
      one,
    ]),
  },
  'GET /distribution': { queries: [...SUBJECTS, ...RANGES, { compareFrom: iso(NOW - 2 * HOUR_MS) }] },
  'GET /comparison': {
    queries: [
      { from: 'here', to: 'there', minutes: 60 },
      { from: '1', to: '2', server: 'files', minutes: 60 },
    ],
  },
  'GET /tools': {
    queries: [...RANGES, ...PAGES, ...SERVERS, { kind: 'prompt' }, { orderBy: 'maxMs', minutes: 400 * 1440 }],
  },
  'GET /errors': { queries: [...PAGES, ...SERVERS] },
  'GET /resources': {
    queries: ['minute', 'hour', 'day'].map((groupBy) => ({ server: 'files', groupBy, minutes: 40 * 1440 })),
  },
  'GET /in-flight': { queries: SERVERS },
  'GET /deploys': { queries: [...RANGES, ...SERVERS] },
  'GET /anomalies': { queries: [...RANGES, ...PAGES, ...SERVERS] },
  'GET /anomalies/{id}': { path: { id: anomalyIdOf(ANOMALY) } },
  'GET /audit': { queries: [...RANGES, ...PAGES, ...SERVERS, { action: 'silence.added' }] },
  'GET /alerts': { queries: [...RANGES, ...PAGES, ...SERVERS, { status: 'all' }, { severity: 'critical' }] },
  'POST /alerts/{id}/feedback': { path: { id: 'alert-20251031-001' }, body: { feedback: 'false' } },
  'GET /optimizations': { queries: [...SERVERS, { limit: 1 }] },
  'POST /optimizations/undo': { body: { server: POLICY.server, by: 'ann' } },
  'POST /silences': { body: { server: HOSTILE[1], minutes: 5, by: 'ann' } },
  'DELETE /silences/{id}': { path: { id: 'silence-1' } },
  'PUT /objectives/{name}': { path: { name: HOSTILE[1]! }, body: { server: 'files', objectivePercent: 99 } },
  'DELETE /objectives/{name}': { path: { name: 'saved' } },
  'DELETE /alert-rules/{name}': { path: { name: 'saved' } },
  'DELETE /thresholds/{id}': { path: { id: 'threshold-2' } },
  'POST /tokens': { body: { name: HOSTILE[4], scope: 'read', workspace: 'team-a' } },
  'DELETE /tokens/{id}': { path: { id: '0123456789ab' } },
  'POST /channels/{id}/test': { path: { id: 'file' } },
};

/** What a route has nothing to do with is no test that was skipped. */
const when = (isSo: boolean) => (isSo ? it : () => {});

const keyOf = ({ method, path }: RouteDefinition) => `${method} ${path}`;
const exampleOf = (route: RouteDefinition): Example => EXAMPLES[keyOf(route)] ?? {};

function addressOf(route: RouteDefinition, { path = {} }: Example, given: Given = {}): string {
  const filled = route.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name] ?? 'unknown'));
  const text = query(given);
  return `/api/v1${filled}${text === '' ? '' : `?${text}`}`;
}

/** What is wrong with an answer by the published document; empty when nothing is. */
function wrongBy(
  { method, path }: Pick<RouteDefinition, 'method' | 'path'>,
  response: '200' | 'default',
  answer: unknown,
) {
  const escaped = path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  const $ref = `openapi#/paths/${escaped}/${method.toLowerCase()}/responses/${response}/content/application~1json/schema`;
  const validate = ajv.compile({ $ref });
  return validate(answer) ? [] : (validate.errors ?? []).slice(0, 3);
}

/** The same answer, read by the route's own schema; a field that it does not know is as wrong as one that is missing. */
function expectAnswer(route: RouteDefinition, text: string): void {
  const answer: unknown = JSON.parse(text);
  expect(route.answer.parse(answer)).toEqual(answer);
  expect(wrongBy(route, '200', answer)).toEqual([]);
}

/** Asks all routes all there is to ask; those that change something last, as the list has it. */
async function askAll(collector: TestCollector): Promise<void> {
  const inOrder = [...ROUTES].sort((a, b) => Number(a.method !== 'GET') - Number(b.method !== 'GET'));
  for (const route of inOrder) {
    const example = exampleOf(route);
    for (const given of example.queries ?? [{}]) {
      const asked = {
        scope: 'admin',
        method: route.method,
        ...(example.body !== undefined && { body: example.body }),
      } as const;
      const { status, text, headers } = await collector.ask(addressOf(route, example, given), asked);
      expect([keyOf(route), given, status, status === 200 ? '' : text]).toEqual([keyOf(route), given, 200, '']);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
      expectAnswer(route, text);
    }
  }
}

describe('the JSON API', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    const dataDir = newDataDir();
    const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock: systemClock, ballastBytes: 0 });
    await seed(store);
    await store.close();
    collector = await startTestCollector(SETTINGS, { dataDir });
  });
  afterAll(() => collector.stop());

  const refused = async (
    { method, path }: Pick<RouteDefinition, 'method' | 'path'>,
    ...asked: Parameters<TestCollector['ask']>
  ) => {
    const answer = await collector.ask(asked[0], { method, ...asked[1] });
    expect(wrongBy({ method, path }, 'default', answer.json())).toEqual([]);
    expect(answer.text).not.toMatch(/node_modules|\.ts:|at .*\(|ZodError/);
    const { error, message } = answer.json() as { error: string; message: string };
    return { status: answer.status, error, message, headers: answer.headers };
  };

  describe.each(ROUTES.map((route) => [keyOf(route), route] as const))('%s', (_, route) => {
    const example = exampleOf(route);
    const given = example.queries?.[0] ?? {};
    const { method } = route;
    const body = example.body === undefined ? {} : { body: example.body };

    it('is for who has a token that may', async () => {
      const address = addressOf(route, {}, given);
      expect(await refused(route, address)).toMatchObject({ status: 401, error: 'unauthorized' });
      expect(await refused(route, address, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
        status: 401,
      });
      expect(await refused(route, address, { scope: 'ingest' })).toMatchObject({ status: 403, error: 'forbidden' });
      if (route.scope === 'admin')
        expect(await refused(route, address, { scope: 'read' })).toMatchObject({ status: 403, error: 'forbidden' });
    });

    it('refuses what it does not know, by name', async () => {
      const address = addressOf(route, example, { ...given, nonsense: 1 });
      const { status, message } = await refused(route, address, { scope: 'admin', ...body });
      expect([status, message]).toEqual([400, expect.stringContaining('nonsense')]);
    });

    when(route.path.includes('{') && method !== 'PUT')('does not find what is not there', async () => {
      for (const name of ['unknown', ...HOSTILE.filter((one) => one !== '..'), '%', 'x'.repeat(5_000)]) {
        const address = addressOf(route, { path: { id: name, name } }, given);
        expect(await refused(route, address, { scope: 'admin', ...body })).toMatchObject({
          status: 404,
          error: 'not_found',
        });
      }
    });

    when(route.body !== undefined)('refuses a body that is none', async () => {
      const address = addressOf(route, example);
      const json = { 'content-type': 'application/json' };
      const bodies: [unknown, Record<string, string>, number][] = [
        ['{', json, 400],
        ['', json, 400],
        ['null', json, 400],
        ['[]', json, 400],
        ['"text"', json, 400],
        [JSON.stringify({ ...(example.body as object), nonsense: 1 }), json, 400],
        [JSON.stringify(example.body), { 'content-type': 'text/plain' }, 400],
        [JSON.stringify(example.body), { 'content-type': 'application/x-www-form-urlencoded' }, 400],
        ['x'.repeat(1024 * 1024 + 1), json, 413],
      ];
      for (const [sent, headers, status] of bodies)
        expect(await refused(route, address, { scope: 'admin', headers, body: sent })).toMatchObject({ status });
    });

    when(route.query !== undefined && 'from' in route.query.shape && 'to' in route.query.shape && !given.from)(
      'refuses times that are none, and ranges that end before they begin',
      async () => {
        const wrong: [Given, RegExp][] = [
          [{ from: 'yesterday' }, /from/],
          [{ to: '2025-13-01' }, /to/],
          [{ to: 'x'.repeat(65) }, /to/],
          [{ from: '2025-01-02', to: '2025-01-01' }, /before/],
          [{ from: '2025-01-01', to: '2025-01-01' }, /before/],
          [{ from: '2020-01-01', to: '2025-01-01' }, /400 days/],
          [{ minutes: 0 }, /minutes/],
          [{ minutes: 'x' }, /minutes/],
          [{ minutes: 1.5 }, /minutes/],
          [{ minutes: '' }, /minutes/],
          [{ minutes: 400 * 1440 + 1 }, /minutes/],
        ];
        for (const [range, message] of wrong) {
          const answer = await refused(route, addressOf(route, example, { ...given, ...range }), { scope: 'read' });
          expect([range, answer.status, answer.message]).toEqual([range, 400, expect.stringMatching(message)]);
        }
      },
    );

    when(route.query !== undefined && 'name' in route.query.shape)('wants a server with a name', async () => {
      const answer = await refused(route, addressOf(route, example, { name: 'read' }), { scope: 'read' });
      expect(answer).toMatchObject({ status: 400, message: expect.stringContaining('server') });
    });

    when(route.query !== undefined && 'cursor' in route.query.shape)('refuses a cursor of elsewhere', async () => {
      for (const cursor of ['x', 'e30', Buffer.from('[null,"a"]').toString('base64url')]) {
        const answer = await refused(route, addressOf(route, example, { ...given, cursor }), { scope: 'read' });
        expect([answer.status, answer.message]).toEqual([400, expect.stringContaining('cursor')]);
      }
    });
  });

  it('answers as its schemas and the published document say', () => askAll(collector), 60_000);

  it('describes itself as published', async () => {
    const { status, json } = await collector.ask('/api/v1/openapi.json');
    const { info, ...rest } = json();
    const { info: published, ...expected } = DOCUMENT;
    expect([status, rest]).toEqual([200, expected]);
    expect({ ...(info as object), version: '' }).toEqual({ ...published, version: '' });
  });

  it('answers about sessions as published', async () => {
    const published = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => {
      const { status, json } = await collector.ask(`/api/v1${path}`, { scope: 'admin', method, body });
      expect([method, path, status, wrongBy({ method, path }, '200', json())]).toEqual([method, path, 200, []]);
      return json();
    };
    await published('GET', '/session');
    const { code } = await published('POST', '/session/codes', {});
    await published('POST', '/session', { code });
    await published('DELETE', '/session');
    const again = await collector.ask('/api/v1/session', { method: 'POST', body: { code } });
    expect([again.status, wrongBy({ method: 'POST', path: '/session' }, 'default', again.json())]).toEqual([401, []]);
  });

  it('makes reports of hostile names in each format, each with its own type and policy', async () => {
    const types = { json: /^application\/json/, markdown: /^text\/markdown/, html: /^text\/html/ };
    for (const [format, type] of Object.entries(types)) {
      const given = { format, minutes: 60, otherKinds: 'true', download: 'true' };
      const { status, headers, text } = await collector.ask(`/api/v1/reports?${query(given)}`, { scope: 'read' });
      expect([format, status, headers['content-type']]).toEqual([format, 200, expect.stringMatching(type)]);
      expect(headers['content-disposition']).toMatch(/^attachment; filename="mcp-vitals-period-[\d-]+\.\w+"$/);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain("script-src 'unsafe-inline'");
      if (format === 'html') expect(text).not.toContain('<script>alert');
    }
    const status = async (address: string, scope?: 'ingest') =>
      (await collector.ask(address, { ...(scope && { scope }) })).status;
    expect(await status('/api/v1/reports')).toBe(401);
    expect(await status('/api/v1/reports', 'ingest')).toBe(403);
    for (const wrong of ['nonsense=1', 'format=pdf', 'kind=daily&minutes=5', 'from=x', 'recommendations=perhaps']) {
      const answer = await collector.ask(`/api/v1/reports?${wrong}`, { scope: 'read' });
      expect([wrong, answer.status, answer.json().error]).toEqual([wrong, 400, 'invalid']);
    }
  });

  it('has nothing elsewhere, and says so in JSON', async () => {
    for (const path of [
      '/api/v1',
      '/api/v1/',
      '/api/v1/nothing',
      '/api/v2/overview',
      '/api/v1/../../etc/passwd',
      '/%',
    ]) {
      const { status, json } = await collector.ask(path, { scope: 'admin' });
      expect([path, status, json().error]).toEqual([path, 404, 'not_found']);
    }
    expect((await collector.ask('/api/v1/overview', { scope: 'admin', method: 'POST', body: {} })).status).toBe(404);
  });

  it('answers HEAD as GET, without the body', async () => {
    const { status, text } = await collector.ask('/api/v1/overview', { scope: 'read', method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
    expect((await collector.ask('/api/v1/overview', { method: 'HEAD' })).status).toBe(401);
  });

  it('shows settings without what may be secret', async () => {
    const { json, text } = await collector.ask('/api/v1/settings', { scope: 'read' });
    expect(text).not.toContain('secret-of-the-hook');
    const settings = json().settings as { path: string; value: unknown; isDefault: boolean }[];
    const at = (path: string) => settings.find((one) => one.path === path);
    expect(at('notifications.channels')!.value).toMatchObject({ file: { type: 'log' } });
    expect([at('alerts.minCalls')!.isDefault, at('objectives')!.isDefault]).toEqual([true, false]);
  });

  it('walks every list from its first page to its last', async () => {
    for (const route of ROUTES.filter((one) => one.query !== undefined && 'cursor' in one.query.shape)) {
      const all = { minutes: 60 * 1440, ...(route.path === '/alerts' && { status: 'all' }) };
      const given = route.path === '/errors' ? {} : all;
      const read = async (more: Given) =>
        (await collector.ask(addressOf(route, {}, { ...given, ...more }), { scope: 'read' })).json();
      const [name] = Object.entries(await read({})).find(([, value]) => Array.isArray(value))!;
      const whole = (await read({ limit: 1_000 }))[name] as unknown[];
      expect(whole.length).toBeGreaterThan(1);
      for (const limit of [1, 3]) {
        const seen: unknown[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const page = await read({ limit, ...(cursor !== '' && { cursor }) });
          seen.push(...(page[name] as unknown[]));
          cursor = page.nextCursor as string | null;
        }
        expect([route.path, seen]).toEqual([route.path, whole]);
      }
    }
  });

  it('finds alerts by when they were open', async () => {
    const ids = async (given: Given) => {
      const { alerts } = (
        await collector.ask(`/api/v1/alerts?${query({ status: 'all', ...given })}`, { scope: 'read' })
      ).json();
      // Not those that the collector raises of what was seeded when its first tick comes meanwhile.
      const seeded = (alerts as { alertId: string }[]).filter(({ alertId }) => alertId.startsWith('alert-20251031-'));
      return seeded.map(({ alertId }) => alertId.at(-1)).join('');
    };
    expect(await ids({})).toBe('12346');
    expect(await ids({ status: 'resolved' })).toBe('46');
    expect(await ids({ status: 'unresolved' })).toBe('123');
    expect(await ids({ minutes: 60 })).toBe('1234');
    expect(await ids({ minutes: 5.5 * 1440 })).toBe('12346');
    expect(await ids({ to: iso(NOW - HOUR_MS) })).toBe('2346');
    expect(await ids({ from: iso(NOW - 30 * MINUTE_MS), to: iso(NOW - 20 * MINUTE_MS) })).toBe('234');
    expect(await ids({ to: iso(NOW - 12 * HOUR_MS) })).toBe('6');
    expect(await ids({ to: iso(NOW - 12 * HOUR_MS), minutes: 60 })).toBe('');
    expect(await ids({ from: iso(NOW - 5 * DAY_MS), to: iso(NOW - 4 * DAY_MS) })).toBe('6');
    expect(await ids({ tool: 'read', server: 'web' })).toBe('2');
  });

  it('walks errors of the same moment while there are more and more', async () => {
    const atMs = Date.now();
    let seq = 0;
    const fail = async (errorClass: string, count: number, laterMs = 0) => {
      const errors = Array.from({ length: count }, () => ({ atMs: atMs + laterMs, errorClass, code: '' }));
      const windows = [{ server: 'failing', endMs: atMs, failuresMs: errors.map(() => 1), errors }];
      const { batch, body } = incomingBatch({ instance: 'fails', seq: ++seq, receivedAtMs: atMs, windows });
      await collector.app.ingest.accept(batch, body);
    };
    await fail('Early', 3);
    await fail('Other', 3);
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const given: Given = { server: 'failing', limit: 2, ...(cursor !== '' && { cursor }) };
      const answer = (await collector.ask(`/api/v1/errors?${query(given)}`, { scope: 'read' })).json();
      seen.push(...(answer.errors as { errorClass: string }[]).map(({ errorClass }) => errorClass));
      cursor = answer.nextCursor as string | null;
      if (page < 3) await fail('Late', 1, page + 1);
    }
    expect(seen.sort()).toEqual(['Early', 'Early', 'Early', 'Other', 'Other', 'Other']);
  });

  it('refuses errors of times that are still to come, which would be the newest for ever', async () => {
    const { body } = incomingBatch({
      instance: 'ahead',
      seq: 1,
      receivedAtMs: NOW,
      windows: [
        {
          server: 'ahead',
          endMs: NOW - HOUR_MS,
          failuresMs: [1],
          errors: [{ atMs: 8.64e15, errorClass: 'Error', code: '' }],
        },
      ],
    });
    await expect(collector.app.ingest.receive(body, String(Date.now() - HOUR_MS))).rejects.toMatchObject({
      reason: 'from_the_future',
    });
    expect((await collector.ask('/api/v1/errors', { scope: 'read' })).status).toBe(200);
  });

  it('draws durations that are all short in bins of their own', async () => {
    const atMs = Date.now();
    const windows = [{ server: 'quick', endMs: atMs, durationsMs: [0.002, 0.0021, 0.003] }];
    const { batch, body } = incomingBatch({ instance: 'quick', seq: 1, receivedAtMs: atMs, windows });
    await collector.app.ingest.accept(batch, body);
    const read = async (path: string) => (await collector.ask(`/api/v1/${path}`, { scope: 'read' })).json();
    const { heatmap } = (await read('timeline?server=quick&heatmap=true')) as { heatmap: { boundsMs: number[] } };
    const { boundsMs } = (await read('distribution?server=quick')) as { boundsMs: number[] };
    for (const bounds of [heatmap.boundsMs, boundsMs]) {
      expect(bounds.length).toBeGreaterThan(30);
      for (const [bin, bound] of bounds.entries()) expect(bound).toBeGreaterThan(bounds[bin - 1] ?? 0);
    }
  });

  describe('objectives', () => {
    const put = (name: string, body: unknown = { server: 'files', objectivePercent: 99 }) =>
      collector.ask(`/api/v1/objectives/${encodeURIComponent(name)}`, { scope: 'admin', method: 'PUT', body });
    const remove = (name: string) =>
      collector.ask(`/api/v1/objectives/${encodeURIComponent(name)}`, { scope: 'admin', method: 'DELETE' });
    const list = async () =>
      (await collector.ask('/api/v1/objectives', { scope: 'read' })).json().objectives as Record<string, unknown>[];

    it('can have any name that is not too long, and be removed by it', async () => {
      const names = fc.oneof(
        fc.constantFrom(...HOSTILE.filter((name) => name !== '..'), '%41', '%', 'a/b', ' ', '\n', 'x'.repeat(60)),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name.length <= 60),
      );
      // A client would take these two for a way through the addresses.
      const isAddressable = (name: string) => !/^(\.|%2e){1,2}$/i.test(name);
      await fc.assert(
        fc.asyncProperty(names.filter(isAddressable), async (name) => {
          expect((await put(name)).json()).toEqual({ name });
          expect((await list()).filter((one) => one.name === name)).toMatchObject([{ name, isFixed: false }]);
          expect((await remove(name)).json()).toEqual({ removed: true });
          expect((await remove(name)).status).toBe(404);
        }),
        { numRuns: 30 * inject('thoroughness') },
      );
    });

    it('are refused where they are wrong, and leave what is there', async () => {
      const good = { server: 'files', objectivePercent: 99 };
      const bad: unknown[] = [
        {},
        { ...good, objectivePercent: 100 },
        { ...good, objectivePercent: 0 },
        { ...good, objectivePercent: '99' },
        { ...good, server: '' },
        { ...good, withinMs: -1 },
        { ...good, windowDays: 91 },
        { ...good, windowDays: 1.5 },
        { ...good, name: 'other' },
      ];
      const before = await list();
      for (const body of bad) expect((await put('wrong', body)).status).toBe(400);
      const long = await put('x'.repeat(61));
      expect([long.status, long.json().error]).toEqual([400, 'invalid']);
      expect(await list()).toEqual(before);
    });

    it('of the settings are shown and cannot be changed', async () => {
      expect((await list()).find(({ name }) => name === 'fixed')).toMatchObject({
        isFixed: true,
        objectivePercent: 99,
      });
      for (const answer of [await put('fixed'), await remove('fixed')])
        expect([answer.status, answer.json().error]).toEqual([409, 'conflict']);
    });

    it('are replaced by name', async () => {
      await put('twice');
      await put('twice', { server: 'web', objectivePercent: 90, withinMs: 5, tool: 'read' });
      const found = (await list()).filter(({ name }) => name === 'twice');
      expect(found).toMatchObject([{ server: 'web', tool: 'read', withinMs: 5, objectivePercent: 90 }]);
      await remove('twice');
    });
  });

  it('refuses silences that never end, or have ended', async () => {
    for (const minutes of [0, -1, 91 * 1440, 1e300, 1e15, '5']) {
      const body = { server: 'files', minutes, by: 'ann' };
      const answer = await collector.ask('/api/v1/silences', { scope: 'admin', method: 'POST', body });
      expect([minutes, answer.status]).toEqual([minutes, 400]);
    }
  });

  it('shows what is in flight', async () => {
    const inFlight = [{ server: 0, kind: 'tool' as const, name: HOSTILE[1]!, count: 3, oldestAgeMs: 12.3456789 }];
    const servers = [{ name: 'busy', version: '1' }];
    const { batch, body } = incomingBatch({ instance: 'lives', seq: 1, receivedAtMs: NOW, servers, inFlight });
    await collector.app.ingest.accept(batch, body);
    const route = ROUTES.find(({ path }) => path === '/in-flight')!;
    const { text, json } = await collector.ask('/api/v1/in-flight?server=busy', { scope: 'read' });
    expectAnswer(route, text);
    expect(json().calls).toEqual([{ server: 'busy', tool: HOSTILE[1], count: 3, oldestAgeMs: expect.any(Number) }]);
  });
});

describeWithPostgres('the JSON API on PostgreSQL', (server) => {
  it('answers as its schemas and the published document say', async () => {
    const schema = newSchema();
    const store = await openTestStore(server(), schema, systemClock);
    await seed(store);
    await store.close();
    const collector = await startTestCollector([...SETTINGS, `store=${server().url}`, `postgres.schema=${schema}`]);
    await askAll(collector);
    await collector.stop();
  }, 60_000);
});
