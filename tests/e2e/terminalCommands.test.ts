/** What the commands that look at things print: for programs what the API answers, for a person a table. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { columnsOf } from '../../packages/collector/src/cli/terminal/width.ts';
import { runCommand } from '../setup/support/runCommand.ts';
import { hasNoPython } from '../wrap/support/python.ts';
import { encodedBatch } from './support/batches.ts';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from './support/collector.ts';
import { TestTerminal } from './support/terminal.ts';

/** Not to be obeyed: a control of eight bits, which JSON lets pass, and an override. */
const HOSTILE = 'evil\u009b31m\u202e日本語';

let dataDir: string;
let remove: () => void;
let collector: Collector;
let terminal: TestTerminal | undefined;

beforeAll(async () => {
  ({ dataDir, remove } = temporaryDataDir());
  collector = await startCollector(dataDir);
  await collector.post(encodedBatch({ server: 'shop', tools: 3, samplesPerWindow: 40, failures: 20 }));
  await collector.post(encodedBatch({ server: HOSTILE, tools: 2, factor: 100 }));
});
afterEach(() => {
  terminal?.kill();
  terminal = undefined;
});
afterAll(async () => {
  await collector.stop();
  remove();
});

const run = (...args: string[]) => runCommand(dataDir, args, { MCP_VITALS_DATA: dataDir });

async function json(...args: string[]): Promise<unknown> {
  const { stdout, stderr, code } = await run(...args, '--json');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  return JSON.parse(stdout);
}

async function api(path: string): Promise<unknown> {
  const answer = await fetch(`${collector.url}${path}`, {
    headers: { authorization: `Bearer ${tokenOf(dataDir, 'read')}` },
  });
  return answer.json();
}

describe('--json', () => {
  it.each([
    [['alerts'], '/api/v1/alerts'],
    [['alerts', 'list', '--status', 'all', '--severity', 'critical'], '/api/v1/alerts?status=all&severity=critical'],
    [['alerts', 'silences'], '/api/v1/silences'],
    [['alerts', 'quality'], '/api/v1/alert-quality'],
    [['alerts', 'propose'], '/api/v1/threshold-proposals'],
    [['alerts', 'objectives'], '/api/v1/objectives'],
    [['top', '--tools'], '/api/v1/tools?limit=1000'],
    [['top', '--server', 'shop'], '/api/v1/tools?server=shop'],
  ])('of %j is what %s answers', async (args, path) => {
    expect(await json(...args)).toEqual(await api(path));
  });

  it('of top is the overview', async () => {
    const [{ at, ...told }, { at: _, ...asked }] = [await json('top'), await api('/api/v1/overview')] as [
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    expect(at).toMatch(/^\d{4}-/);
    expect(told.totals).toEqual(asked.totals);
    expect((told.servers as { name: string }[]).map(({ name }) => name)).toEqual(
      (asked.servers as { name: string }[]).map(({ name }) => name),
    );
  });

  it('of query is what get_metrics answers', async () => {
    const [from, to] = [Date.now() - 7_200_000, Date.now()].map((atMs) => new Date(atMs).toISOString());
    const args = ['--from', from!, '--to', to!, '--aggregation', 'p95', '--server', 'shop', '--group-by', 'hour'];
    const asked = { startTime: from, endTime: to, aggregation: 'p95', mcpServer: 'shop', groupBy: 'hour' };
    expect(await json('query', ...args)).toEqual(await collector.tool('get_metrics', asked));
  });

  it('is there for what changes something', async () => {
    const silence = (await json('alerts', 'silence', 'shop', '--minutes', '5')) as { silenceId: string };
    expect(silence).toMatchObject({ server: 'shop', tool: '*' });
    expect(await json('alerts', 'unsilence', silence.silenceId)).toEqual({ ended: true });
    const { alerts } = (await json('alerts')) as { alerts: { alertId: string }[] };
    const [{ alertId }] = alerts as [{ alertId: string }];
    expect(await json('alerts', 'mark', alertId, 'useful')).toEqual({ alertId, feedback: 'useful' });
    expect(await json('alerts', 'acknowledge', alertId)).toMatchObject({ success: true, alert: { alertId } });
    expect((await run('alerts')).stdout).toMatch(new RegExp(`acknowledged by .* ${alertId}$`, 'm'));
  });
});

describe('on a pipe', () => {
  it('query prints columns, and nothing that a terminal would obey', async () => {
    const { stdout } = await run('query', '--aggregation', 'count');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('timestamp\tserver\ttool\tcount\tcalls');
    expect(lines.slice(1, -1).map((line) => line.split('\t').length)).toEqual([5, 5, 5, 5, 5]);
    expect(lines.at(-1)).toMatch(/^# 140 calls, /);
    expect(stdout).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
  });

  it('says what makes no sense', async () => {
    expect((await run('query', '--last', 'long')).stderr).toContain('E.g. 30m, 24h or 7d');
    expect((await run('query', '--to', 'soon')).stderr).toContain('not a time');
    expect((await run('query', '--from', '2026-01-02', '--to', '2026-01-01')).stderr).toContain('is after endTime');
    expect((await run('query', '--aggregation', 'median')).stderr).toContain('Allowed choices are');
    expect((await run('alerts', 'lsit')).code).toBe(1);
    expect((await run('query', '--last', '1m', '--server', 'nobody')).stdout).toContain('# No calls in this time.');
  });
});

describe.skipIf(hasNoPython)('in a terminal', () => {
  function open(...args: string[]): TestTerminal {
    terminal = new TestTerminal(dataDir, args, { columns: 80, rows: 24 });
    return terminal;
  }

  it.each([
    [['query'], /^TOOL +SERVER +CALLS +AVG/],
    [['query', '--group-by', 'hour', '--aggregation', 'p95'], /^TOOL +SERVER +CALLS +NEWEST +GREATEST +P95 BY HOUR/],
    [['alerts'], /^SEVERITY +SUBJECT +CONDITION +VALUE +STATUS +ID/],
  ])('%j is a table in colours, as wide as there is room', async (args, title) => {
    const shown = open(...args);
    expect(await shown.ended()).toMatchObject({ code: 0 });
    expect(shown.output).toContain('\x1b[2m');
    const lines = stripVTControlCharacters(shown.output).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(title);
    expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([]);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('an import draws a line on stderr and takes it away, and an export does', async () => {
    const tree = join(dataDir, 'tree');
    const copy = join(dataDir, 'copy');
    for (const args of [
      ['export', '--out', tree],
      ['import', tree, '--data-dir', copy],
    ]) {
      const shown = open(...args);
      expect(await shown.ended()).toMatchObject({ code: 0 });
      // The line that says what was done stands by itself.
      expect(shown.output.split('\x1b[K').at(-1)).toMatch(/^(Exported|Imported) .*\r\n$/);
      terminal = undefined;
    }
    rmSync(copy, { recursive: true });
    const { stdout, stderr } = await run('import', tree, '--data-dir', copy);
    expect({ stderr, lines: stdout.split('\n').length }).toEqual({ stderr: '', lines: 2 });
  });
});
