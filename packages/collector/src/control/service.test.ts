/** The life of policies on a real store, with figures of a server that gets better, worse or neither. */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch } from '@mcp-vitals/wire/decode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../model/optimization/plan.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { ManualClock } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { directOptimizations } from '../testing/directOptimizations.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import type { OptimizationService } from './service.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
const HOW = { by: 'anna', watchSeconds: 60 };

const PLAN: Plan = {
  server: 'shop',
  strategy: 'balanced',
  target: 'latency',
  fromMs: START_MS,
  toMs: START_MS,
  calls: 1_000,
  verdict: 'actions',
  actions: [
    {
      tool: 'search',
      control: 'concurrency',
      settings: { concurrency: { limit: 4, maxQueued: 8, maxWaitMs: 100 } },
      isPermitted: true,
      isAutomatic: true,
      why: 'It is asked for more than it can do.',
      evidence: {},
      effects: [],
    },
  ],
  advice: [],
};

interface Second {
  calls: number;
  failed?: number;
  durationMs: number;
  underWay?: number;
  loopDelayMs?: number;
}

let filled: FilledStore;
let service: OptimizationService;
let seq = 0;

const settings = { optimization: { autoApply: true } };

beforeEach(async () => {
  filled = await openFilledStore(START_MS, settings);
  service = directOptimizations(filled.store, filled.clock, filled.config);
  await service.load();
});
afterEach(() => filled.close());

function batchOf(second: Second, atMs: number, version: number): Batch {
  const { calls, failed = 0, durationMs, underWay = 0, loopDelayMs = 0 } = second;
  const durations = Float64Array.from(
    { length: calls },
    (_, i) => durationMs * (0.8 + (0.4 * ((i * 7 + seq) % 20)) / 20),
  );
  seq += 1;
  return {
    v: 1,
    instance: 'one',
    seq,
    process: { host: 'test', pid: 1, runtime: 'node', sdk: 'test' },
    servers: [{ name: 'shop', version: '1' }],
    windows: [
      {
        server: 0,
        kind: 'tool',
        name: 'search',
        startMs: atMs - 1_000,
        endMs: atMs,
        outcomes: [calls - failed, failed, 0, 0, 0, 0, 0],
        digest: Digest.ofSorted(durations.sort()),
      },
    ],
    resources: [{ atMs, cpuPercent: 90, memoryMb: 50, memoryPercent: 1, diskIoKb: 0, eventLoopDelayMs: loopDelayMs }],
    inFlight: underWay === 0 ? [] : [{ server: 0, kind: 'tool', name: 'search', count: underWay, oldestAgeMs: 1 }],
    dropped: {},
    controls: [{ server: 0, permitted: ['concurrency'], version }],
  };
}

/** Lets seconds go by in which the server reports. */
async function live(seconds: number, second: Second, version = 0): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    filled.clock.advance(1_000);
    service.observe(batchOf(second, filled.clock.nowMs(), version), 0);
    if (i % 2 === 1) await service.tick(filled.clock.nowMs());
  }
}

const actions = async () => {
  const audit = await filled.store.readItems('audit');
  return audit.map(({ value }) => (value as { action: string }).action);
};
const newest = () => service.history({ limit: 1 })[0]!;
const delivered = () => service.policiesFor(batchOf({ calls: 1, durationMs: 1 }, filled.clock.nowMs(), 0));

