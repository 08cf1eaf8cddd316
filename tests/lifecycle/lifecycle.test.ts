/**
 * Every kind of server, every way to end, every state of the collector: a monitored server ends as its twin without monitoring
 * does, with the same bytes, and every finished call is recorded once. Real processes throughout.
 *
 * `npm run test:full` runs all cells. `npm test` runs those of each kind and ending with one state of the collector: a Latin
 * square, so each kind and each ending meets each state; `MCP_VITALS_TEST_SEED` chooses which one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { BatchCollector } from '../sdk-compat/src/batchCollector.ts';
import { COLLECTOR_STATES, type CollectorState, type CollectorStateName } from './support/collectorStates.ts';
import { recordedCalls } from './support/recorded.ts';
import { Scraper } from './support/scraper.ts';
import { type Ending, KINDS, type KindName, RunningServer } from './support/serverKinds.ts';

/** Each begins the end. */
const ENDINGS = {
  'end of stdin': (server) => server.endStdin(),
  SIGTERM: (server) => server.signal('SIGTERM'),
  SIGINT: (server) => server.signal('SIGINT'),
  'process.exit in a handler': (server) => void server.callTool('exit'),
  'an uncaught exception': (server) => void server.callTool('crash'),
  SIGKILL: (server) => server.signal('SIGKILL'),
} as const satisfies Record<string, (server: RunningServer) => void>;

type EndingName = keyof typeof ENDINGS;

interface Run extends Ending {
  /** From the beginning of the end to the end of the process. */
  endMs: number;
  pid: number;
}

interface Cell {
  kind: KindName;
  ending: EndingName;
  state: CollectorStateName;
  /** Whether the process serves metrics, and somebody scrapes them over a connection that stays open. */
  isScraped?: boolean;
}

/** How much later than its twin a monitored server may end. */
const ALLOWED_MS = 200;
/** Other processes on the machine make runs longer, never shorter: what counts is the shortest of up to as many. */
const MAX_RUNS = 5;
/** What was measured longer ago than this has been sent, if the collector was there. */
const UNSENT_MS = 2_000;

let dataDir: string;
let collector: BatchCollector;
let env: Record<string, string>;
let scraper: Scraper;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-lifecycle-'));
  collector = new BatchCollector();
  scraper = await Scraper.onFreePort();
  env = { HOME: dataDir, MCP_VITALS_DATA: dataDir, MCP_VITALS_URL: await collector.listen() };
});

afterEach(async () => {
  await collector.close();
  scraper.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function run({ kind, ending, state, isScraped }: Cell, monitored: boolean): Promise<Run> {
  const serving = monitored && isScraped === true;
  const serverEnv = serving ? { ...env, MCP_VITALS_PROMETHEUS_PORT: String(scraper.port) } : env;
  const server = new RunningServer(kind, monitored, serverEnv);
  await server.initialize();
  await server.callTool('answer');
  await server.callTool('fail');
  await server.callTool('answer');
  if (monitored && ending === 'SIGKILL' && state === 'up') await expectSoon({ answer: 2, fail: 1 });
  if (serving) await expectScraped();
  const { beforeEnd }: CollectorState = COLLECTOR_STATES[state];
  if (monitored) await beforeEnd?.(collector);
  const pid = await server.pid;
  const beganAt = performance.now();
  ENDINGS[ending](server);
  const end = await server.ending();
  return { ...end, pid, endMs: performance.now() - beganAt };
}

async function expectScraped(): Promise<void> {
  await expect.poll(() => scraper.calls(), { timeout: 5_000, interval: 20 }).toEqual({ success: 2, error: 1 });
  expect(scraper.connections).toBe(1);
}

async function expectSoon(calls: Record<string, number>): Promise<void> {
  await expect.poll(() => recordedCalls(collector, dataDir), { timeout: UNSENT_MS, interval: 20 }).toEqual(calls);
}

/** A crash comes after the answer; a call that ends the process never finishes. */
const FINISHED: Readonly<Record<EndingName, Record<string, number>>> = {
  'end of stdin': { answer: 2, fail: 1 },
  SIGTERM: { answer: 2, fail: 1 },
  SIGINT: { answer: 2, fail: 1 },
  'process.exit in a handler': { answer: 2, fail: 1 },
  'an uncaught exception': { answer: 2, fail: 1, crash: 1 },
  SIGKILL: { answer: 2, fail: 1 },
};

async function expectRecorded({ kind, ending, state }: Cell): Promise<void> {
  if (state === 'lies') return;
  const { exit, ...calls } = await recordedCalls(collector, dataDir);
  // It sees from outside that a call was cut off, and counts it as one that failed.
  expect(exit).toBe(kind === 'proxy' && ending === 'process.exit in a handler' ? 1 : undefined);
  if (ending !== 'SIGKILL' || state === 'up') expect(calls).toEqual(FINISHED[ending]);
  else for (const [name, count] of Object.entries(calls)) expect(count).toBeLessThanOrEqual(FINISHED[ending][name]!);
}

function isRunning(pid: number): boolean {
  // What has ended and was not waited for is no process any more, wherever the parent of orphans leaves it.
  if (existsSync('/proc/self/stat')) return existsSync(`/proc/${pid}/exe`);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function checkCell(cell: Cell): Promise<void> {
  const state: CollectorState = COLLECTOR_STATES[cell.state];
  const bareTimes: number[] = [];
  const monitoredTimes: number[] = [];
  for (let runs = 0; runs < MAX_RUNS; runs += 1) {
    const bare = await run(cell, false);
    await state.prepare?.(collector);
    const monitored = await run(cell, true);
    const { endMs: bareMs, pid: _, ...bareEnding } = bare;
    const { endMs, pid, ...ending } = monitored;
    expect(ending).toEqual(bareEnding);
    await expectRecorded(cell);
    await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
    bareTimes.push(bareMs);
    monitoredTimes.push(endMs);
    if (Math.min(...monitoredTimes) - Math.min(...bareTimes) <= ALLOWED_MS) return;
    await startAnew();
  }
  expect.fail(`ends after ${monitoredTimes.map(Math.round)} ms; without monitoring after ${bareTimes.map(Math.round)}`);
}

async function startAnew(): Promise<void> {
  const port = new URL(env.MCP_VITALS_URL!).port;
  await collector.close();
  collector = new BatchCollector();
  await collector.listen(Number(port));
}

const kinds = Object.keys(KINDS) as KindName[];
const endings = Object.keys(ENDINGS) as EndingName[];
const states = Object.keys(COLLECTOR_STATES) as CollectorStateName[];
const seed = Number(process.env.MCP_VITALS_TEST_SEED ?? Math.floor(Math.random() * states.length));
const isInSquare = ({ kind, ending, state }: Cell) =>
  (kinds.indexOf(kind) + endings.indexOf(ending) + seed) % states.length === states.indexOf(state);
const all = kinds.flatMap((kind) =>
  endings.flatMap((ending) => states.map((state): Cell => ({ kind, ending, state }))),
);
const cells = inject('thoroughness') > 1 ? all : all.filter(isInSquare);

describe.each(kinds)('%s', (kind) => {
  it.each(cells.filter((cell) => cell.kind === kind))('$ending, collector $state', checkCell);
});

describe('while it is scraped, without a collector', () => {
  const isUsual = ({ kind, ending }: Cell) => kind === 'SDK v1 on stdio' && ending === 'end of stdin';
  const scraped = all
    .filter((cell) => cell.state === 'down' && (cells.includes(cell) || isUsual(cell)))
    .map((cell): Cell => ({ ...cell, isScraped: true }));
  it.each(scraped)('$kind: $ending', checkCell);
});
