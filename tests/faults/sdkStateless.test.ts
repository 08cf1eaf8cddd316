/** A server per request, as stateless Streamable HTTP has it, is one instance with one name, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BatchCollector } from '../sdk-compat/src/batchCollector.ts';
import { temporaryDataDir } from './sdkHarness.ts';

const SERVER = fileURLToPath(new URL('./sdkStateless.mjs', import.meta.url));
const REQUESTS = 300;

/** The last servers may still hang on their sockets. */
const STILL_IN_USE = 20;

const CALL = {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'answer', arguments: {} } }),
};

it(`counts ${REQUESTS} stateless servers as one, and lets go of each`, async () => {
  const collector = new BatchCollector();
  const dataDir = temporaryDataDir();
  const env = {
    PATH: process.env.PATH,
    HOME: dataDir,
    MCP_VITALS_DATA: dataDir,
    MCP_VITALS_URL: await collector.listen(),
  };
  const child = spawn(process.execPath, ['--expose-gc', SERVER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  try {
    const [port] = await once(child.stdout.setEncoding('utf8'), 'data');
    const url = `http://127.0.0.1:${Number(port)}/`;
    for (let i = 0; i < REQUESTS; i += 1) {
      const answer = (await (await fetch(url, CALL)).json()) as { result?: unknown };
      expect(answer.result).toMatchObject({ content: [{ text: 'fine' }] });
    }
    const { made, inMemory } = (await (await fetch(url)).json()) as { made: number; inMemory: number };
    expect(made).toBe(REQUESTS);
    expect(inMemory).toBeLessThan(STILL_IN_USE);

    await expect.poll(() => collector.outcomesOf('stateless-server')).toEqual({ answer: { ok: REQUESTS } });
    expect(new Set(collector.batches.map(({ instance }) => instance)).size).toBe(1);
    for (const { servers } of collector.batches) {
      expect(servers).toEqual([expect.objectContaining({ name: 'stateless-server', version: '1.0.0' })]);
    }
  } finally {
    child.stdin.end();
    await ended;
    await collector.close();
  }
});
