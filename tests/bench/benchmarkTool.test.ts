/** The tool `benchmark_tool` against real servers, through a real collector: what may be called, what comes out, what ends it. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { BenchmarkReport } from '../../packages/collector/src/model/benchmark.ts';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from '../e2e/support/collector.ts';
import { runCommand } from '../setup/support/runCommand.ts';

const server = (name: string) => fileURLToPath(new URL(`./servers/${name}.mjs`, import.meta.url));
const ownServer = (name: string, ...words: string[]) => ({ command: process.execPath, args: [server(name), ...words] });
/** Found among the processes of this machine by it. */
const MARK = `mark-${process.pid}`;

const TARGETS = {
  slots: { ...ownServer('slots', '4', '20', MARK), tools: ['serve'] },
  crowded: { ...ownServer('slots', '4', '20', 'fail-above', '4', MARK), tools: ['serve'] },
  timed: {
    ...ownServer('timed', '5', MARK),
    tools: ['steady', 'fails', 'erase', 'secret', 'gone', 'quiet'],
    allowDestructive: ['erase', 'secret'],
    arguments: { secret: { word: 'open sesame' } },
  },
  strict: { ...ownServer('timed', '5', MARK), tools: ['erase'] },
  dying: { ...ownServer('timed', '2', 'die-after', '40', MARK), tools: ['steady'] },
  hanging: { ...ownServer('timed', '2', 'hang-after', '40', MARK), tools: ['steady'], timeoutSeconds: 0.2 },
  mute: { ...ownServer('timed', '2', 'hang-after', '0', MARK), tools: ['steady'], timeoutSeconds: 0.2 },
  absent: { command: 'nowhere/server', tools: ['steady'] },
  broken: {
    command: process.execPath,
    args: ['-e', 'console.error("Error: no database"); process.exit(4)'],
    tools: ['steady'],
  },
};

const { dataDir, remove } = temporaryDataDir();
let collector: Collector;
beforeAll(async () => {
  const set = [`benchmarks.targets=${JSON.stringify(TARGETS)}`, 'benchmarks.minDurationSeconds=1'];
  collector = await startCollector(
    dataDir,
    set.flatMap((each) => ['--set', each]),
  );
});
afterAll(async () => {
  await collector.stop();
  remove();
});

interface ToolResult {
  isError?: boolean;
  content: { text: string }[];
  structuredContent: BenchmarkReport & { report?: string };
}

const SHORT = { durationSeconds: 1, warmUpSeconds: 0.2, iterations: 4 };

async function askedBy(scope: 'read' | 'admin', args: object): Promise<ToolResult & { text: string }> {
  const response = await fetch(`${collector.url}/api/v1/tools/benchmark_tool`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(dataDir, scope)}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const result = (await response.json()) as ToolResult;
  return { ...result, text: result.content[0]!.text };
}

const benchmark = (target: string, tool: string, more: object = {}) =>
  askedBy('admin', { target, tool, ...SHORT, ...more });

function runningServers(): string[] {
  const processes = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return processes.filter(
    (line) => /(slots|timed)\.mjs/.test(line) && line.includes(MARK) && !line.includes(' serve '),
  );
}

