/** `mcp-vitals bench` as its user runs it, against real servers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { COMMAND, cleanEnvironment } from '../e2e/support/collector.ts';
import { runCommand } from '../setup/support/runCommand.ts';

const TIMED = fileURLToPath(new URL('./servers/timed.mjs', import.meta.url));
const EVERYTHING = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');

let dir: string;
beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'bench-')));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const bench = (...args: string[]) => runCommand(dir, ['bench', ...args]);
const timed = (...words: (string | number)[]) => ['--', process.execPath, TIMED, ...words.map(String)];

function start(...words: string[]) {
  const child = spawn(process.execPath, [COMMAND, 'bench', ...words], { cwd: dir, env: cleanEnvironment(dir) });
  return { child, exited: once(child, 'exit') };
}

interface SavedTool {
  tool: string;
  calls: number;
  errors: number;
  p50Ms: number;
  failures: Record<string, number>;
  rounds: { sketch: string; errors: number }[];
}

function comparisonOf(stdout: string): {
  isWorse: boolean;
  tools: { metrics: { metric: string; verdict: string }[] }[];
} {
  return JSON.parse(stdout).comparison;
}

function saved(file: string): { tools: SavedTool[]; [key: string]: unknown } {
  return JSON.parse(readFileSync(join(dir, file), 'utf8'));
}

describe('a run', () => {
  it('measures what can be measured, says of the rest why not and what to do, and keeps to itself what was said', async () => {
    const files = ['--save', 'first.json', '--markdown', 'first.md'];
    const { code, stdout, stderr } = await bench('--calls', '60', ...files, '--check', ...timed(20));
    expect(code).toBe(1); // `fails` does not do its work.
    expect(stderr).toContain('mcp-vitals: --check: these do not work and were not measured: fails\n');
    const { tools, server, notMeasured } = saved('first.json');
    expect(server).toEqual({ name: 'timed', version: '1.0.0' });
    expect(tools).toEqual([expect.objectContaining({ tool: 'steady', calls: 60, errors: 0, missed: [] })]);
    expect(tools[0]!.p50Ms).toBeGreaterThanOrEqual(19);
    expect(tools[0]!.rounds).toHaveLength(12);
    expect(notMeasured).toEqual([
      expect.objectContaining({ tool: 'erase', reason: 'it says that it destroys things', isFailure: false }),
      expect.objectContaining({ tool: 'secret', isFailure: false, advice: expect.stringContaining('--script') }),
      expect.objectContaining({ tool: 'fails', isFailure: true, advice: expect.stringContaining('--script') }),
    ]);
    for (const tool of ['erase', 'secret', 'fails']) expect(stdout).toContain(`\n  ${tool}: `);
    expect(readFileSync(join(dir, 'first.md'), 'utf8')).toMatch(
      /\| Tool \| p50 \| p95 \| p99 \| Target Met \|.*\n.*\n\| steady \| [\d.]+ ms \|.* ✅ \| 60 \|/,
    );
    const everything = stdout + stderr + JSON.stringify(saved('first.json'));
    expect(everything).not.toContain('private');
  });

  it('of a script makes its calls, the destructive and the guessed ones too', async () => {
    const { stdout: printed } = await bench('--dry-run', ...timed(1));
    expect(JSON.parse(printed)).toEqual([
      { tool: 'steady', arguments: { id: 7 } },
      { tool: 'fails', arguments: {} },
    ]);
    const calls = [
      { tool: 'secret', arguments: { word: 'open sesame' }, times: 5 },
      { tool: 'erase', times: 3 },
      { tool: 'gone' },
    ];
    writeFileSync(join(dir, 'calls.jsonl'), calls.map((call) => JSON.stringify(call)).join('\n'));
    const { code, stdout } = await bench('--script', 'calls.jsonl', '--json', '--warmup', '1', ...timed(1));
    expect(code).toBe(0);
    const { baseline } = JSON.parse(stdout) as { baseline: { tools: SavedTool[]; notMeasured: { tool: string }[] } };
    expect(baseline.tools.map(({ tool, calls: made }) => [tool, made])).toEqual([
      ['secret', 5],
      ['erase', 3],
    ]);
    expect(baseline.notMeasured).toEqual([expect.objectContaining({ tool: 'gone', isFailure: true })]);
    expect(stdout).not.toContain('sesame');
  });

  it('says what a tool failed with when asked to, and not else', async () => {
    const { stderr } = await bench('--calls', '1', '--show-errors', ...timed(1));
    expect(stderr).toContain('mcp-vitals: fails: the private reason\n');
  });

  it('of a server that dies writes what there is, with how it ended and what it said', async () => {
    const words = ['--calls', '50', '--warmup', '1', '--tool', 'steady', '--save', 'died.json'];
    const { code, stderr } = await bench(...words, ...timed(1, 'die-after', 21));
    expect(code).toBe(2);
    expect(stderr).toContain('the server ended: exit code 3');
    expect(stderr).toContain('Error: out of memory');
    expect(saved('died.json')).toMatchObject({
      endedBecause: 'the server ended: exit code 3',
      tools: [{ calls: 21, errors: 1, failures: { connection: 1 } }],
    });
  });

  it('of a tool that hangs gives it up, and counts the time-outs as errors', async () => {
    const words = ['--calls', '50', '--warmup', '1', '--tool', 'steady', '--timeout', '0.3', '--save', 'hung.json'];
    const { code, stdout } = await bench(...words, ...timed(1, 'hang-after', 21));
    expect(code).toBe(2);
    expect(saved('hung.json').tools).toEqual([
      expect.objectContaining({ calls: 23, errors: 3, failures: { timeout: 3 } }),
    ]);
    expect(stdout).toContain('steady: not all of its calls, because it did not answer 3 times in a row');
  });

  it.each([
    [
      'ends at once',
      ['-e', 'console.error("Error: no database"); process.exit(4)'],
      'ended before it answered (exit code 4); it said: Error: no database',
    ],
    ['is not there', null, 'The server cannot be started: nowhere/server is not there'],
    ['answers nothing', ['-e', 'process.stdin.resume()'], 'The server does not answer'],
  ])('of a server that %s fails with a clear message', async (_what, args, message) => {
    const { code, stderr } = await bench(
      '--start-timeout',
      '1',
      '--',
      ...(args === null ? ['nowhere/server'] : [process.execPath, ...args]),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it('that is interrupted writes what there is', async () => {
    const words = ['--calls', '100000', '--warmup', '1', '--tool', 'steady', '--save', 'cut.json', ...timed(1)];
    const { child, exited } = start(...words);
    const [line] = (await once(child.stderr, 'data')) as [Buffer];
    expect(line.toString()).toContain('calling one tool');
    child.kill('SIGINT');
    expect((await exited)[0]).toBe(130);
    expect(saved('cut.json')).toMatchObject({ endedBecause: 'it was interrupted' });
  });

  it('that is interrupted before anything was measured leaves the earlier baseline alone', async () => {
    writeFileSync(join(dir, 'kept.json'), 'earlier');
    const words = ['--calls', '10', '--warmup', '100000', '--tool', 'steady', '--save', 'kept.json', ...timed(1)];
    const { child, exited } = start(...words);
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect((await exited)[0]).toBe(130);
    expect(readFileSync(join(dir, 'kept.json'), 'utf8')).toBe('earlier');
  });

  it('that is interrupted before the server answers ends, and leaves no server behind', async () => {
    const silent = 'require("fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 60_000)';
    const { child, exited } = start('--', process.execPath, '-e', silent);
    await expect.poll(() => existsSync(join(dir, 'pid')), { timeout: 10_000 }).toBe(true);
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(143);
    expect(() => process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), 0)).toThrow('ESRCH');
  });
});

describe('over HTTP', () => {
  it('measures as well, with headers', async () => {
    const server = spawn(process.execPath, [TIMED, '10', 'http']);
    onTestFinished(() => void server.kill());
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const url = ['--url', line.toString().trim()];
    const words = ['--calls', '30', '--tool', 'steady', '--concurrency', '5', '--json'];
    const { code, stdout } = await bench(...words, ...url, '--header', 'x-key: sesame');
    expect(code).toBe(0);
    const { baseline } = JSON.parse(stdout) as { baseline: { tools: SavedTool[]; environment: object } };
    expect(baseline.tools).toEqual([expect.objectContaining({ tool: 'steady', calls: 30, errors: 0 })]);
    expect(baseline.environment).toMatchObject({ transport: 'http' });
    const refused = await bench(...words, ...url);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('The server cannot be used')]);
    server.kill();
    await once(server, 'exit');
    const nobody = await bench(...url);
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED 127.0.0.1')]);
    expect(nobody.stderr).not.toContain('COMMAND');
  });
});

describe('in an open loop', () => {
  it('counts what waits for its turn, and says at which rate', async () => {
    const slots = fileURLToPath(new URL('./servers/slots.mjs', import.meta.url));
    const words = [
      '--calls',
      '120',
      '--warmup',
      '1',
      '--rate',
      '100',
      '--json',
      '--',
      process.execPath,
      slots,
      '1',
      '20',
    ];
    const { code, stdout } = await bench(...words);
    expect(code).toBe(0);
    const { baseline } = JSON.parse(stdout) as { baseline: { tools: SavedTool[]; load: object } };
    expect(baseline.load).toMatchObject({ perSecond: 100 });
    // Twice what it can do: half of the calls wait for more than half a second. One at a time, each would take 20 ms.
    expect(baseline.tools[0]!.calls).toBe(120);
    expect(baseline.tools[0]!.p50Ms).toBeGreaterThan(400);
  });
});

describe('against another version, call by call in turn', () => {
  it('the same is not worse, whatever else the machine does; a slower one is', async () => {
    const other = join(dir, 'other');
    mkdirSync(other);
    // The same words start another server there.
    writeFileSync(join(dir, 'version.mjs'), `process.argv.splice(2, 0, '60'); await import(${JSON.stringify(TIMED)});`);
    writeFileSync(
      join(other, 'version.mjs'),
      `process.argv.splice(2, 0, '20'); await import(${JSON.stringify(TIMED)});`,
    );
    const words = ['--calls', '60', '--tool', 'steady', '--concurrency', '8', '--against'];
    const slower = await bench(...words, other, '--', process.execPath, 'version.mjs');
    expect([slower.code, slower.stdout]).toEqual([1, expect.stringMatching(/steady +p50 .* slower .* sure/)]);
    const same = await bench(...words, dir, '--', process.execPath, 'version.mjs');
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('Not worse than before')]);
    const nowhere = await bench(...words, 'nowhere', '--', process.execPath, 'version.mjs');
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('no such directory')]);
  });
});

describe('compared with an earlier run', () => {
  it('the same server is not worse, one that waits longer is, and the exit code says so', async () => {
    // Beyond what a machine that runs other tests does to the usual call; to the slowest it does anything.
    const words = ['--calls', '60', '--tool', 'steady', '--concurrency', '4', '--tolerance', '100'];
    await bench(...words, '--save', 'before.json', ...timed(20));
    const second = await bench(...words, '--compare', 'before.json', '--json', ...timed(20));
    const [p50] = comparisonOf(second.stdout).tools[0]!.metrics;
    expect(p50).toMatchObject({ metric: 'p50', verdict: 'same' });
    const same = await bench('--compare', 'before.json', '--with', 'before.json', '--tolerance', '100');
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('Not worse than before')]);
    const slower = await bench(...words, '--compare', 'before.json', '--save', 'after.json', ...timed(200));
    expect(slower.code).toBe(1);
    expect(slower.stdout).toMatch(/steady +p50 .* \d+\.\d % slower \(\d+\.\d to \d+\.\d %\), .*99\.\d* % sure/);
    expect(slower.stdout).toMatch(/\nWorse than before\.\n$/);

    const again = await bench('--compare', 'before.json', '--with', 'after.json', '--json');
    expect([again.code, comparisonOf(again.stdout).isWorse]).toEqual([1, true]);
    const back = await bench('--compare', 'after.json', '--with', 'before.json');
    expect([back.code, back.stdout]).toEqual([0, expect.stringContaining('in part better')]);
  });

  it('what is no baseline is said to be none', async () => {
    writeFileSync(join(dir, 'none.json'), '{}');
    const { code, stderr } = await bench('--compare', 'none.json', ...timed(1));
    expect([code, stderr]).toEqual([1, expect.stringContaining('no baseline that this version can read')]);
  });
});

it('a server of strangers: arguments are made for most of its tools', async () => {
  const { stdout } = await bench(
    '--calls',
    '5',
    '--tool',
    'get-*',
    '--tool',
    'echo',
    '--json',
    '--',
    process.execPath,
    EVERYTHING,
  );
  const { baseline } = JSON.parse(stdout) as { baseline: { tools: SavedTool[] } };
  expect(baseline.tools.map(({ tool, errors }) => [tool, errors])).toContainEqual(['get-sum', 0]);
  expect(baseline.tools.length).toBeGreaterThanOrEqual(8);
});
