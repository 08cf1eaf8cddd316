/** What the proxy records of real clients and servers, in both eras of the protocol. */
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Recorded } from '../../packages/collector/src/testing/recordingMonitor.ts';
import { handlerV2, legacySseV1, statefulV1, statelessV1 } from './support/mcpServers.ts';
import { deferred, JSON_BODY, send, startProxied, toolCall } from './support/proxied.ts';

const CLIENT = { name: 'client', version: '1.0.0' };

async function connectV1(
  url: string,
  transport: TransportV1 | SSEClientTransport = new TransportV1(new URL(`${url}/mcp`)),
) {
  const client = new ClientV1(CLIENT, { capabilities: { elicitation: {} } });
  await client.connect(transport as Parameters<ClientV1['connect']>[0]);
  onTestFinished(() => client.close());
  return client;
}

async function connectV2(url: string, pin?: string) {
  const client = new ClientV2(CLIENT, pin === undefined ? {} : { versionNegotiation: { mode: { pin } } });
  await client.connect(new TransportV2(new URL(`${url}/mcp`)));
  onTestFinished(() => client.close());
  return client;
}

const callersOf = ({ calls }: Recorded) => [
  ...new Set(calls.flatMap(({ kind, client }) => (kind === 'tool' ? [client] : []))),
];
const toolsOf = (summary: string[]) => summary.filter((line) => !line.startsWith('method:'));

describe('calls over HTTP', () => {
  const servers = {
    'v1 with sessions': () => statefulV1(),
    'v1 with sessions, answers as JSON': () => statefulV1({ enableJsonResponse: true }),
    'v1 with sessions that can be resumed': () => statefulV1({ eventStore: true }),
    'v1 without sessions': () => statelessV1(),
    v2: () => handlerV2(),
  };

  it.each(Object.keys(servers) as (keyof typeof servers)[])('are recorded: %s', async (kind) => {
    const { proxy, direct, recorded } = await startProxied(servers[kind]());
    const [through, past] = [await connectV1(proxy), await connectV1(direct)];
    for (const client of [through, past]) await client.listTools();
    for (const name of ['greet', 'fail', 'greet']) {
      expect(await through.callTool({ name })).toEqual(await past.callTool({ name }));
    }
    const prompt = { name: 'hi' };
    expect(await through.getPrompt(prompt)).toEqual(await past.getPrompt(prompt));
    await vi.waitFor(() => expect(recorded.calls.filter(({ outcome }) => outcome === undefined)).toEqual([]));
    const { name } = through.getServerVersion()!;
    expect(recorded.summary()).toEqual([
      'fail tool_error',
      'greet ok',
      'greet ok',
      'method:initialize ok',
      'method:tools/list ok',
      'prompt:hi ok',
    ]);
    expect(new Set(recorded.calls.map(({ server }) => server))).toEqual(new Set([name]));
    // Without sessions, nothing tells whose a request is.
    expect(callersOf(recorded)).toEqual([kind.includes('with sessions') ? CLIENT.name : undefined]);
    expect(recorded.tools[name]).toContain('greet');
    expect(recorded.calls.find((call) => call.name === 'greet')?.resultBytes).toBe(
      JSON.stringify({ content: [{ type: 'text', text: 'hello' }] }).length,
    );
  });

  it('are recorded without initialize and sessions, as revision 2026-07-28 has it', async () => {
    const { proxy, recorded } = await startProxied(handlerV2());
    const client = await connectV2(proxy, '2026-07-28');
    await client.listTools();
    await client.callTool({ name: 'greet' });
    await client.callTool({ name: 'fail' });
    expect(toolsOf(recorded.summary())).toEqual(['fail tool_error', 'greet ok']);
    expect(new Set(recorded.calls.map(({ server }) => server))).toEqual(new Set(['served-v2']));
    expect(callersOf(recorded)).toEqual([CLIENT.name]);
    expect(recorded.summary()).not.toContain('method:initialize ok');
  });

  it('are recorded over the transport of 2024-11-05', async () => {
    const { proxy, recorded } = await startProxied(legacySseV1());
    const client = await connectV1(proxy, new SSEClientTransport(new URL(`${proxy}/sse`)));
    await client.callTool({ name: 'greet' });
    await client.callTool({ name: 'fail' });
    expect(recorded.summary()).toEqual(['fail tool_error', 'greet ok', 'method:initialize ok']);
  });

  it('are counted once when their answer comes on another stream', async () => {
    const { proxy, recorded } = await startProxied(statefulV1({ eventStore: true }));
    const client = await connectV1(proxy);
    expect(await client.callTool({ name: 'hang_up' })).toMatchObject({ content: [{ text: 'on another stream' }] });
    expect(toolsOf(recorded.summary())).toEqual(['hang_up ok']);
  });

  it('do not count the time that the client takes to answer a question', async () => {
    const { proxy, recorded } = await startProxied(statefulV1());
    const client = await connectV1(proxy);
    const answered = deferred();
    client.setRequestHandler(ElicitRequestSchema, async () => {
      await answered.promise;
      return { action: 'decline' };
    });
    const asking = client.callTool({ name: 'ask' });
    // A call beside it: the question is still that of the stream it came on.
    await client.callTool({ name: 'greet' });
    answered.resolve();
    await asking;
    const [ask, greet] = ['ask', 'greet'].map((name) => recorded.calls.find((call) => call.name === name)!);
    expect(ask!.waitMs).toBeGreaterThan(0);
    expect(ask!.waitMs).toBeLessThan(ask!.durationMs!);
    expect(greet!.waitMs).toBe(0);
  });
});

