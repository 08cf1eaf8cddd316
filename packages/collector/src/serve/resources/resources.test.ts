/** Resources and completions as a client reads them, over tools that answer what the test says. */
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, it } from 'vitest';
import { VitalsError } from '../../errors.ts';
import { createMcpServer } from '../mcp.ts';
import { RESOURCE_LIST, RESOURCE_TEMPLATE_LIST } from './handlers.ts';

type Call = [tool: string, args: Record<string, unknown>, caller: unknown];
type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

const NOW_MS = Date.parse('2026-03-08T12:00:00Z');
const CALLER = { client: 'me', scope: 'read' } as const;

let client: Client;
let calls: Call[];
let errors: unknown[];
afterEach(() => client.close());

/** Tools answer with structured content; what is text is a refusal. */
async function connect(answers: Answers): Promise<void> {
  calls = [];
  errors = [];
  const backend = {
    async call(tool: string, args: unknown, caller: unknown) {
      calls.push([tool, args as Record<string, unknown>, caller]);
      const answer = answers[tool]!(args as Record<string, unknown>);
      return typeof answer === 'string'
        ? { content: [{ type: 'text' as const, text: answer }], isError: true }
        : { content: [{ type: 'text' as const, text: 'words' }], structuredContent: answer };
    },
  };
  const server = createMcpServer({
    backend,
    caller: CALLER,
    version: '1',
    nowMs: () => NOW_MS,
    onError: (e) => errors.push(e),
  });
  client = new Client({ name: 'test', version: '1' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(ours);
  await client.connect(theirs);
}

async function read(uri: string): Promise<{ mimeType?: string; text: string }> {
  const { contents } = await client.readResource({ uri });
  expect(contents).toHaveLength(1);
  expect(contents[0]!.uri).toBe(uri);
  return contents[0] as { mimeType?: string; text: string };
}

const summary = { totalCalls: 3, avgResponseTime: 2, p95ResponseTime: 3, p99ResponseTime: 3, errorRate: 0 };

describe('the lists', () => {
  it('name each address once', async () => {
    await connect({});
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      'mcp-vitals://dashboard',
      'mcp-vitals://alerts',
      'mcp-vitals://report/daily',
      'mcp-vitals://report/weekly',
      'mcp-vitals://series',
      'ui://mcp-vitals/dashboard',
      'ui://mcp-vitals/report',
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'mcp-vitals://report/{from}/{to}{?server}',
      'mcp-vitals://series/{server}/{tool}{?from,to}',
    ]);
    expect(client.getServerCapabilities()).toMatchObject({
      resources: {},
      prompts: {},
      completions: {},
      extensions: { 'io.modelcontextprotocol/ui': {} },
    });
  });

  it('say of views that they need no other host', () => {
    const views = RESOURCE_LIST.resources.filter(({ uri }) => uri.startsWith('ui://'));
    for (const view of views) {
      expect(view.mimeType).toBe('text/html;profile=mcp-app');
      expect(view._meta?.ui).toEqual({
        csp: { connectDomains: [], resourceDomains: [], frameDomains: [] },
        prefersBorder: true,
      });
    }
    expect(RESOURCE_TEMPLATE_LIST.resourceTemplates.every(({ _meta }) => _meta === undefined)).toBe(true);
  });
});

