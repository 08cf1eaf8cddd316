/**
 * Controls against the real SDKs: every version, high and low level, tools before and after wrapping. The policy comes as an
 * answer to a batch; what a client sees, and whether the tool ran, is what counts.
 */
import { randomUUID } from 'node:crypto';
import { type ControlOptions, getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import type { ToolPolicy } from '@mcp-vitals/wire/decode';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BatchCollector } from './batchCollector.ts';
import { SDKS, type Sdk, type TestClient, type ToolHandle } from './sdks.ts';

const collector = new BatchCollector();
const ALL: ControlOptions = { concurrency: true, timeout: { minMs: 1 }, cache: true, coalesce: true, rate: true };

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-compat-${randomUUID()}`;
});

afterEach(() => {
  collector.policies = [];
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

interface Run {
  signal: AbortSignal;
  answer(): void;
}

interface World {
  server: object;
  client: TestClient;
  /** Of the tool `slow`, which answers when it is told to. */
  runs: Run[];
  handle: ToolHandle | undefined;
  obey(policy: ToolPolicy): Promise<void>;
}

let versions = 0;

async function setUp(sdk: Sdk, level: 'McpServer' | 'Server', when: 'before' | 'after'): Promise<World> {
  const name = `controls-${randomUUID()}`;
  const runs: Run[] = [];
  const slow = (signal: AbortSignal) =>
    new Promise((resolve) => {
      const answer = () => resolve({ content: [{ type: 'text', text: 'slow' }] });
      runs.push({ signal, answer });
      signal.addEventListener('abort', answer, { once: true });
    });
  let handle: ToolHandle | undefined;
  const made = level === 'McpServer' ? sdk.createHighLevel(name) : sdk.createLowLevel(name);
  const add = () => {
    if ('add' in made) handle = made.add(sdk.styles.at(-1)!, 'slow', slow);
    else made.handle({ slow });
  };
  if (when === 'before') add();
  withMonitoring(made.server, { controls: ALL });
  if (when === 'after') add();
  const client = await sdk.connect(made.server);
  const obey = async (policy: ToolPolicy) => {
    versions += 1;
    collector.policies = [{ server: name, version: versions, leaseMs: 60_000, tools: { slow: policy } }];
    await expect
      .poll(async () => {
        await client.listTools();
        await getMonitor()!.flush();
        return getMonitor(made.server)!.policy()?.version;
      })
      .toBe(versions);
  };
  return { server: made.server, client, runs, handle, obey };
}

const call = (client: TestClient, signal?: AbortSignal) => client.callTool({ name: 'slow', arguments: {} }, signal);
const REFUSED = { isError: true, content: [{ text: expect.stringContaining('mcp-vitals (policy v') }] };

describe.each(SDKS)('$name', (sdk: Sdk) => {
  describe.each([
    ['McpServer', 'before'],
    ['McpServer', 'after'],
    ['Server', 'before'],
    ['Server', 'after'],
  ] as const)('%s, tools %s wrapping', (level, when) => {
    it('lets calls wait, refuses what is too much, and never runs what was cancelled meanwhile', async () => {
      const { client, runs, obey } = await setUp(sdk, level, when);
      await obey({ concurrency: { limit: 1, maxQueued: 2, maxWaitMs: 60_000 } });
      const first = call(client);
      const abort = new AbortController();
      await expect.poll(() => runs.length).toBe(1);
      const cancelled = call(client, abort.signal).catch(() => 'cancelled');
      const third = call(client);
      expect(await call(client)).toMatchObject(REFUSED);
      abort.abort('not wanted');
      expect(await cancelled).toBe('cancelled');
      runs[0]!.answer();
      expect(await first).toMatchObject({ content: [{ text: 'slow' }] });
      await expect.poll(() => runs.length).toBe(2);
      runs[1]!.answer();
      await third;
      expect(runs).toHaveLength(2);
      await client.close();
    });

    it('answers in the place of a tool that takes too long, and aborts the signal that the tool has', async () => {
      const { client, runs, obey } = await setUp(sdk, level, when);
      await obey({ timeout: { afterMs: 20 } });
      expect(await call(client)).toMatchObject(REFUSED);
      expect(runs[0]!.signal.aborted).toBe(true);
      await client.close();
    });

    it('is as written when a policy is no longer brought', async () => {
      const { server, client, runs, obey } = await setUp(sdk, level, when);
      await obey({ concurrency: { limit: 1, maxQueued: 10, maxWaitMs: 60_000 } });
      const calls = [call(client), call(client), call(client)];
      await expect.poll(() => runs.length).toBe(1);
      collector.policies = [];
      await client.listTools();
      await getMonitor()!.flush();
      expect(getMonitor(server)!.policy()).toBeUndefined();
      await expect.poll(() => runs.length).toBe(3);
      for (const run of runs) run.answer();
      await Promise.all(calls);
      await client.close();
    });
  });

  // Older ones have no annotations that could change.
  if (sdk.styles.includes('registerTool'))
    it('gives answers again as its annotations say now', async () => {
      const { client, handle, runs, obey } = await setUp(sdk, 'McpServer', 'before');
      await obey({ cache: { ttlMs: 60_000, maxEntries: 10, maxBytes: 100_000 } });
      const annotate = (annotations: object) => handle!.update({ annotations } as never);
      const answerOf = async (run: number) => {
        const answer = call(client);
        await expect.poll(() => runs.length).toBe(run);
        runs[run - 1]!.answer();
        return answer;
      };
      await answerOf(1);
      annotate({ readOnlyHint: true, idempotentHint: true });
      const kept = await answerOf(2);
      expect(await call(client)).toEqual(kept);
      annotate({ readOnlyHint: true, idempotentHint: true, destructiveHint: true });
      await answerOf(3);
      await client.close();
    });

  it('update, disable and remove work as ever under a policy', async () => {
    const { client, handle, obey } = await setUp(sdk, 'McpServer', 'before');
    await obey({ concurrency: { limit: 1, maxQueued: 5, maxWaitMs: 1_000 }, timeout: { afterMs: 5_000 } });
    handle!.update({ callback: () => ({ content: [{ type: 'text', text: 'updated' }] }) });
    expect(await call(client)).toMatchObject({ content: [{ text: 'updated' }] });
    handle!.disable();
    const disabled = await call(client).catch((error: Error) => error.message);
    expect(JSON.stringify(disabled)).toContain('disabled');
    handle!.enable();
    expect(await call(client)).toMatchObject({ content: [{ text: 'updated' }] });
    handle!.remove();
    const removed = await call(client).catch((error: Error) => error.message);
    expect(JSON.stringify(removed)).toContain('not found');
    await client.close();
  });
});
