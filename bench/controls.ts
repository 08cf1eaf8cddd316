/**
 * What do controls cost a call that they have no reason to touch? A handler that answers at once, at the seam of the SDKs:
 * bare, monitored, monitored with everything permitted and no policy in force, and with each control in force.
 *
 * Short blocks take turns in one process, forwards and then backwards, so that what drifts falls on both sides alike. What is
 * added is the median of the differences of such pairs. The same without controls once more shows how much of it is chance.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Policy, ToolPolicy } from '@mcp-vitals/wire/encode';
import { systemClock } from '../packages/sdk/src/clock.ts';
import type { ControlOptions } from '../packages/sdk/src/controlOptions.ts';
import { Diagnostics } from '../packages/sdk/src/diagnostics.ts';
import { findServer } from '../packages/sdk/src/instrument/dispatch.ts';
import { Monitor } from '../packages/sdk/src/monitor.ts';
import { resolveOptions } from '../packages/sdk/src/options.ts';
import type { Transport } from '../packages/sdk/src/transport/transport.ts';
import { instrument } from '../packages/sdk/src/withMonitoring.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { median } from './support/median.ts';

const ROUNDS = 40;
const CALLS_PER_BLOCK = 2_000;
/** Few calls, so that a block is over before the machine turns to something else. */
const PAIRS = 4_000;
const CALLS_PER_SHORT_BLOCK = 100;
const MAX_IDLE_US = 0.3;

const EVERYTHING: ControlOptions = {
  concurrency: { max: 10_000 },
  timeout: true,
  cache: true,
  coalesce: true,
  rate: true,
  shed: true,
};

/** Wide enough that no call is touched; a cache answers, which is what it is for. */
const POLICIES: Readonly<Record<string, ToolPolicy>> = {
  concurrency: { concurrency: { limit: 10_000, maxQueued: 100, maxWaitMs: 1_000 } },
  'concurrency, adaptive': {
    concurrency: { limit: 10_000, adaptive: { min: 1, max: 10_000 }, maxQueued: 100, maxWaitMs: 1_000 },
  },
  rate: { rate: { perSecond: 1e6, burst: 1e6 } },
  timeout: { timeout: { afterMs: 10_000 } },
  coalesce: { coalesce: {} },
  'cache, each a hit': { cache: { ttlMs: 60_000, maxEntries: 10, maxBytes: 100_000 } },
};

type Handler = (request: object, extra: object) => Promise<unknown>;

const ANSWER = { content: [{ type: 'text', text: 'done' }] };
const EXTRA = { signal: new AbortController().signal };
const REQUEST = { method: 'tools/call', params: { name: 'read', arguments: { path: '/etc/hosts' } } };

const NO_SPOOL = { write: () => true, claim: async () => undefined, giveBack() {} };

interface Subject {
  name: string;
  call: Handler;
  stop(): void;
}

const handler: Handler = async () => ANSWER;

/** A handler as the SDKs keep it, wrapped as `withMonitoring` wraps it, under a policy that is brought again and again. */
function monitored(name: string, controls?: ControlOptions, policy?: ToolPolicy): Subject {
  const policies: Policy[] = policy ? [{ server: 'bench', version: 1, leaseMs: 600_000, tools: { '*': policy } }] : [];
  const transport: Transport = { send: async () => ({ status: 'success', policies }), close: async () => {} };
  const monitor = new Monitor(
    resolveOptions({}, {}, () => {}),
    {
      clock: systemClock,
      diagnostics: new Diagnostics(() => {}),
      instance: 'bench',
      transport,
      spool: NO_SPOOL,
      random: Math.random,
    },
  );
  const handlers = new Map([['tools/call', handler]]);
  const annotations = { readOnlyHint: true, idempotentHint: true };
  const server = { _requestHandlers: handlers, _serverInfo: { name: 'bench', version: '1' } };
  const given = { server, _registeredTools: { read: { annotations, handler } } };
  instrument(findServer(given)!, monitor, controls === undefined ? {} : { controls });
  monitor.controls.obey(policies);
  return { name, call: handlers.get('tools/call')!, stop: () => void monitor.shutdown() };
}

async function blockUs(call: Handler, calls: number): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < calls; i += 1) await call(REQUEST, EXTRA);
  return ((performance.now() - startedMs) * 1_000) / calls;
}

const BARE = 'bare';
const MONITORED = 'monitored';
const AGAIN = 'monitored, once more';
const IDLE = 'everything permitted, no policy';

/** Microseconds per call of each, block by block; the first quarter of the rounds is not counted. */
async function measure(subjects: readonly Subject[]): Promise<Map<string, number[]>> {
  const times = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -ROUNDS / 4; round < ROUNDS; round += 1) {
    for (const { name, call } of subjects) {
      const us = await blockUs(call, CALLS_PER_BLOCK);
      if (round >= 0) times.get(name)!.push(us);
      // Windows are sealed and batches sent between the blocks.
      await nextTurn();
    }
  }
  return times;
}

/** Microseconds that a call of `other` takes more than one of `base`: pairs of short blocks in the order ABBA. */
async function addedTo(base: Subject, other: Subject): Promise<number[]> {
  const differences: number[] = [];
  const block = ({ call }: Subject) => blockUs(call, CALLS_PER_SHORT_BLOCK);
  for (let pair = -PAIRS / 10; pair < PAIRS; pair += 1) {
    const before = await block(base);
    const both = (await block(other)) + (await block(other));
    const difference = (both - before - (await block(base))) / 2;
    if (pair >= 0) differences.push(difference);
    await nextTurn();
  }
  return differences;
}

export async function run(): Promise<BenchResult> {
  const [monitor, again, idle] = [monitored(MONITORED), monitored(AGAIN), monitored(IDLE, EVERYTHING)];
  const inForce = Object.entries(POLICIES).map(([name, policy]) => monitored(name, EVERYTHING, policy));
  const subjects: Subject[] = [{ name: BARE, call: handler, stop() {} }, monitor, again, idle, ...inForce];
  const times = await measure(subjects);
  const added = new Map<string, number[]>();
  for (const subject of [again, idle]) added.set(subject.name, await addedTo(monitor, subject));
  for (const { stop } of subjects) stop();
  const differencesOf = (name: string) =>
    added.get(name) ?? times.get(name)!.map((us, round) => us - times.get(MONITORED)![round]!);
  const addedUs = median(added.get(IDLE)!);
  return {
    name: 'controls',
    question: 'What do controls cost a call that they have no reason to touch? Beyond what monitoring costs anyway.',
    rows: subjects.map(({ name }) => ({
      controls: name,
      'µs per call': median(times.get(name)!).toFixed(2),
      'added µs': name === BARE || name === MONITORED ? '' : median(differencesOf(name)).toFixed(3),
    })),
    targets: [
      {
        target: `µs added by controls that are permitted and not in use, at most ${MAX_IDLE_US}`,
        value: addedUs.toFixed(3),
        met: addedUs <= MAX_IDLE_US,
      },
    ],
    notes: [
      `What is added without controls, which is chance, and with controls that are not in use: the median of ${PAIRS} pairs of blocks of ${CALLS_PER_SHORT_BLOCK} calls. Of the others: of ${ROUNDS} of ${CALLS_PER_BLOCK} calls.`,
    ],
  };
}

await runWhenMain(import.meta.url, run);