describe('a benchmark', () => {
  it('says how long calls took, how many there were, and what the server used; and is kept to compare with', async () => {
    const first = await benchmark('slots', 'serve', { saveBaseline: 'v1', report: true });
    const { figures, iterations, resources, callers, savedAs, report, ...rest } = first.structuredContent;
    expect(rest).toMatchObject({
      target: 'slots',
      tool: 'serve',
      mode: 'closed',
      profile: 'normal',
      endedBecause: null,
    });
    expect([callers, savedAs, rest.comparison]).toEqual([4, 'v1', null]);
    expect(figures!.errors).toBe(0);
    expect(figures!.calls).toBe(iterations.reduce((sum, { calls }) => sum + calls, 0));
    const [p50, , , , p999] = figures!.durations;
    expect(p50!.ms).toBeGreaterThanOrEqual(19);
    expect(p50!.lowMs).toBeLessThanOrEqual(p50!.ms!);
    // Two hundred calls cannot tell a p99.9, and are not made to.
    expect(p999).toMatchObject({ name: 'p99.9', ms: null });
    expect(p999!.callsNeeded).toBeGreaterThanOrEqual(3_838);
    expect(iterations).toHaveLength(4);
    if (process.platform === 'linux') expect(resources).toMatchObject({ source: 'process' });
    expect(report).toContain('| p99.9 | - | takes about');

    const second = await benchmark('slots', 'serve');
    expect(second.structuredContent.comparison).toMatchObject({ baseline: 'v1', isWorse: false });
    expect(second.text).toContain('Against baseline "v1" of ');
    const alone = await benchmark('slots', 'serve', { compareBaseline: false });
    expect(alone.structuredContent.comparison).toBeNull();
    const unknown = await benchmark('slots', 'serve', { compareBaseline: 'v0' });
    expect([unknown.isError, unknown.text]).toEqual([true, expect.stringContaining('no baseline of this name')]);
  });

  it('in an open loop sends what it is told, however slow the answers are', async () => {
    const load = { mode: 'open', rate: 250, durationSeconds: 2 };
    const { structuredContent } = await benchmark('slots', 'serve', load);
    const { figures, offeredPerSecond } = structuredContent;
    expect(offeredPerSecond).toBe(250);
    // Every call that was meant to start did, and waits for its turn: a closed loop would show 20 ms.
    expect(figures!.calls).toBe(500);
    expect(figures!.perSecond).toBeLessThan(215);
    expect(figures!.durations[0]!.ms).toBeGreaterThan(60);
  });

  it('finds where a tool saturates', async () => {
    const load = { findSaturation: true, durationSeconds: 14, warmUpSeconds: 1, loadProfile: 'heavy' };
    const { structuredContent, text } = await benchmark('slots', 'serve', load);
    // Four slots of 20 ms: 200 calls a second.
    expect(structuredContent.saturation!.perSecond!).toBeGreaterThan(150);
    expect(structuredContent.saturation!.perSecond!).toBeLessThan(230);
    expect(text).toMatch(/Saturates at \d+ calls\/s \(\d+ to \d+\): beyond, /);
  });

  it('stops by itself when errors rise, and says why', async () => {
    const load = { concurrency: 12, durationSeconds: 60 };
    const { structuredContent, text } = await benchmark('crowded', 'serve', { ...load, saveBaseline: 'bad' });
    expect(structuredContent.endedBecause).toMatch(/^errors rose: \d+ of the newest \d+ calls failed/);
    expect(structuredContent.savedAs).toBeNull();
    expect(text).toContain('It ended early: errors rose');
  });
});

describe('nothing is called', () => {
  it.each([
    ['an unknown target', 'nobody', 'steady', {}, 'no such target of benchmarks', 'benchmarks.targets'],
    [
      'a tool that the settings do not name',
      'slots',
      'erase',
      {},
      'do not allow benchmarks of this tool',
      'Allowed are serve',
    ],
    ['a tool that the server does not have', 'timed', 'gone', {}, 'The server has no tool of this name', 'tools/list'],
    [
      'a tool that destroys, without a word in the settings',
      'strict',
      'erase',
      { consent: 'I accept changes' },
      'may destroy something',
      'allowDestructive',
    ],
    [
      'a tool that destroys, without a word in the call',
      'timed',
      'erase',
      {},
      'may destroy something',
      'I accept changes',
    ],
    [
      'a tool that says nothing, without a word',
      'timed',
      'fails',
      {},
      'does not say that it changes nothing',
      'readOnlyHint',
    ],
    ['a duration that tells nothing', 'slots', 'serve', { durationSeconds: 0.5 }, 'durationSeconds', 'Parameters'],
    ['a rate in a closed loop', 'slots', 'serve', { rate: 5 }, 'rate is of an open loop', 'mode'],
  ])('of %s', async (_what, target, tool, more, message, hint) => {
    const { isError, text } = await benchmark(target, tool, more);
    expect([isError, text]).toEqual([true, expect.stringContaining(message)]);
    expect(text).toContain(hint);
  });

  it('by a token that may only read', async () => {
    const { text } = await askedBy('read', { target: 'slots', tool: 'serve' });
    expect(text).toContain('needs a token of scope admin');
  });
});

