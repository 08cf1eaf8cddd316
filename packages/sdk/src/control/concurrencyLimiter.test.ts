import type { ConcurrencyPolicy, ShedPolicy } from '@mcp-vitals/wire/encode';
import fc from 'fast-check';
import { beforeEach, describe, expect, inject, it, test } from 'vitest';
import { HandClock, settle } from '../testing/handClock.ts';
import { ConcurrencyLimiter, type NotAdmitted, type Slot } from './concurrencyLimiter.ts';

let clock: HandClock;
let waits: number[];

beforeEach(() => {
  clock = new HandClock();
  waits = [];
});

function limiterOf(policy: Partial<ConcurrencyPolicy> = {}, shed?: ShedPolicy): ConcurrencyLimiter {
  const full = { limit: 2, maxQueued: 10, maxWaitMs: 1_000, ...policy };
  return new ConcurrencyLimiter(full, shed, { clock, onWaited: (waitMs) => waits.push(waitMs), onLimit() {} });
}

/** What has become of it, once it has settled. */
async function stateOf(admission: Slot | NotAdmitted | Promise<Slot | NotAdmitted>): Promise<string> {
  const state = await Promise.race([admission, settle().then(() => undefined)]);
  if (state === undefined) return 'waits';
  return 'code' in state ? state.code : 'runs';
}

const statesOf = (admissions: Parameters<typeof stateOf>[0][]) => Promise.all(admissions.map(stateOf));
const acquireMany = (limiter: ConcurrencyLimiter, count: number) =>
  Array.from({ length: count }, () => limiter.acquire(undefined));

describe('calls at a time', () => {
  it('are as many as the limit says, and the others come in order', async () => {
    const limiter = limiterOf();
    const calls = acquireMany(limiter, 4);
    expect(await statesOf(calls)).toEqual(['runs', 'runs', 'waits', 'waits']);
    await clock.advance(30);
    limiter.release((await calls[1]) as Slot, true);
    await clock.advance(0);
    expect(await statesOf(calls)).toEqual(['runs', 'runs', 'runs', 'waits']);
    expect(waits).toEqual([30]);
  });

  it('beyond the line are refused', async () => {
    const calls = acquireMany(limiterOf({ limit: 1, maxQueued: 1 }), 3);
    expect(await statesOf(calls)).toEqual(['runs', 'waits', 'queue_full']);
  });

  it('are refused when they have waited for too long', async () => {
    const calls = acquireMany(limiterOf({ limit: 1, maxWaitMs: 250 }), 2);
    await clock.advance(249);
    expect(await statesOf(calls)).toEqual(['runs', 'waits']);
    await clock.advance(1);
    expect(await statesOf(calls)).toEqual(['runs', 'queue_timeout']);
  });

  it('that are cancelled while they wait leave at once, and whoever is behind moves up', async () => {
    const limiter = limiterOf({ limit: 1 });
    const abort = new AbortController();
    const first = limiter.acquire(undefined);
    const second = limiter.acquire(abort.signal);
    const third = limiter.acquire(undefined);
    abort.abort();
    expect(await statesOf([first, second, third])).toEqual(['runs', 'cancelled', 'waits']);
    limiter.release((await first) as Slot, true);
    await clock.advance(0);
    expect(await stateOf(third)).toBe('runs');
  });

  it('that are cancelled in the moment of their turn do not run', async () => {
    const limiter = limiterOf({ limit: 1 });
    const abort = new AbortController();
    const [first, second, third] = [undefined, abort.signal, undefined].map((signal) => limiter.acquire(signal));
    limiter.release((await first) as Slot, true);
    limiter.end();
    abort.abort();
    expect(await statesOf([second!, third!])).toEqual(['cancelled', 'runs']);
  });

  it('that hang stop to count after a minute', async () => {
    const limiter = limiterOf({ limit: 1 });
    acquireMany(limiter, 1);
    await clock.advance(59_999);
    expect(await stateOf(limiter.acquire(undefined))).toBe('waits');
    await clock.advance(1_001);
    expect(await stateOf(limiter.acquire(undefined))).toBe('runs');
  });

  it('do not begin faster than the event loop turns, so that others are seen to wait', async () => {
    const limiter = limiterOf({ limit: 1 });
    const states = acquireMany(limiter, 1);
    limiter.release((await states[0]) as Slot, true);
    const next = limiter.acquire(undefined);
    expect(await stateOf(next)).toBe('waits');
    await clock.advance(0);
    expect(await stateOf(next)).toBe('runs');
  });

  it('all run when the limit ends', async () => {
    const limiter = limiterOf({ limit: 1 });
    const calls = acquireMany(limiter, 5);
    limiter.end();
    expect(new Set(await statesOf(calls))).toEqual(new Set(['runs']));
  });

  it('keep their place under another limit', async () => {
    const limiter = limiterOf({ limit: 1 });
    const calls = acquireMany(limiter, 3);
    limiter.update({ limit: 2, maxQueued: 0, maxWaitMs: 1 }, undefined);
    await clock.advance(0);
    expect(await statesOf(calls)).toEqual(['runs', 'runs', 'waits']);
  });
});

