/**
 * What do controls cost a call that they have no reason to touch? A handler that answers at once, at the seam of the SDKs:
 * bare, monitored, monitored with everything permitted and no policy in force, and with each control in force. Blocks of
 * calls take turns in one process; medians.
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

const ROUNDS = 120;
const CALLS_PER_BLOCK = 2_000;
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

async function blockUs(call: Handler): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < CALLS_PER_BLOCK; i += 1) await call(REQUEST, EXTRA);
  return ((performance.now() - startedMs) * 1_000) / CALLS_PER_BLOCK;
}

const BARE = 'bare';
const MONITORED = 'monitored';
const IDLE = 'everything permitted, no policy';

/** Microseconds per call of each, block by block; the first quarter of the rounds is not counted. */
async function measure(subjects: readonly Subject[]): Promise<Map<string, number[]>> {
  const times = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -ROUNDS / 4; round < ROUNDS; round += 1) {
    for (const { name, call } of subjects) {
      const us = await blockUs(call);
      if (round >= 0) times.get(name)!.push(us);
      // Windows are sealed and batches sent between the blocks.
      await nextTurn();
    }
  }
  return times;
}

export async function run(): Promise<BenchResult> {
  const subjects: Subject[] = [
    { name: BARE, call: handler, stop() {} },
    monitored(MONITORED),
    monitored(IDLE, EVERYTHING),
    ...Object.entries(POLICIES).map(([name, policy]) => monitored(name, EVERYTHING, policy)),
  ];
  const times = await measure(subjects);
  for (const { stop } of subjects) stop();
  const before = times.get(MONITORED)!;
  const addedUs = (name: string) => median(times.get(name)!.map((us, round) => us - before[round]!));
  return {
    name: 'controls',
    question: 'What do controls cost a call that they have no reason to touch? Beyond what monitoring costs anyway.',
    rows: subjects.map(({ name }) => ({
      controls: name,
      'µs per call': median(times.get(name)!).toFixed(2),
      'added µs': name === BARE || name === MONITORED ? '' : addedUs(name).toFixed(2),
    })),
    targets: [
      {
        target: `µs added by controls that are permitted and not in use, at most ${MAX_IDLE_US}`,
        value: addedUs(IDLE).toFixed(3),
        met: addedUs(IDLE) <= MAX_IDLE_US,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
