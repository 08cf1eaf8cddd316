/** `mcp-vitals audit`, asked of a collector that runs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { printed } from '../testing/printed.ts';
import { startTestCollector, type TestCollector } from '../testing/testCollector.ts';
import { describeAudit } from './auditReport.ts';
import { createProgram } from './program.ts';

const HOSTILE = 'shop\u001b[2J\u202e';

let collector: TestCollector;
beforeAll(async () => {
  collector = await startTestCollector();
  const change = async (method: string, path: string, body: object) =>
    expect((await collector.ask(`/api/v1/${path}`, { method, scope: 'admin', body })).status).toBeLessThan(300);
  await change('POST', 'silences', { server: HOSTILE, tool: 'order', minutes: 5, by: 'ann' });
  await change('POST', 'silences', { server: 'team-a::shop', minutes: 6, by: 'ann' });
  await change('PUT', 'objectives/most', { server: 'shop', objectivePercent: 99 });
});
afterAll(() => collector.stop());

async function run(...words: string[]): Promise<string> {
  const line = ['audit', '--data-dir', collector.dataDir, ...words];
  return printed(async () => void (await (await createProgram(line)).parseAsync(line, { from: 'user' })));
}

it('prints who changed what, newest first, and nothing that a terminal would obey', async () => {
  const [head, objective, other, silence] = (await run()).split('\n');
  expect(head).toMatch(/^TIME +ACTION +SUBJECT +BY +WHAT$/);
  expect(objective).toMatch(/Z {2}objective\.set +shop +admin \w+.* 99 % of calls/);
  expect(other).toContain('team-a::shop');
  expect(silence).toMatch(/silence\.added +order of shop\S+ +admin .*Nothing is sent for 5 minutes/);
  for (const obeyed of ['\u001b', '\u202e']) expect(silence).not.toContain(obeyed);
});

it('answers programs, by action, server, workspace, number and time', async () => {
  const summaries = async (...words: string[]) =>
    (JSON.parse(await run(...words, '--json')) as { entries: { summary: string }[] }).entries.map((entry) =>
      entry.summary.replaceAll(/\D/g, ''),
    );
  expect(await summaries('--action', 'silence.added')).toEqual(['6', '5']);
  expect(await summaries('--server', 'shop')).toHaveLength(1);
  expect(await summaries('--workspace', 'team-a')).toEqual(['6']);
  expect(await summaries('--limit', '2')).toHaveLength(2);
  expect(await summaries('--since', '2026-01-01', '--until', '2026-01-02')).toEqual([]);
  expect(JSON.parse(await run('--limit', '2', '--json'))).toMatchObject({ hasMore: true });
  expect(JSON.parse(await run('--limit', '3', '--json'))).toMatchObject({ hasMore: false });
});

it('says when there are more, and when there is nothing', async () => {
  expect(await run('--limit', '1')).toMatch(/\nThere are older ones/);
  expect(await run('--server', 'nobody')).toBe('Nobody changed anything in this time.');
});

it('fits into a narrow terminal', async () => {
  const answer = JSON.parse(await run('--json'));
  const lines = describeAudit(answer, { available: 60, paint: (_style, text) => text }).split('\n');
  expect(lines[0]).toMatch(/^TIME +ACTION +WHAT$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});

it('refuses what it does not understand', async () => {
  await expect(run('--since', 'yesterday')).rejects.toMatchObject({ code: 'invalid' });
  await expect(run('--since', '2026-13-45')).rejects.toMatchObject({ code: 'invalid' });
});