describe('shedding', () => {
  it('turns newcomers away once the wait has stayed too long, and not before', async () => {
    const limiter = limiterOf({ limit: 1, maxQueued: 100, maxWaitMs: 10_000 }, { targetWaitMs: 50 });
    const running = limiter.acquire(undefined);
    const waiting = [limiter.acquire(undefined)];
    await clock.advance(60);
    waiting.push(limiter.acquire(undefined));
    expect(await statesOf(waiting)).toEqual(['waits', 'waits']);
    await clock.advance(100);
    expect(await stateOf(limiter.acquire(undefined))).toBe('shed');
    for (const slot of [running, ...waiting]) {
      limiter.release((await slot) as Slot, true);
      await clock.advance(0);
    }
    expect(await stateOf(limiter.acquire(undefined))).toBe('runs');
  });
});

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ arrive: fc.constant(true), cancelLater: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ release: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ advanceMs: fc.integer({ min: 0, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ limit: fc.integer({ min: 1, max: 5 }) }) },
);

test('whatever happens: no more than the limit run, in order, and every call ends one way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      clock = new HandClock();
      let limit = 2;
      let greatest = limit;
      const limiter = limiterOf({ limit, maxQueued: 6, maxWaitMs: 500 });
      const running = new Map<number, Slot>();
      const ends: string[] = [];
      const begun: number[] = [];
      const aborts: AbortController[] = [];
      const arrive = () => {
        const index = aborts.push(new AbortController()) - 1;
        void Promise.resolve(limiter.acquire(aborts[index]!.signal)).then((state) => {
          ends[index] = 'code' in state ? state.code : 'ran';
          if ('code' in state) return;
          running.set(index, state);
          begun.push(index);
        });
      };
      for (const one of actions) {
        if ('arrive' in one) arrive();
        else if ('advanceMs' in one) await clock.advance(one.advanceMs);
        else if ('cancel' in one) aborts[one.cancel % Math.max(1, aborts.length)]?.abort();
        else if ('limit' in one) {
          limit = one.limit;
          greatest = Math.max(greatest, limit);
          limiter.update({ limit, maxQueued: 6, maxWaitMs: 500 }, undefined);
        } else {
          const [index, slot] = [...running][one.release % Math.max(1, running.size)] ?? [];
          if (slot !== undefined) {
            running.delete(index!);
            limiter.release(slot, true);
          }
        }
        await settle();
        // A lower limit waits for those that run already.
        expect(running.size).toBeLessThanOrEqual(greatest);
      }
      limiter.end();
      await clock.advance(1_000);
      expect(ends.filter((end) => end !== undefined)).toHaveLength(aborts.length);
      expect(begun).toEqual(begun.toSorted((a, b) => a - b));
    }),
    { numRuns: 60 * inject('thoroughness') },
  );
});
