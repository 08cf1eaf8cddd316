/** Watching live through every door: an attached process, MCP over HTTP, and the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodedBatch } from './support/batches.ts';
import {
  COMMAND,
  type Collector,
  cleanEnvironment,
  startCollector,
  temporaryDataDir,
  tokenOf,
} from './support/collector.ts';
import { type Generation, type McpSession, openHttp, openStdio } from './support/stdioClient.ts';

let dataDir: string;
let remove: () => void;
let collector: Collector;
const sessions: McpSession[] = [];

beforeAll(async () => {
  ({ dataDir, remove } = temporaryDataDir());
  collector = await startCollector(dataDir, [
    '--set',
    'analysis.maxMonitors=1',
    '--set',
    'limits.queriesPerMinute=100000',
  ]);
  await collector.post(encodedBatch({ server: 'shop', samplesPerWindow: 40 }));
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await collector.stop();
  remove();
});

const GENERATIONS: Generation[] = ['classic', 'modern'];
const LONG = { durationSeconds: 600, metrics: ['memory'] };

const DOORS: [string, (generation: Generation) => Promise<McpSession>][] = [
  ['an attached process', (generation) => openStdio(dataDir, generation)],
  ['MCP over HTTP', (generation) => openHttp(collector.url, tokenOf(dataDir, 'read'), generation)],
];

/** What the collector says to one who would be the next; it takes no place itself. */
async function refusal(): Promise<string> {
  const response = await fetch(`${collector.url}/api/v1/tools/monitor_performance`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(dataDir, 'read')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mcpServer: 'nobody' }),
  });
  const { content } = (await response.json()) as { content: { text: string }[] };
  return content[0]!.text;
}

describe.each(DOORS)('through %s', (_, open) => {
  it.each(GENERATIONS)('a client of the %s SDK hears how far it is, and has the answer', async (generation) => {
    const session = await open(generation);
    sessions.push(session);
    const told: number[] = [];
    const answer = await session.call(
      'monitor_performance',
      { durationSeconds: 3, mcpServer: 'shop', metrics: ['throughput', 'cpu'] },
      { onprogress: ({ progress }) => told.push(progress) },
    );
    expect(answer.structuredContent).toMatchObject({
      cancelled: false,
      columns: ['time', 'callsPerSecond', 'cpuPercent'],
    });
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });
});

it.each(GENERATIONS)('a client of the %s SDK that cancels makes room in the collector', async (generation) => {
  const session = await openStdio(dataDir, generation);
  sessions.push(session);
  const cancelling = new AbortController();
  const calling = session.call('monitor_performance', LONG, { signal: cancelling.signal });
  await expect.poll(refusal, { timeout: 10_000 }).toMatch(/run already/);
  cancelling.abort();
  await expect(calling).rejects.toThrow();
  await expect.poll(refusal, { timeout: 10_000 }).toMatch(/^No server "nobody" has reported/);
});

it('a process that is killed leaves no monitor behind', async () => {
  const session = await openStdio(dataDir, 'modern');
  const calling = session.call('monitor_performance', LONG).catch(() => 'gone');
  await expect.poll(refusal, { timeout: 10_000 }).toMatch(/run already/);
  process.kill(session.pid!, 'SIGKILL');
  expect(await calling).toBe('gone');
  await expect.poll(refusal, { timeout: 10_000 }).toMatch(/^No server "nobody" has reported/);
  await session.close();
});

describe('the command', () => {
  const running: ChildProcess[] = [];
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  function monitor(...args: string[]) {
    const child = spawn(process.execPath, [COMMAND, 'monitor', ...args], {
      env: cleanEnvironment(dataDir),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    return child;
  }

  it('ends with what it has when interrupted', async () => {
    const watching = monitor('--duration', '600', '--metrics', 'memory', '--json');
    await expect.poll(refusal, { timeout: 15_000 }).toMatch(/run already/);
    watching.kill('SIGINT');
    const [out] = await Promise.all([text(watching.stdout), once(watching, 'exit')]);
    expect(watching.exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ cancelled: true, columns: ['time', 'memoryMb', 'memoryPercent'] });
  });

  it('prints figures for a person, and says what was wrong', async () => {
    const printed = await text(monitor('--server', 'shop', '--duration', '1', '--metrics', 'throughput').stdout);
    expect(printed).toMatch(/^\S+ UTC to \S+ UTC, 1\.0 s: \d+ calls, \d+ failed\n\nFIGURE +NEWEST/);
    const wrong = monitor('--server', 'nobody');
    const [said] = await Promise.all([text(wrong.stderr), once(wrong, 'exit')]);
    expect(wrong.exitCode).toBe(1);
    expect(said).toContain('No server "nobody" has reported');
  });
});
