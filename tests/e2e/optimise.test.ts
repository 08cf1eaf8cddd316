/** A server that is asked for more than it can do, a real collector, and what becomes of the policy between them. */
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import type { Plan } from '../../packages/collector/src/model/optimization/plan.ts';
import { startTestCollector } from '../../packages/collector/src/testing/testCollector.ts';
import { ServerProcess } from '../faults/sdkHarness.ts';
import { runCommand } from '../setup/support/runCommand.ts';
import { startCollector, temporaryDataDir } from './support/collector.ts';

const SERVER = fileURLToPath(new URL('./support/pooledServer.mjs', import.meta.url));
const SETTINGS = ['optimization.autoApply=true', 'optimization.minWatchSeconds=1', 'optimization.leaseSeconds=3'];
const HEARD = { timeout: 20_000, interval: 200 };
const JUDGED = { timeout: 60_000, interval: 500 };

type Finished = (end: () => Promise<void> | void) => void;

async function startPooled(dataDir: string, url: string, onFinished: Finished): Promise<ServerProcess> {
  const server = new ServerProcess(true, { MCP_VITALS_DATA: dataDir, MCP_VITALS_URL: url }, SERVER);
  onFinished(async () => void (await server.endStdin()));
  await server.initialize();
  return server;
}

interface Calling {
  tool?: string;
  perSecond: number;
  /** More are not made while so many have no answer. */
  atMost?: number;
}

/** Calls at a constant rate, whatever becomes of those before; counts those that a policy refused. */
function keepCalling(server: ServerProcess, calling: Calling, onFinished: Finished) {
  const { tool = 'search', perSecond, atMost = Number.POSITIVE_INFINITY } = calling;
  const counts = { refused: 0, underWay: 0 };
  const timer = setInterval(async () => {
    if (counts.underWay >= atMost) return;
    counts.underWay += 1;
    if ((await server.textOf(tool))?.includes('refused this call')) counts.refused += 1;
    counts.underWay -= 1;
  }, 1_000 / perSecond);
  const stop = () => clearInterval(timer);
  onFinished(stop);
  return { counts, stop };
}

it.concurrent('an overloaded server is limited, which is kept because it helps, and ends with the collector', async ({
  onTestFinished,
  expect,
}) => {
  const { dataDir, remove } = temporaryDataDir();
  onTestFinished(remove);
  const collector = await startCollector(
    dataDir,
    SETTINGS.flatMap((setting) => ['--set', setting]),
  );
  onTestFinished(() => collector.kill());
  const server = await startPooled(dataDir, collector.url, onTestFinished);
  const quiet = keepCalling(server, { perSecond: 50 }, onTestFinished);
  await expect.poll(async () => (await optimize(collector)).plans[0]?.calls, HEARD).toBeGreaterThan(100);
  expect((await optimize(collector)).plans[0]!.verdict).toBe('nothing_to_do');
  quiet.stop();

  const { counts } = keepCalling(server, { perSecond: 170 }, onTestFinished);
  // What comes in 7 seconds beyond what gets done: long enough to be seen as slow.
  const underWay = async () => (await optimize(collector)).plans[0]?.actions[0]?.evidence.underWay ?? 0;
  await expect.poll(underWay, HEARD).toBeGreaterThan(500);
  const { applied } = await optimize(collector, { autoApply: true, monitoringSeconds: 16 });
  expect(applied).toMatchObject([{ version: 1, state: 'watching' }]);
  await expect.poll(() => server.textOf('version'), HEARD).toBe('1');
  await expect.poll(() => counts.refused, HEARD).toBeGreaterThan(10);

  const list = async () =>
    JSON.parse((await runCommand(dataDir, ['optimize', '--list', '--json'], { MCP_VITALS_DATA: dataDir })).stdout);
  await expect.poll(async () => (await list()).history[0].state, JUDGED).toBe('kept');

  await collector.kill();
  await expect.poll(() => server.textOf('version'), HEARD).toBe('0');
}, 120_000);