describe('a policy', () => {
  it('reaches processes that permit something, and nobody else', async () => {
    await service.apply(PLAN, HOW);
    expect(JSON.parse(delivered()!)).toEqual([
      { server: 'shop', version: 1, leaseMs: 30_000, tools: { search: PLAN.actions[0]!.settings } },
    ]);
    const batch = batchOf({ calls: 1, durationMs: 1 }, START_MS, 0);
    expect(service.policiesFor({ ...batch, controls: [] })).toBeUndefined();
    expect(service.policiesFor({ ...batch, controls: [{ server: 0, permitted: [], version: 0 }] })).toBeUndefined();
    expect(service.policiesFor({ ...batch, servers: [{ name: 'other', version: '1' }] })).toBeUndefined();
  });

  it('that makes it quicker is kept, until it expires', async () => {
    await live(60, { calls: 100, durationMs: 200 });
    await service.apply(PLAN, HOW);
    await live(64, { calls: 100, durationMs: 50 }, 1);
    expect(newest()).toMatchObject({ state: 'kept', outcome: { judgement: { verdict: 'better' } } });
    expect(delivered()).toBeDefined();
    filled.clock.advance(6 * HOUR_MS);
    expect(delivered()).toBeUndefined();
    await service.tick(filled.clock.nowMs());
    expect(newest().state).toBe('expired');
    expect(await actions()).toEqual(['policy.applied', 'policy.kept', 'policy.expired']);
  });

  it('that moves the waiting from the socket into a queue has made nothing slower', async () => {
    await live(60, { calls: 100, durationMs: 10, loopDelayMs: 1_500 });
    await service.apply(PLAN, HOW);
    await live(64, { calls: 100, durationMs: 120, loopDelayMs: 10 }, 1);
    expect(newest()).toMatchObject({ state: 'kept', outcome: { judgement: { verdict: 'better' } } });
  });

  it('that makes the event loop late is undone', async () => {
    await live(60, { calls: 100, durationMs: 50 });
    await service.apply(PLAN, HOW);
    await live(30, { calls: 100, durationMs: 50, loopDelayMs: 400 }, 1);
    expect(newest()).toMatchObject({ state: 'undone', outcome: { judgement: { verdict: 'worse' } } });
  });

  it('that makes it slower is undone before its time', async () => {
    await live(60, { calls: 100, durationMs: 50 });
    await service.apply(PLAN, HOW);
    await live(30, { calls: 100, durationMs: 400 }, 1);
    expect(newest()).toMatchObject({ state: 'undone', outcome: { by: 'mcp-vitals', judgement: { verdict: 'worse' } } });
    expect(delivered()).toBeUndefined();
    expect(await actions()).toEqual(['policy.applied', 'policy.undone']);
  });

  it('that is quick because it refuses everybody is undone', async () => {
    await live(60, { calls: 100, durationMs: 200 });
    await service.apply(PLAN, HOW);
    await live(30, { calls: 100, failed: 60, durationMs: 20 }, 1);
    expect(newest().state).toBe('undone');
  });

  it('that answers nobody at all is undone', async () => {
    await live(60, { calls: 100, durationMs: 200 });
    await service.apply(PLAN, HOW);
    await live(30, { calls: 100, failed: 100, durationMs: 1 }, 1);
    expect(newest().state).toBe('undone');
  });

  it('that makes callers who wait for each answer get fewer is undone', async () => {
    await live(60, { calls: 160, durationMs: 100, underWay: 16 });
    await service.apply(PLAN, HOW);
    await live(40, { calls: 10, durationMs: 1_600, underWay: 16 }, 1);
    expect(newest().state).toBe('undone');
  });

  it('is not blamed for a load that rose and slowed the calls', async () => {
    await live(60, { calls: 100, durationMs: 50 });
    await service.apply(PLAN, HOW);
    await live(50, { calls: 800, durationMs: 120 }, 1);
    expect(newest().state).toBe('watching');
  });

  it('is compared at like load where the load changed for a while', async () => {
    await live(40, { calls: 100, durationMs: 50 });
    await live(40, { calls: 400, durationMs: 150 });
    await service.apply(PLAN, { by: 'anna', watchSeconds: 90 });
    await live(94, { calls: 400, durationMs: 140 }, 1);
    expect(newest().state).toBe('kept');
    expect(newest().outcome?.judgement?.changes.map(({ basis }) => basis)).toContain('like_load');
  });

  it('of which nothing is heard is undone when its time is over', async () => {
    await service.apply(PLAN, HOW);
    filled.clock.advance(61_000);
    await service.tick(filled.clock.nowMs());
    expect(newest()).toMatchObject({ state: 'undone', outcome: { reason: 'No process had it in force.' } });
  });
});

