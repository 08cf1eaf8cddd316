/** `mcp-vitals top` in a real terminal, before a real collector. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { columnsOf } from '../../packages/collector/src/cli/terminal/width.ts';
import { runCommand } from '../setup/support/runCommand.ts';
import { hasNoPython } from '../wrap/support/python.ts';
import { encodedBatch } from './support/batches.ts';
import { type Collector, startCollector, temporaryDataDir } from './support/collector.ts';
import { TestTerminal } from './support/terminal.ts';

const HOSTILE = 'evil\x1b]0;owned\x07\x1b[31m\u009b31m\u202e日本語🎉\nline';
const ENTERED = '\x1b[?1049h';
const LEFT = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const COLOUR = '\x1b[31m';

let dataDir: string;
let remove: () => void;
let collector: Collector;
let terminal: TestTerminal | undefined;

const fill = async () => {
  await collector.post(encodedBatch({ server: 'alpha', tools: 3, samplesPerWindow: 40 }));
  await collector.post(encodedBatch({ server: 'zulu', tools: 2, samplesPerWindow: 100, failures: 50, factor: 100 }));
  await collector.post(encodedBatch({ server: HOSTILE }));
};

beforeAll(async () => {
  ({ dataDir, remove } = temporaryDataDir());
  collector = await startCollector(dataDir);
  await fill();
});
afterEach(() => {
  terminal?.kill();
  terminal = undefined;
});
afterAll(async () => {
  await collector.stop();
  remove();
});

function open(args: string[] = [], options: { columns?: number; rows?: number; env?: object } = {}): TestTerminal {
  terminal = new TestTerminal(dataDir, ['top', '--interval', '0.2', ...args], { columns: 80, rows: 24, ...options });
  return terminal;
}

function expectToFit(top: TestTerminal, columns: number, rows: number): void {
  expect(top.lines.length).toBeLessThanOrEqual(rows);
  expect(top.lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
}

describe.skipIf(hasNoPython)('mcp-vitals top', () => {
  it('shows servers, the worst first, and what fires', async () => {
    const top = open();
    await top.shows(/alpha[\s\S]*\nq quit.*$/);
    expectToFit(top, 80, 24);
    expect(top.lines[0]).toMatch(/^● critical {3}3 servers · .* UTC$/);
    expect(top.lines[3]).toMatch(/^ {2}SERVER +HEALTH +CALLS\/MIN +ERRORS +P95 +ALERTS +LAST HOUR$/);
    expect(top.lines[4]).toMatch(/^▸ zulu +\d+ critical +[\d.]+ +50\.0 % +[\d.]+ s +\d/);
    expect(top.screen).toMatch(/^ {2}critical tool_0 of zulu/m);
    expect(top.lines[23]).toMatch(/^q quit {2}s sort/);
    // Nothing of a name is obeyed.
    for (const forbidden of ['\x1b]', '\u009b', '\u202e', '\x07']) expect(top.output).not.toContain(forbidden);
    expect(top.output).toContain(COLOUR);
  });

  it('sorts, filters and looks into a server by keys', async () => {
    const top = open();
    await top.shows(/worst health first/);
    top.send({ type: '5' });
    await top.shows(/by name\b[\s\S]*▸ alpha/);
    top.send({ type: 'r' });
    await top.shows(/by name, backwards[\s\S]*▸ zulu/);
    top.send({ type: 's' });
    await top.shows(/worst health first/);
    top.send({ type: '/alp\r' });
    await top.shows(/matching "alp"[\s\S]*▸ alpha/);
    top.send({ type: '\r' });
    await top.shows(/Tools of alpha[\s\S]*▸ tool_\d/);
    top.send({ type: 'j' });
    await top.shows(/^ {2}tool_\d.*\n▸ tool_\d/m);
    top.send({ type: '\x1b' });
    await top.shows(/Servers, worst/);
    top.send({ type: 't' });
    await top.shows(/Tools, most time first[\s\S]*zulu/);
    top.send({ type: '\x1b[B' });
    await top.shows(/^ {2}tool_\d.*\n▸ tool_\d/m);
  });

  it('fits again after the terminal was resized', async () => {
    const top = open([], { columns: 200, rows: 50 });
    await top.shows(/VERSION.*RUNNING.*LAST HOUR/);
    for (const [columns, rows] of [
      [40, 15],
      [80, 24],
      [20, 5],
    ] as const) {
      top.send({ resize: [columns, rows] });
      await top.shows(new RegExp(`^(.*\n){${rows - 1}}q quit.*$`));
      expectToFit(top, columns, rows);
    }
  });

  it.each([
    ['q', { type: 'q' }, 0],
    ['Esc', { type: '\x1b' }, 0],
    ['Ctrl-C', { type: '\x03' }, 130],
    ['SIGINT', { signal: 2 }, 130],
    ['SIGTERM', { signal: 15 }, 143],
  ] as const)('gives the terminal back after %s', async (_name, order, code) => {
    const top = open();
    await top.shows(/alpha/);
    expect(top.output).toContain(ENTERED);
    top.send(order);
    expect(await top.ended()).toEqual({ code, restored: true });
    expect(top.output.endsWith(LEFT)).toBe(true);
  });

  it('gives the terminal back for Ctrl-Z, and goes on where no shell could let it', async () => {
    const top = open();
    await top.shows(/alpha/);
    top.send({ type: '\x1a' });
    await top.writes(ENTERED, 2);
    expect(top.output.split(ENTERED)[1]!.endsWith(LEFT)).toBe(true);
    top.send({ type: 'q' });
    expect(await top.ended()).toEqual({ code: 0, restored: true });
  });

  it('ends when the terminal is gone', async () => {
    const top = open();
    await top.shows(/alpha/);
    top.send({ hangup: true });
    // Python's way to say SIGHUP.
    expect(await top.ended()).toEqual({ code: -1, restored: null });
  });

  it('keeps the last figures while the collector is gone, and goes on by itself', async () => {
    const top = open();
    await top.shows(/worst health first[\s\S]*alpha/);
    await collector.kill();
    await top.shows(/^No collector answers for .* Trying again\./m);
    expect(top.screen).toContain('alpha');
    collector = await startCollector(dataDir);
    await top.shows(/worst health first[\s\S]*alpha/);
  });

  it('has no colours with NO_COLOR', async () => {
    const top = open([], { env: { NO_COLOR: '1' } });
    await top.shows(/alpha/);
    expect(top.output.split('\x1b').filter((piece) => /^\[\d*m/.test(piece))).toEqual([]);
  });

  it('prints one table with --once and on a dumb terminal', async () => {
    for (const options of [{ args: ['--once'] }, { args: [], env: { TERM: 'dumb' } }]) {
      const top = open(options.args, options);
      expect(await top.ended()).toEqual({ code: 0, restored: true });
      expect(top.output).toMatch(/SERVER +HEALTH/);
      expect(top.output).not.toContain('\x1b[?');
    }
  });
});

describe('mcp-vitals top on a pipe', () => {
  const run = (...args: string[]) => runCommand(dataDir, ['top', ...args], { MCP_VITALS_DATA: dataDir });

  it('prints one table, without a sequence that a terminal would obey', async () => {
    for (const args of [[], ['--tools'], ['--server', 'zulu', '--sort', 'name']]) {
      const { stdout, stderr, code } = await run(...args);
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      expect(stdout).toMatch(/^● critical {3}3 servers/);
      expect(stdout).toMatch(args.length === 0 ? /^zulu .*critical/m : /^tool_1 /m);
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });

  it('refuses what makes no sense', async () => {
    expect((await run('--sort', 'luck')).code).toBe(1);
    expect((await run('--json', '--data-dir', `${dataDir}/none`)).stderr).toContain('Start one with');
  });
});
