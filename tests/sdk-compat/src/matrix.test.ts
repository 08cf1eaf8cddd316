/**
 * withMonitoring against the real SDKs: every version, high and low level, tools before and after wrapping. A wrapped
 * server must answer like its unwrapped twin, and each call must be counted once, under the right outcome.
 */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BatchCollector } from './batchCollector.ts';
import { type HighLevelServer, type LowLevelServer, SDKS, type Sdk, type TestClient, type ToolBody } from './sdks.ts';

const collector = new BatchCollector();

beforeAll(async () => {
  // The SDKs warn of the hostile tool name, at length and per registration.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-compat-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

const text = (value: string, isError?: boolean) => ({
  content: [{ type: 'text', text: value }],
  ...(isError && { isError }),
});

/** Tools by what they do; `runs` counts how often each body ran. */
function toolsThatCount(runs: Record<string, number>): Record<string, ToolBody> {
  const bodies: Record<string, ToolBody> = {
    answers: () => text('fine'),
    answersLater: async () => text('fine, later'),
    saysIsError: () => text('went wrong', true),
    throwsSynchronously: () => {
      throw new RangeError('thrown');
    },
    rejects: async () => {
      throw new TypeError('rejected');
    },
    throwsTimeout: () => {
      throw Object.assign(new Error('too slow'), { code: -32001 });
    },
    endsWhenAborted: (signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(text('aborted')), { once: true })),
    '../../etc/\0"quoted" 💥 name': () => text('hostile'),
  };
  return Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => [
      name,
      (signal: AbortSignal) => {
        runs[name] = (runs[name] ?? 0) + 1;
        return body(signal);
      },
    ]),
  );
}

/** What a client sees of a call: the answer or the error. */
async function outcomeSeen(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => ({ answer }),
    (error: { code?: unknown; message?: unknown }) => ({ code: error.code, message: error.message }),
  );
}

/** Calls every tool once and says what a client saw, the list of tools included. */
async function driveAll(client: TestClient, names: readonly string[]): Promise<unknown[]> {
  const seen: unknown[] = [JSON.stringify(await client.listTools())];
  for (const name of names) {
    const abort = new AbortController();
    const call = outcomeSeen(client.callTool({ name, arguments: {} }, abort.signal));
    if (name === 'endsWhenAborted') setImmediate(() => abort.abort('no longer wanted'));
    seen.push(await call);
  }
  return seen;
}

const low = { throwsSynchronously: 'protocol_error', rejects: 'protocol_error', throwsTimeout: 'timeout' } as const;
const high = { throwsSynchronously: 'tool_error', rejects: 'tool_error', throwsTimeout: 'tool_error' } as const;
const EXPECTED = {
  answers: 'ok',
  answersLater: 'ok',
  saysIsError: 'tool_error',
  endsWhenAborted: 'cancelled',
  '../../etc/\0"quoted" 💥 name': 'ok',
} as const;

function expectedOutcomes(failures: Record<string, string>) {
  return Object.fromEntries(
    Object.entries({ ...EXPECTED, ...failures }).map(([name, outcome]) => [name, { [outcome]: 1 }]),
  );
}

/** Flushes until the collector has as many calls of the server as it should; a lost one shows as a time-out. */
async function outcomesOnceCounted(serverName: string, calls: number) {
  await expect
    .poll(async () => {
      await getMonitor()?.flush();
      return collector
        .windowsOf(serverName)
        .flatMap(({ outcomes }) => outcomes)
        .reduce((a, b) => a + b, 0);
    })
    .toBe(calls);
  return collector.outcomesOf(serverName);
}

function addAll(target: HighLevelServer, style: 'tool' | 'registerTool', tools: Record<string, ToolBody>): void {
  for (const [name, body] of Object.entries(tools)) target.add(style, name, body);
}

