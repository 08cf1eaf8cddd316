/** A collector that misbehaves changes nothing for the server, and what was kept arrives once it behaves again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchCollector, type Misbehaviour } from '../sdk-compat/src/batchCollector.ts';
import { type Ending, ServerProcess, spoolFiles, temporaryDataDir } from './sdkHarness.ts';

const MISBEHAVIOURS: Record<string, Misbehaviour> = {
  'takes 30 s to answer': (_request, response) => {
    setTimeout(() => response.end('{"accepted":true}'), 30_000).unref();
  },
  'answers 500': (_request, response) => response.writeHead(500).end('{"message":"internal"}'),
  'answers garbage with 200': (_request, response) => response.writeHead(200).end('<html>\u0007hello</html>'),
  'answers without HTTP': (request) => request.socket.end('\0\u0001\u0002 not http \r\n\r\n'),
  'closes the connection': (request) => request.socket.destroy(),
  'answers without end': (_request, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  },
  'redirects elsewhere': (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  'refuses the token': (_request, response) => response.writeHead(401).end(),
};

let collector: BatchCollector;
let env: Record<string, string>;

beforeEach(async () => {
  collector = new BatchCollector();
  // Small windows, so that much is sent in a short test.
  env = {
    MCP_VITALS_DATA: temporaryDataDir(),
    MCP_VITALS_URL: await collector.listen(),
    MCP_VITALS_WINDOW_MS: '10',
    MCP_VITALS_BATCH_INTERVAL_MS: '10',
    MCP_VITALS_MAX_QUEUED_BATCHES: '4',
  };
});

afterEach(() => collector.close());

async function session(server: ServerProcess): Promise<Ending> {
  await server.initialize();
  for (let call = 0; call < 20; call += 1) await server.callTool(call % 5 === 0 ? 'fail' : 'answer');
  return server.endStdin();
}

describe.each(Object.keys(MISBEHAVIOURS))('a collector that %s', (how) => {
  it('changes neither answers nor exit, and gets what was kept when it is well again', async () => {
    const unmonitored = await session(new ServerProcess(false, env));
    collector.misbehaviour = MISBEHAVIOURS[how]!;
    const server = new ServerProcess(true, env);
    expect(await session(server)).toEqual(unmonitored);
    expect(spoolFiles(env.MCP_VITALS_DATA!)).not.toEqual([]);

    collector.misbehaviour = undefined;
    const next = new ServerProcess(true, env);
    await next.initialize();
    await next.callTool('answer');
    await expect
      .poll(() => collector.outcomesOf('fault-server'))
      .toEqual({ fail: { tool_error: 4 }, answer: { ok: 17 } });
    await next.endStdin();
    expect(collector.outcomesOf('fault-server')).toEqual({ fail: { tool_error: 4 }, answer: { ok: 17 } });
    expect(spoolFiles(env.MCP_VITALS_DATA!)).toEqual([]);
  });
});

describe('a collector that is down for long', () => {
  it('costs bounded memory, and gets everything exactly once when it is back', async () => {
    const { port } = collector;
    await collector.close();
    const server = new ServerProcess(true, env);
    await server.initialize();
    for (let call = 0; call < 200; call += 1) await server.callTool('answer');
    const before = Number(await server.textOf('memory'));
    for (let call = 0; call < 2_000; call += 1) await server.callTool('answer');
    const after = Number(await server.textOf('memory'));
    expect(after - before).toBeLessThan(1_500_000);
    await expect.poll(() => server.stderr).toContain('mcp-vitals: ');
    await server.endStdin();
    expect(server.stderr.match(/mcp-vitals: /g)).toHaveLength(1);

    collector = new BatchCollector();
    await collector.listen(port);
    const next = new ServerProcess(true, env);
    await next.initialize();
    await next.callTool('answer');
    await expect.poll(() => collector.outcomesOf('fault-server').answer, { timeout: 10_000 }).toEqual({ ok: 2_201 });
    await next.endStdin();
    expect(collector.outcomesOf('fault-server')).toEqual({ answer: { ok: 2_201 }, memory: { ok: 2 } });
  });
});
