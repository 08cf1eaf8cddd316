/** Calls that become tasks, through the MCP door of a real collector, in both eras of the protocol. */
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  CancelTaskResultSchema,
  CreateTaskResultSchema,
  GetTaskResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCollector, type TestCollector } from './testing/testCollector.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';
const QUICK = { durationSeconds: 1, metrics: ['memory'] };
const LONG = { durationSeconds: 61, metrics: ['memory'] };

const SERVER = fileURLToPath(new URL('../../../tests/bench/servers/slots.mjs', import.meta.url));
const TARGETS = { slots: { command: process.execPath, args: [SERVER, '2', '5'], tools: ['serve'] } };
const BENCHMARK = { target: 'slots', tool: 'serve', loadProfile: 'light', warmUpSeconds: 0.2 };

let collector: TestCollector;
beforeAll(async () => {
  collector = await startTestCollector([
    ...['toolsets=analysis', 'analysis.maxMonitors=1', 'benchmarks.minDurationSeconds=1'],
    `benchmarks.targets=${JSON.stringify(TARGETS)}`,
  ]);
});
afterAll(() => collector.stop());

/** A slot is free again; the question takes none itself. */
async function isFree(): Promise<boolean> {
  const caller = { client: 'test', scope: 'admin' } as const;
  const { content } = await collector.app.backend.call('monitor_performance', { mcpServer: 'nobody' }, caller);
  return (content[0] as { text: string }).text.startsWith('No server');
}

async function connect(scope: 'read' | 'admin'): Promise<Client> {
  const headers = { authorization: `Bearer ${collector.token(scope)}` };
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { tasks: {} } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', collector.app.url), { requestInit: { headers } }),
  );
  return client;
}

describe('in 2025-11-25, where the client asks for it,', () => {
  let client: Client;
  beforeAll(async () => {
    client = await connect('read');
  });
  afterAll(() => client.close());

  const create = (args: object) => {
    const params = { name: 'monitor_performance', arguments: { ...args }, task: { ttl: 60_000 } };
    return client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
  };

  it('the tool says that it can, and the others do not', async () => {
    expect(client.getServerCapabilities()?.tasks).toEqual({ cancel: {}, requests: { tools: { call: {} } } });
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'monitor_performance')?.execution).toEqual({ taskSupport: 'optional' });
    expect(tools.find(({ name }) => name === 'get_metrics')?.execution).toBeUndefined();
  });

  it("the SDK's own client follows it to its result", async () => {
    const stream = client.experimental.tasks.callToolStream(
      { name: 'monitor_performance', arguments: QUICK },
      CallToolResultSchema,
      { task: { ttl: 60_000 } },
    );
    const messages: string[] = [];
    let last: unknown;
    for await (const message of stream) {
      messages.push(message.type);
      last = message;
    }
    expect(messages[0]).toBe('taskCreated');
    expect(last).toMatchObject({ type: 'result', result: { structuredContent: { cancelled: false } } });
  });

  it('it fails as its tool does', async () => {
    const { task } = await create({ mcpServer: 'nobody' });
    const result = await client.request(
      { method: 'tasks/result', params: { taskId: task.taskId } },
      CallToolResultSchema,
    );
    expect(result).toMatchObject({ isError: true });
    const got = await client.request({ method: 'tasks/get', params: { taskId: task.taskId } }, GetTaskResultSchema);
    expect(got.status).toBe('failed');
  });

  it('it is cancelled once, and makes room', async () => {
    const { task } = await create(LONG);
    expect(task).toMatchObject({ status: 'working', ttl: 661_000 });
    const params = { taskId: task.taskId };
    const cancelled = await client.request({ method: 'tasks/cancel', params }, CancelTaskResultSchema);
    expect(cancelled.status).toBe('cancelled');
    await expect(client.request({ method: 'tasks/cancel', params }, CancelTaskResultSchema)).rejects.toThrow(/is over/);
    await expect.poll(isFree).toBe(true);
  });

  it('nobody finds one that there is not', async () => {
    const asked = client.request({ method: 'tasks/get', params: { taskId: 'none' } }, GetTaskResultSchema);
    await expect(asked).rejects.toThrow(/no such task/);
  });
});