describe('the way back', () => {
  const further = { ...PLAN, actions: [{ ...PLAN.actions[0]!, tool: 'buy' }] };

  it('gives a server what was before, as a new version', async () => {
    await live(60, { calls: 100, durationMs: 200 });
    await service.apply(PLAN, HOW);
    await live(64, { calls: 100, durationMs: 50 }, 1);
    await service.apply(further, HOW);
    expect(Object.keys(service.policies()[0]!.tools)).toEqual(['search', 'buy']);
    await service.undo('shop', 'ben');
    expect(service.policies()).toMatchObject([{ version: 3, tools: { search: PLAN.actions[0]!.settings } }]);
    expect(service.history({ limit: 9 }).map(({ version, state }) => [version, state])).toEqual([
      [3, 'kept'],
      [2, 'undone'],
      [1, 'replaced'],
    ]);
  });

  it('never uses a version twice, also after a restart', async () => {
    await service.apply(PLAN, HOW);
    await service.undo('shop', 'ben');
    service = directOptimizations(filled.store, filled.clock, filled.config);
    await service.load();
    await service.apply(PLAN, HOW);
    expect(newest().version).toBe(2);
  });

  it('is not there where there is nothing', async () => {
    await expect(service.undo('shop', 'ben')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a collector that was killed', () => {
  it('goes on watching with the figures that were saved', async () => {
    await live(60, { calls: 100, durationMs: 50 });
    await service.apply(PLAN, HOW);
    service = directOptimizations(filled.store, filled.clock, filled.config);
    await service.load();
    expect(delivered()).toBeDefined();
    await live(40, { calls: 100, durationMs: 400 }, 1);
    expect(newest()).toMatchObject({ state: 'undone', outcome: { judgement: { verdict: 'worse' } } });
  });

  it('keeps nothing that nobody watched', async () => {
    await live(60, { calls: 100, durationMs: 50 });
    await service.apply(PLAN, HOW);
    filled.clock.advance(120_000);
    service = directOptimizations(filled.store, filled.clock, filled.config);
    await service.load();
    await service.tick(filled.clock.nowMs());
    expect(newest().state).toBe('undone');
  });
});

describe('nothing is applied', () => {
  it('where the settings do not allow it', async () => {
    const other = await openFilledStore(START_MS);
    const planning = directOptimizations(other.store, other.clock, other.config);
    await expect(planning.apply(PLAN, HOW)).rejects.toMatchObject({
      code: 'forbidden',
      message: /optimization.autoApply/,
    });
    await other.close();
  });

  it('that the server does not permit', async () => {
    const plan = { ...PLAN, actions: PLAN.actions.map((action) => ({ ...action, isPermitted: false })) };
    await expect(service.apply(plan, HOW)).rejects.toMatchObject({
      code: 'forbidden',
      message: /controls: \{ concurrency: true \}/,
    });
  });

  it('while another policy is being watched', async () => {
    await service.apply(PLAN, HOW);
    await expect(service.apply(PLAN, HOW)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describeWithPostgres('two collectors on one database', (server) => {
  it('give out the same policy, number it once, and judge what the other has seen', async () => {
    const schema = newSchema();
    const clock = new ManualClock(START_MS);
    const stores = [await openTestStore(server(), schema, clock), await openTestStore(server(), schema, clock)];
    const services = stores.map((store) => directOptimizations(store, clock, filled.config, store.share));
    const [one, two] = services as [OptimizationService, OptimizationService];
    const reportToTwo = (seconds: number, durationMs: number, version: number) => {
      for (let i = 0; i < seconds; i++) {
        clock.timeMs += 1_000;
        two.observe(batchOf({ calls: 100, durationMs }, clock.nowMs(), version), 0);
      }
    };
    const heard = { timeout: 10_000 };
    try {
      reportToTwo(60, 50, 0);
      await one.apply(PLAN, HOW);
      await expect.poll(() => two.policiesFor(batchOf({ calls: 1, durationMs: 1 }, START_MS, 0)), heard).toBeDefined();
      reportToTwo(40, 400, 1);
      const states = async () => {
        // The one that looks after the server judges, and finds what the other has saved.
        for (const each of [two, one]) await each.tick(clock.nowMs());
        return services.map((each) => each.history({ limit: 1 })[0]?.state);
      };
      await expect.poll(states, heard).toEqual(['undone', 'undone']);
      const versions = await Promise.all([one.apply(PLAN, HOW), two.apply(PLAN, HOW)]);
      expect(new Set([1, ...versions.map(({ version }) => version)]).size).toBe(3);
    } finally {
      for (const store of stores) await store.close();
      await server().query(`DROP SCHEMA ${schema} CASCADE`);
    }
  });
});
