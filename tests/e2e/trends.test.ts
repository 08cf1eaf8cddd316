/** `mcp-vitals trends` and its twins against a built collector, whose analyses run in the built thread. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../packages/collector/src/clock.ts';
import { configSchema } from '../../packages/collector/src/config/schema.ts';
import { DAY_MS, HOUR_MS } from '../../packages/collector/src/model/rollup.ts';
import { openSqliteStore } from '../../packages/collector/src/store/sqlite/sqliteStore.ts';
import { fillWeeks } from '../../packages/collector/src/testing/weeksOfCalls.ts';
import { runCommand } from '../setup/support/runCommand.ts';
import { type Collector, startCollector, temporaryDataDir } from './support/collector.ts';

let dataDir: string;
let remove: () => void;
let collector: Collector;

beforeAll(async () => {
  ({ dataDir, remove } = temporaryDataDir());
  const config = configSchema.parse({ dataDir });
  const store = await openSqliteStore({ dataDir, config, clock: systemClock, ballastBytes: 0 });
  const toMs = Math.floor(systemClock.nowMs() / HOUR_MS) * HOUR_MS;
  // So many calls that the p95 of an hour is sure: at which hour of the week it is now decides nothing.
  await fillWeeks(store, {
    tools: [{ server: 'shop', tool: 'search', callsPerHour: 400, medianMs: (day) => 80 + 4 * day }],
    fromMs: toMs - 20 * DAY_MS,
    toMs,
    memoryPercent: { shop: (day) => 40 + 1.5 * day },
  });
  await store.close();
  collector = await startCollector(dataDir);
}, 60_000);
afterAll(async () => {
  await collector.stop();
  remove();
});

const run = (...args: string[]) => runCommand(dataDir, ['trends', ...args], { MCP_VITALS_DATA: dataDir });

describe('mcp-vitals trends', () => {
  it('says when the p95 of a tool reaches a limit', async () => {
    const { stdout, stderr, code } = await run('--server', 'shop', '--tool', 'search', '--limit', '420');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/search of shop: p95 reaches 420 ms (between|after|about) /);
    expect(stdout).toMatch(/^SUBJECT +METRIC +MEDIAN +LATEST/m);
  });

  it('answers a program as the JSON API does', async () => {
    const { stdout, code } = await run('--metrics', 'memory', '--horizon', '60', '--json');
    expect(code).toBe(0);
    const args = { period: 'month', metrics: ['memory'], horizonDays: 60 };
    expect(JSON.parse(stdout)).toEqual(await collector.tool('analyze_performance_trends', args));
  });

  it('writes a report into a file, whose name says the format', async () => {
    const { stdout, code } = await run('--report', 'trends.html');
    expect({ stdout, code }).toEqual({ stdout: 'Written to trends.html\n', code: 0 });
    expect(readFileSync(join(dataDir, 'trends.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<svg /);
  });

  it.each([
    [['--server', 'nobody'], /No server "nobody" has reported/],
    [['--tool', 'search'], /Give the server as well/],
    [['--report', 'trends.pdf'], /End it with \.md, \.html or \.json/],
    [['--horizon', '500'], /horizonDays/],
    [['--limit', 'many'], /not a number/],
  ])('refuses %j with what to do', async (args, message) => {
    const { stderr, code } = await run(...args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