it.concurrent('a handler that holds up the event loop gets a queue with an end, which is kept', async ({
  onTestFinished,
  expect,
}) => {
  const collector = await startTestCollector(SETTINGS);
  onTestFinished(() => collector.stop());
  const { optimizations, url } = collector.app;
  const server = await startPooled(collector.dataDir, url, onTestFinished);
  // 100 of them hold up the event loop for a second or two at a time: more, and it would hardly hear of a policy.
  const { counts } = keepCalling(server, { tool: 'digest', perSecond: 150, atMost: 100 }, onTestFinished);
  await expect.poll(() => optimizations.instances('pooled').length, HEARD).toBe(1);
  const plan = async () => (await optimizations.plan({ ...REQUEST, tool: 'digest' }))[0]!;
  const controls = async () => (await plan()).actions.map(({ control }) => control);
  await expect.poll(controls, JUDGED).toEqual(['concurrency']);
  // As long as what comes after, to be compared with it.
  await expect.poll(async () => (await plan()).calls, JUDGED).toBeGreaterThan(1_500);
  await optimizations.apply(await plan(), { by: 'test', watchSeconds: 40 });
  await expect.poll(() => counts.refused, JUDGED).toBeGreaterThan(10);
  const newest = () => optimizations.history({ limit: 1 })[0]!;
  await expect.poll(() => newest().state, JUDGED).not.toBe('watching');
  expect(newest()).toMatchObject({ state: 'kept', outcome: { judgement: { verdict: 'better' } } });
}, 240_000);

it.concurrent('a policy that hurts is undone while it is watched', async ({ onTestFinished, expect }) => {
  const collector = await startTestCollector(SETTINGS);
  onTestFinished(() => collector.stop());
  const { optimizations, url } = collector.app;
  const server = await startPooled(collector.dataDir, url, onTestFinished);
  keepCalling(server, { perSecond: 60 }, onTestFinished);
  await expect.poll(() => optimizations.instances('pooled').length, HEARD).toBe(1);
  await expect.poll(async () => (await optimizations.plan(REQUEST))[0]?.calls, HEARD).toBeGreaterThan(600);
  // One at a time: 25 calls a second, of 60 that are asked for.
  await optimizations.apply(HURTING, { by: 'test', watchSeconds: 40 });
  await expect.poll(() => server.textOf('version'), HEARD).toBe('1');
  await expect.poll(() => optimizations.history({ limit: 1 })[0]!.state, JUDGED).toBe('undone');
  expect(optimizations.history({ limit: 1 })[0]!.outcome).toMatchObject({
    by: 'mcp-vitals',
    judgement: { verdict: 'worse' },
  });
  await expect.poll(() => server.textOf('version'), HEARD).toBe('0');
}, 120_000);

interface Optimized {
  plans: { verdict: string; calls: number; actions: { evidence: { underWay: number } }[] }[];
  applied: object[];
}

function optimize(collector: { tool<T>(name: string, args: Record<string, unknown>): Promise<T> }, more = {}) {
  return collector.tool<Optimized>('optimize_resources', {
    scope: 'tool',
    mcpServer: 'pooled',
    toolName: 'search',
    ...more,
  });
}

const REQUEST = { server: 'pooled', tool: 'search', strategy: 'balanced', target: 'latency', limits: {} } as const;

const HURTING: Plan = {
  server: 'pooled',
  strategy: 'balanced',
  target: 'latency',
  fromMs: 0,
  toMs: 0,
  calls: 0,
  verdict: 'actions',
  actions: [
    {
      tool: 'search',
      control: 'concurrency',
      settings: { concurrency: { limit: 1, maxQueued: 20, maxWaitMs: 2_000 } },
      isPermitted: true,
      isAutomatic: true,
      why: 'To see what happens.',
      evidence: {},
      effects: [],
    },
  ],
  advice: [],
};