describe.each(SDKS)('$name', (sdk: Sdk) => {
  const cases = [
    ...sdk.styles.flatMap((style) => [
      { level: 'McpServer', style, when: 'before' },
      { level: 'McpServer', style, when: 'after' },
    ]),
    { level: 'Server', style: 'setRequestHandler', when: 'before' },
    { level: 'Server', style: 'setRequestHandler', when: 'after' },
  ];

  it.each(cases)('$level, $style, tools $when wrapping', async ({ level, style, when }) => {
    const serverName = `matrix-${randomUUID()}`;
    const drive = async (monitored: boolean) => {
      const runs: Record<string, number> = {};
      const tools = toolsThatCount(runs);
      const target = level === 'Server' ? sdk.createLowLevel(serverName) : sdk.createHighLevel(serverName);
      const register = () =>
        level === 'Server'
          ? (target as LowLevelServer).handle(tools)
          : addAll(target as HighLevelServer, style as 'tool', tools);
      if (when === 'before') register();
      if (monitored) {
        expect(withMonitoring(target.server)).toBe(target.server);
        expect(withMonitoring(target.server)).toBe(target.server);
      }
      if (when === 'after') register();
      const client = await sdk.connect(target.server);
      const seen = await driveAll(client, Object.keys(tools));
      await client.close();
      return { runs, seen };
    };

    const unwrapped = await drive(false);
    const wrapped = await drive(true);
    expect(wrapped).toEqual(unwrapped);
    const names = Object.keys(wrapped.runs);
    expect(Object.values(wrapped.runs)).toEqual(names.map(() => 1));
    const outcomes = await outcomesOnceCounted(serverName, names.length);
    expect(outcomes).toEqual(expectedOutcomes(level === 'Server' ? low : high));
  });

  it('follows update, disable, enable and remove', async () => {
    const serverName = `lifecycle-${randomUUID()}`;
    const drive = async (monitored: boolean) => {
      const target = sdk.createHighLevel(serverName);
      const handle = target.add(sdk.styles[0]!, 'tool', () => text('first'));
      target.add(sdk.styles[0]!, 'other', () => text('other'));
      if (monitored) withMonitoring(target.server);
      const client = await sdk.connect(target.server);
      const seen: unknown[] = [];
      const look = async () => {
        seen.push(await client.listTools(), await outcomeSeen(client.callTool({ name: 'tool' })));
      };
      await look();
      handle.update({ callback: () => text('second') });
      await look();
      handle.disable();
      await look();
      handle.enable();
      await look();
      handle.remove();
      await look();
      await client.close();
      return seen;
    };
    expect(await drive(true)).toEqual(await drive(false));
    const outcomes = await outcomesOnceCounted(serverName, 5);
    expect(outcomes).toEqual({ tool: { ok: 3, [sdk.unknownTool]: 2 } });
  });

  it('counts an unknown tool as the version answers it', async () => {
    const serverName = `unknown-${randomUUID()}`;
    const target = sdk.createHighLevel(serverName);
    target.add(sdk.styles[0]!, 'known', () => text('fine'));
    const client = await sdk.connect(withMonitoring(target.server));
    await outcomeSeen(client.callTool({ name: 'no such tool' }));
    await client.close();
    expect(await outcomesOnceCounted(serverName, 1)).toEqual({ __other__: { [sdk.unknownTool]: 1 } });
  });

  it('counts a call the client gave up waiting for as a time-out', async () => {
    const serverName = `impatient-${randomUUID()}`;
    const target = sdk.createHighLevel(serverName);
    target.add(sdk.styles[0]!, 'slow', toolsThatCount({}).endsWhenAborted!);
    const client = await sdk.connect(withMonitoring(target.server));
    await outcomeSeen(client.callTool({ name: 'slow' }, undefined, 20));
    expect(await outcomesOnceCounted(serverName, 1)).toEqual({ slow: { timeout: 1 } });
    await client.close();
  });

  it('reports a call that never returns as in flight', async () => {
    const serverName = `hanging-${randomUUID()}`;
    const target = sdk.createHighLevel(serverName);
    target.add(sdk.styles[0]!, 'hangs', () => new Promise(() => {}));
    target.add(sdk.styles[0]!, 'answers', () => text('fine'));
    const client = await sdk.connect(withMonitoring(target.server));
    void outcomeSeen(client.callTool({ name: 'hangs' }));
    await client.callTool({ name: 'answers' });
    expect(await outcomesOnceCounted(serverName, 1)).toEqual({ answers: { ok: 1 } });
    const batch = collector.batches.at(-1)!;
    const inFlight = batch.inFlight.filter(({ server }) => batch.servers[server]?.name === serverName);
    expect(inFlight).toEqual([
      { server: expect.any(Number), kind: 'tool', name: 'hangs', count: 1, oldestAgeMs: expect.any(Number) },
    ]);
    await client.close();
  });
});