describe('calls that get no answer', () => {
  const slowServer = (start: (hooks: { slow(signal: AbortSignal): Promise<void> }) => ReturnType<typeof handlerV2>) => {
    const started = deferred();
    const aborted = deferred();
    const listener = start({
      slow: (signal) => {
        started.resolve();
        signal.addEventListener('abort', () => aborted.resolve());
        return aborted.promise;
      },
    });
    return { listener, started: started.promise, aborted: aborted.promise };
  };

  it('are cancelled when the client says so', async () => {
    const { listener, started } = slowServer(statefulV1);
    const { proxy, recorded } = await startProxied(listener);
    const client = await connectV1(proxy);
    const abort = new AbortController();
    const calling = client.callTool({ name: 'slow' }, undefined, { signal: abort.signal });
    await started;
    abort.abort('not needed');
    await expect(calling).rejects.toThrow();
    await vi.waitFor(() => expect(toolsOf(recorded.summary())).toEqual(['slow cancelled']));
  });

  it('are time-outs when the client ran out of time', async () => {
    const { listener } = slowServer(statefulV1);
    const { proxy, recorded } = await startProxied(listener);
    const client = await connectV1(proxy);
    await expect(client.callTool({ name: 'slow' }, undefined, { timeout: 20 })).rejects.toThrow('timed out');
    await vi.waitFor(() => expect(toolsOf(recorded.summary())).toEqual(['slow timeout']));
  });

  it('are cancelled by leaving, where there are no sessions, and the server notices', async () => {
    const { listener, started, aborted } = slowServer(handlerV2);
    const { proxy, recorded } = await startProxied(listener);
    const client = await connectV2(proxy, '2026-07-28');
    const abort = new AbortController();
    const calling = client.callTool({ name: 'slow' }, { signal: abort.signal });
    await started;
    abort.abort('not needed');
    await expect(calling).rejects.toThrow();
    await aborted;
    await vi.waitFor(() => expect(toolsOf(recorded.summary())).toEqual(['slow cancelled']));
  });

  it('have failed when the server breaks off', async () => {
    const { listener, started } = slowServer(statefulV1);
    const { proxy, recorded, server } = await startProxied(listener);
    const client = await connectV1(proxy);
    client.callTool({ name: 'slow' }).catch(() => {});
    await started;
    server.closeAllConnections();
    await vi.waitFor(() => expect(toolsOf(recorded.summary())).toEqual(['slow protocol_error']));
    expect(recorded.calls.find(({ name }) => name === 'slow')?.error).toMatchObject({ errorClass: 'ConnectionLost' });
  });

  it('are over with their session', async () => {
    const { listener, started } = slowServer((hooks) => statefulV1({ eventStore: true, ...hooks }));
    const { proxy, recorded } = await startProxied(listener);
    const transport = new TransportV1(new URL(`${proxy}/mcp`));
    const client = await connectV1(proxy, transport);
    client.callTool({ name: 'slow' }).catch(() => {});
    await started;
    expect(toolsOf(recorded.summary())).toEqual([]);
    await transport.terminateSession();
    expect(toolsOf(recorded.summary())).toEqual(['slow cancelled']);
  });

  it.each([401, 404, 500])('have failed when the response is %i', async (status) => {
    const { proxy, recorded } = await startProxied((request, response) => {
      request.resume().once('end', () => void response.writeHead(status).end());
    });
    const body = toolCall('read');
    await send(proxy, { method: 'POST', headers: [...JSON_BODY, 'content-length', String(body.length)], body });
    expect(recorded.calls).toMatchObject([
      { name: 'read', outcome: 'protocol_error', error: { errorClass: 'HttpError', code: String(status) } },
    ]);
  });

  it('have failed when the response is about something else', async () => {
    const { proxy, recorded } = await startProxied((request, response) => {
      request
        .resume()
        .once('end', () => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    });
    const body = toolCall('read');
    await send(proxy, { method: 'POST', headers: [...JSON_BODY, 'content-length', String(body.length)], body });
    await vi.waitFor(() => expect(recorded.summary()).toEqual(['read protocol_error']));
  });
});