describe('a tool that may destroy', () => {
  it('is called with both words, and with the arguments of the settings, of which nothing is kept', async () => {
    const consent = { consent: 'I accept changes', saveBaseline: 'changes' };
    expect((await benchmark('timed', 'erase', consent)).structuredContent.figures!.errors).toBe(0);
    const { structuredContent } = await benchmark('timed', 'secret', { ...consent, concurrency: 2 });
    expect(structuredContent.figures!.calls).toBeGreaterThan(10);
    expect(JSON.stringify(structuredContent)).not.toContain('sesame');
  });
});

describe('a server', () => {
  it.each([
    ['that dies under load', 'dying', 'the server ended: exit code 3'],
    ['that stops answering', 'hanging', 'it did not answer 3 times in a row'],
  ])('%s ends it, with what was measured', async (_what, target, because) => {
    const { structuredContent, isError } = await benchmark(target, 'steady', { durationSeconds: 30, concurrency: 1 });
    expect(isError).toBeUndefined();
    expect(structuredContent.endedBecause).toBe(because);
  });

  it.each([
    ['that answers nothing from the first call on', 'mute', 'its first call was not answered in time'],
    ['that is not there', 'absent', 'cannot be started: nowhere/server is not there'],
    ['that ends at once', 'broken', 'ended before it answered (exit code 4); it said: Error: no database'],
  ])('%s is told of clearly', async (_what, target, message) => {
    const { isError, text } = await benchmark(target, 'steady');
    expect([isError, text]).toEqual([true, expect.stringContaining(message)]);
  });
});

describe('a benchmark that runs', () => {
  it('keeps others out, tells how far it is, and leaves nothing behind when its caller is gone', async () => {
    const requestInit = { headers: { authorization: `Bearer ${tokenOf(dataDir, 'admin')}` } };
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${collector.url}/mcp`), { requestInit }));
    onTestFinished(() => client.close());
    const controller = new AbortController();
    const told: { message?: string; total?: number }[] = [];
    const args = { target: 'slots', tool: 'serve', loadProfile: 'light', warmUpSeconds: 0.2, durationSeconds: 600 };
    const running = client.callTool(
      { name: 'benchmark_tool', arguments: args },
      { signal: controller.signal, onprogress: (progress) => void told.push(progress) },
    );
    const ended = expect(running).rejects.toThrow();
    await expect.poll(() => told.at(-1)?.message, { timeout: 20_000 }).toBe('iteration 1 of 10');
    expect(told.at(-1)!.total).toBeCloseTo(600.2);
    const second = await benchmark('slots', 'serve');
    expect([second.isError, second.text]).toEqual([true, expect.stringContaining('As many benchmarks run as may')]);
    expect(runningServers()).not.toEqual([]);
    controller.abort();
    await ended;
    await client.close();
    await expect.poll(runningServers, { timeout: 20_000 }).toEqual([]);
  });
});

it('from the command line is the same', async () => {
  const words = ['benchmark', 'slots', 'serve', '--duration', '1', '--warmup', '0.2', '--data-dir', dataDir];
  const { code, stdout } = await runCommand(dataDir, words);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^"serve" of "slots", which is "slots 1\.0\.0": 4 callers/),
  ]);
  const refused = await runCommand(dataDir, ['benchmark', 'slots', 'erase', '--data-dir', dataDir]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('do not allow benchmarks of this tool')]);
});