describe('a resource', () => {
  it('is what the tool answers, asked as the caller', async () => {
    const structured = { timestamp: '', mcpServers: [], activeAlerts: 0, recentAnomalies: 0, systemHealth: 'healthy' };
    await connect({ get_performance_dashboard: () => structured });
    const { text, mimeType } = await read('mcp-vitals://dashboard');
    expect(JSON.parse(text)).toEqual(structured);
    expect(mimeType).toBe('application/json');
    expect(calls).toEqual([['get_performance_dashboard', {}, CALLER]]);
  });

  it('is the report of the last day and of the last week', async () => {
    await connect({
      generate_performance_report: ({ startTime, endTime }) => ({ report: `# ${startTime} ${endTime}` }),
    });
    expect(await read('mcp-vitals://report/daily')).toMatchObject({
      mimeType: 'text/markdown',
      text: '# 2026-03-07T12:00:00.000Z 2026-03-08T12:00:00.000Z',
    });
    expect((await read('mcp-vitals://report/weekly')).text).toContain('2026-03-01T12:00:00.000Z');
  });

  it('is the report of a period, of one server', async () => {
    await connect({ generate_performance_report: () => ({ report: '# r' }) });
    await read('mcp-vitals://report/2026-03-01/2026-03-02T00%3A00%3A00Z?server=a%2Fb');
    expect(calls[0]![1]).toEqual({
      startTime: '2026-03-01T00:00:00.000Z',
      endTime: '2026-03-02T00:00:00.000Z',
      mcpServer: 'a/b',
    });
  });

  it('is a series by hour, or by day when it is long', async () => {
    const value = { p50: 1, p95: 2, p99: 3 } as Record<string, number>;
    await connect({
      get_metrics: ({ aggregation }) => ({
        metrics: [{ timestamp: 't', mcpServer: 'a/b', toolName: '<c>', value: value[aggregation as string], count: 9 }],
        summary,
      }),
    });
    const { text } = await read('mcp-vitals://series/a%2Fb/%3Cc%3E');
    expect(JSON.parse(text)).toEqual({
      server: 'a/b',
      tool: '<c>',
      from: '2026-03-07T12:00:00.000Z',
      to: '2026-03-08T12:00:00.000Z',
      interval: 'hour',
      summary,
      points: [{ timestamp: 't', calls: 9, p50Ms: 1, p95Ms: 2, p99Ms: 3 }],
    });
    expect(calls[0]![1]).toMatchObject({ mcpServer: 'a/b', toolName: '<c>', groupBy: 'hour' });
    const long = await read('mcp-vitals://series/a/b?from=2026-02-01');
    expect(JSON.parse(long.text)).toMatchObject({ interval: 'day', from: '2026-02-01T00:00:00.000Z' });
  });

  it('lists series by their addresses, busiest first', async () => {
    const row = (toolName: string, count: number) => ({ timestamp: 't', mcpServer: 's/1', toolName, value: 5, count });
    await connect({ get_metrics: () => ({ metrics: [row('few', 1), row('many ?', 10)], summary }) });
    expect(JSON.parse((await read('mcp-vitals://series')).text).series).toEqual([
      { uri: 'mcp-vitals://series/s%2F1/many%20%3F', server: 's/1', tool: 'many ?', calls: 10, p95Ms: 5 },
      { uri: 'mcp-vitals://series/s%2F1/few', server: 's/1', tool: 'few', calls: 1, p95Ms: 5 },
    ]);
  });

  it.each([
    ['mcp-vitals://no/such/thing', 'There is no resource "mcp-vitals://no/such/thing"'],
    ['mcp-vitals://series/a/b?until=now', 'There is no resource'],
    ['mcp-vitals://report/yesterday/today', 'startTime is not a time: "yesterday"'],
  ])('that cannot be had says why: %s', async (uri, message) => {
    await connect({});
    await expect(client.readResource({ uri })).rejects.toThrow(message);
    expect(errors).toEqual([]);
  });

  it('hands on what the tool says when it refuses, and hides what is our fault', async () => {
    await connect({
      get_active_alerts: () => 'get_active_alerts needs a token of scope read, not ingest',
      get_performance_dashboard: () => {
        throw new Error('secret');
      },
    });
    await expect(client.readResource({ uri: 'mcp-vitals://alerts' })).rejects.toThrow('needs a token of scope read');
    expect(errors).toEqual([]);
    await expect(client.readResource({ uri: 'mcp-vitals://dashboard' })).rejects.toThrow(
      'The collector failed; its log says why.',
    );
    expect(errors).toEqual([new Error('secret')]);
  });
});

describe('a completion', () => {
  const template = { type: 'ref/resource', uri: 'mcp-vitals://series/{server}/{tool}{?from,to}' } as const;
  const names = async (argument: { name: string; value: string }, filled?: Record<string, string>) =>
    (await client.complete({ ref: template, argument, ...(filled && { context: { arguments: filled } }) })).completion;

  it('offers servers, and tools of the server that was chosen', async () => {
    await connect({
      get_performance_dashboard: () => ({ mcpServers: [{ name: 'Files' }, { name: 'git' }, { name: 'figma' }] }),
      get_metrics: () => ({
        metrics: [
          { toolName: 'read', count: 1 },
          { toolName: 'rename', count: 2 },
        ],
        summary,
      }),
    });
    expect(await names({ name: 'server', value: 'fi' })).toEqual({
      values: ['Files', 'figma'],
      total: 2,
      hasMore: false,
    });
    expect((await names({ name: 'tool', value: 're' }, { server: 'git' })).values).toEqual(['rename', 'read']);
    expect(calls.at(-1)![1]).toMatchObject({ mcpServer: 'git', aggregation: 'count' });
    expect((await names({ name: 'from', value: '' })).values).toEqual([]);
    expect((await names({ name: 'toString', value: '' })).values).toEqual([]);
  });

  it('offers nothing rather than fail', async () => {
    await connect({
      get_performance_dashboard: () => {
        throw new VitalsError('unavailable', 'No collector answers');
      },
    });
    expect((await names({ name: 'server', value: '' })).values).toEqual([]);
  });

  it('offers alerts and windows for prompts', async () => {
    await connect({ get_active_alerts: () => ({ alerts: [{ alertId: 'alert-1' }] }) });
    const complete = (name: string, argument: string, value = '') =>
      client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } });
    expect((await complete('explain_alert', 'alertId')).completion.values).toEqual(['alert-1']);
    expect((await complete('what_got_slower', 'window', '7')).completion.values).toEqual(['7d']);
    expect((await complete('no_such', 'window')).completion.values).toEqual([]);
  });

  it('is cut to what the protocol allows', async () => {
    const mcpServers = Array.from({ length: 150 }, (_, index) => ({ name: `s${index}` }));
    await connect({ get_performance_dashboard: () => ({ mcpServers }) });
    const { values, total, hasMore } = await names({ name: 'server', value: 's' });
    expect([values.length, total, hasMore]).toEqual([100, 150, true]);
  });
});