describe('a benchmark', () => {
  let client: Client;
  beforeAll(async () => {
    client = await connect('admin');
  });
  afterAll(() => client.close());

  const create = (more: object) => {
    const params = { name: 'benchmark_tool', arguments: { ...BENCHMARK, ...more }, task: { ttl: 60_000 } };
    return client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
  };
  const get = (taskId: string) => client.request({ method: 'tasks/get', params: { taskId } }, GetTaskResultSchema);

  it('is a task with its figures as the result', async () => {
    const { task } = await create({ durationSeconds: 1, iterations: 2 });
    expect(task.ttl).toBe(601_200);
    const params = { taskId: task.taskId };
    const result = await client.request({ method: 'tasks/result', params }, CallToolResultSchema);
    expect(result.structuredContent).toMatchObject({ target: 'slots', endedBecause: null });
    expect((await get(task.taskId)).status).toBe('completed');
  });

  it('tells how far it is, and makes room when it is cancelled', async () => {
    const { task } = await create({ durationSeconds: 600 });
    await expect
      .poll(async () => (await get(task.taskId)).statusMessage, { timeout: 20_000 })
      .toMatch(/^\d+ of 600 s: iteration 1 of 10$/);
    const params = { taskId: task.taskId };
    await client.request({ method: 'tasks/cancel', params }, CancelTaskResultSchema);
    expect((await get(task.taskId)).status).toBe('cancelled');
    // Its process is gone, and the next one may begin.
    const hasEnded = async () => (await collector.ask('/api/v1/audit', { scope: 'admin' })).text;
    await expect.poll(hasEnded, { timeout: 20_000 }).toContain('A benchmark ended: ended early');
  });
});

describe('in 2026-07-28, where the client knows the extension,', () => {
  const PREFIX = 'io.modelcontextprotocol/';
  let id = 0;

  /** No client in use speaks it yet; the shapes are those of the extension's schema. */
  async function ask(method: string, params: Record<string, unknown>, extensions: object = { [EXTENSION]: {} }) {
    id += 1;
    const version = '2026-07-28';
    const _meta = {
      [`${PREFIX}protocolVersion`]: version,
      [`${PREFIX}clientInfo`]: { name: 'test', version: '1' },
      [`${PREFIX}clientCapabilities`]: { extensions },
    };
    const name = params.name ?? params.taskId;
    const answer = await collector.ask('/mcp', {
      method: 'POST',
      scope: 'read',
      headers: {
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': version,
        'mcp-method': method,
        ...(name !== undefined && { 'mcp-name': String(name) }),
      },
      body: { jsonrpc: '2.0', id, method, params: { ...params, _meta } },
    });
    const text = answer.text.startsWith('{') ? answer.text : /^data: (.*)$/m.exec(answer.text)![1]!;
    return JSON.parse(text) as { result?: Record<string, unknown>; error?: { message: string } };
  }

  const call = (args: object, extensions?: object) =>
    ask('tools/call', { name: 'monitor_performance', arguments: args }, extensions);

  it('the server says that it does', async () => {
    const { result } = await ask('server/discover', {});
    expect(result).toMatchObject({ capabilities: { extensions: { [EXTENSION]: {} } } });
  });

  it('a call of more than a minute becomes one, and is cancelled', async () => {
    const { result: created } = await call(LONG);
    expect(created).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 661_000, pollIntervalMs: 2_000 });
    const { taskId } = created!;
    await expect
      .poll(async () => (await ask('tasks/get', { taskId })).result)
      .toMatchObject({
        resultType: 'complete',
        status: 'working',
        statusMessage: expect.stringContaining('of 61 s: memoryMb'),
      });
    expect((await ask('tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' });
    expect((await ask('tasks/get', { taskId })).result).toMatchObject({ status: 'cancelled' });
    await expect.poll(isFree).toBe(true);
  });

  it('one whose tool refuses has that as its result', async () => {
    const { result: created } = await call({ ...LONG, mcpServer: 'nobody' });
    const { taskId } = created!;
    await expect
      .poll(async () => (await ask('tasks/get', { taskId })).result)
      .toMatchObject({
        status: 'completed',
        result: { resultType: 'complete', isError: true },
      });
  });

  it('a short call, and any of a client that knows no tasks, is answered as usual', async () => {
    expect((await call(QUICK)).result).toMatchObject({
      resultType: 'complete',
      structuredContent: { cancelled: false },
    });
    expect((await call(QUICK, {})).result).toMatchObject({ resultType: 'complete' });
  });
});
