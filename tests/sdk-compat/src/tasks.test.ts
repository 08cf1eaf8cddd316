/** Task tools of v1, which answer with a task at once, or are polled within the call where the client knows no tasks. */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { Client } from 'mcp-sdk-1.32/client/index.js';
import { InMemoryTaskMessageQueue, InMemoryTaskStore } from 'mcp-sdk-1.32/experimental/tasks/stores/in-memory.js';
import { InMemoryTransport } from 'mcp-sdk-1.32/inMemory.js';
import { McpServer } from 'mcp-sdk-1.32/server/mcp.js';
import { CreateTaskResultSchema } from 'mcp-sdk-1.32/types.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BatchCollector } from './batchCollector.ts';

const collector = new BatchCollector();

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-compat-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

function createTaskServer() {
  const taskStore = new InMemoryTaskStore();
  const server = new McpServer(
    { name: 'tasks', version: '1' },
    {
      capabilities: { tasks: { requests: { tools: { call: {} } } } },
      taskStore,
      taskMessageQueue: new InMemoryTaskMessageQueue(),
    },
  );
  server.experimental.tasks.registerToolTask(
    'job',
    { description: 'A job.', execution: { taskSupport: 'optional' } },
    {
      async createTask({ taskStore: store }) {
        const task = await store.createTask({ ttl: 60_000, pollInterval: 10 });
        await store.storeTaskResult(task.taskId, 'completed', { content: [{ type: 'text', text: 'done' }] });
        return { task };
      },
      getTask: async ({ taskStore: store, taskId }) => store.getTask(taskId),
      getTaskResult: async ({ taskStore: store, taskId }) => store.getTaskResult(taskId) as never,
    },
  );
  return { server, taskStore };
}

it('a call that becomes a task and one that is polled are told apart', async () => {
  const { server, taskStore } = createTaskServer();
  withMonitoring(server);
  const client = new Client({ name: 'suite', version: '0' }, { capabilities: { tasks: {} } });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);

  const call = { method: 'tools/call' as const, params: { name: 'job', arguments: {} } };
  const created = await client.request(
    { ...call, params: { ...call.params, task: { ttl: 60_000 } } },
    CreateTaskResultSchema,
  );
  expect(created.task.taskId).toEqual(expect.any(String));
  expect(await client.callTool(call.params)).toMatchObject({ content: [{ type: 'text', text: 'done' }] });
  await client.close();
  taskStore.cleanup();

  await getMonitor()!.flush();
  expect(collector.outcomesOf('tasks')).toEqual({ job: { task_created: 1, ok: 1 } });
});
