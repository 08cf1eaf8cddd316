/** The limit against servers of which the best limit is known: always somebody waits, and time is made up. */
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { AdaptiveLimit } from './adaptiveLimit.ts';

/** Calls per millisecond that a server does with `n` at a time. */
type Model = (n: number) => number;

const RUN_MS = 20;
const pool =
  (size: number): Model =>
  (n) =>
    Math.min(n, size) / RUN_MS;
const lock: Model = () => 1 / RUN_MS;
const thrashing =
  (best: number): Model =>
  (n) =>
    n / (RUN_MS * (1 + (n / best) ** 2));

/** Numbers from 0 to 1 from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Works of mean 1 that differ by as much as `variation` says, as a share of it. */
function worksOf(variation: number, seed: number): () => number {
  const normal = normalFrom(randomFrom(seed));
  const deviation = Math.sqrt(Math.log(1 + variation ** 2));
  return () => Math.exp(deviation * normal() - deviation ** 2 / 2);
}

/** For how long a machine that others use as well stays at which share of its speed. */
type Machine = () => { forMs: number; speed: number };

const undisturbed: Machine = () => ({ forMs: Number.POSITIVE_INFINITY, speed: 1 });
function disturbed(by: number, seed: number): Machine {
  const random = randomFrom(seed);
  const normal = normalFrom(random);
  return () => ({ forMs: 50 + 500 * random(), speed: Math.exp(-by * Math.abs(normal())) });
}

/** What is done in the time from `fromMs` to `toMs`, as a share of what the best fixed limit does. */
function shareOfBest(
  limit: AdaptiveLimit,
  model: Model,
  work: () => number,
  [fromMs, toMs]: readonly [number, number],
  machine = undisturbed,
): number {
  const best = Math.max(...Array.from({ length: 128 }, (_, index) => model(index + 1)));
  let left: number[] = [];
  let nowMs = 0;
  let done = 0;
  let possible = 0;
  let spell = machine();
  while (nowMs < toMs) {
    while (left.length < limit.current) left.push(work());
    const perCall = (spell.speed * model(left.length)) / left.length;
    const byMs = Math.min(Math.min(...left) / perCall, spell.forMs);
    nowMs += byMs;
    limit.advance(byMs);
    const before = left.length;
    left = left.map((one) => one - byMs * perCall).filter((one) => one > 1e-9);
    for (let ended = left.length; ended < before; ended += 1) limit.complete(true);
    if (nowMs >= fromMs) {
      done += before - left.length;
      possible += byMs * spell.speed * best;
    }
    spell.forMs -= byMs;
    if (spell.forMs <= 0) spell = machine();
  }
  return done / possible;
}

const SEEDS = [1, 2, 3, 4, 5];
const meanOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe.each([
  ['a lock', lock, 8],
  ['a pool of 8', pool(8), 1],
  ['a pool of 32', pool(32), 4],
  ['one that thrashes beyond 8', thrashing(8), 16],
  ['one that thrashes beyond 32', thrashing(32), 4],
] as const)('over %s', (_, model, start) => {
  it.each([
    [0, 0.95],
    [0.3, 0.9],
  ])('it does about as well as the best fixed limit, with works that differ by %d', (variation, share) => {
    const shares = SEEDS.map((seed) => {
      const limit = new AdaptiveLimit({ min: 1, max: 128 }, start);
      return shareOfBest(limit, model, worksOf(variation, seed), [20_000, 60_000]);
    });
    expect(meanOf(shares)).toBeGreaterThan(share);
    expect(Math.min(...shares)).toBeGreaterThan(share - 0.1);
  });
});

describe.each([
  ['a pool of 32, from 4', pool(32), 4],
  ['one that thrashes beyond 8, from 4', thrashing(8), 4],
  ['one that thrashes beyond 32, from 4', thrashing(32), 4],
  ['one that thrashes beyond 12, from 64', thrashing(12), 64],
] as const)('over %s', (_, model, start) => {
  it.each([
    [0, 0.94],
    [0.2, 0.92],
    [0.4, 0.86],
  ])('it is there within 8 s, on a machine that is disturbed by %d', (disturbance, share) => {
    const shares = SEEDS.map((seed) => {
      const limit = new AdaptiveLimit({ min: 1, max: 128 }, start);
      const machine = disturbed(disturbance, seed + 100);
      return shareOfBest(limit, model, worksOf(0.1, seed), [8_000, 14_000], machine);
    });
    expect(meanOf(shares)).toBeGreaterThan(share);
  });
});

it('does not let more run at a time than a pool has use for', () => {
  const limit = new AdaptiveLimit({ min: 1, max: 128 }, 32);
  shareOfBest(limit, pool(8), worksOf(0, 1), [0, 60_000]);
  expect(limit.settled).toBeGreaterThanOrEqual(7);
  expect(limit.settled).toBeLessThanOrEqual(10);
});

it('finds the new best when the tool becomes another one', () => {
  const limit = new AdaptiveLimit({ min: 1, max: 128 }, 4);
  const work = worksOf(0.1, 7);
  shareOfBest(limit, pool(4), work, [0, 60_000]);
  expect(limit.settled).toBeLessThan(8);
  expect(shareOfBest(limit, pool(32), work, [40_000, 80_000])).toBeGreaterThan(0.9);
});

it('does nothing while nobody waits', () => {
  const limit = new AdaptiveLimit({ min: 1, max: 64 }, 5);
  for (let i = 0; i < 10_000; i += 1) limit.complete(true);
  expect(limit.current).toBe(5);
});

it('is never out of its bounds, whatever happens', () => {
  const step = fc.oneof(
    fc.record({ advance: fc.double({ min: 0, max: 5_000, noNaN: true }) }),
    fc.record({ complete: fc.boolean() }),
    fc.record({ min: fc.integer({ min: 1, max: 50 }), more: fc.nat(50) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (steps, start) => {
      let bounds = { min: 2, max: 20 };
      const limit = new AdaptiveLimit(bounds, start);
      for (const one of steps) {
        if ('advance' in one) limit.advance(one.advance);
        else if ('complete' in one) limit.complete(one.complete);
        else {
          bounds = { min: one.min, max: one.min + one.more };
          limit.setBounds(bounds);
        }
        for (const value of [limit.current, limit.settled]) {
          expect(Number.isInteger(value) && value >= bounds.min && value <= bounds.max).toBe(true);
        }
      }
    }),
    { numRuns: 200 * inject('thoroughness') },
  );
});
