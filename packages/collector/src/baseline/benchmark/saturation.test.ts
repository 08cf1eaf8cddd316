/** The search, on tools whose capacity is known: as queueing theory has them, and as noisy as a machine is. */
import { expect, it } from 'vitest';
import { randomSource } from '../load/schedule.ts';
import { findSaturation, type StepFigures } from './saturation.ts';

const STEP_SECONDS = 4;
const SERVICE_MS = 20;

/** What `capacity` calls a second make of a step: beyond it the queue grows, and every call waits longer than the one before. */
function step(capacity: number, perSecond: number, noise = 0): StepFigures {
  const isOver = perSecond > capacity;
  const excess = Math.max(0, perSecond / capacity - 1);
  const waitMs = (share: number) => 1_000 * STEP_SECONDS * excess * share;
  const p50Ms = (SERVICE_MS + waitMs(0.5)) * (1 + noise);
  return {
    offeredPerSecond: perSecond,
    answeredPerSecond: isOver ? capacity : perSecond,
    expectedPerSecond: perSecond * Math.max(0.5, 1 - p50Ms / (1_000 * STEP_SECONDS)),
    errorPercent: 0,
    p50Ms,
    p95Ms: (1.2 * SERVICE_MS + waitMs(0.95)) * (1 + noise),
    halvesP50Ms: [SERVICE_MS + waitMs(0.25), SERVICE_MS + waitMs(0.75)],
    stoppedBecause: undefined,
  };
}

function search(make: (perSecond: number, n: number) => StepFigures, estimatePerSecond: number, maxSteps = 60) {
  let steps = 0;
  return findSaturation({
    estimatePerSecond,
    step: async (perSecond) => make(perSecond, steps++),
    isOver: () => steps >= maxSteps,
  });
}

it.each([
  [200, 200],
  [200, 20],
  [200, 1_500],
  [3, 4],
  [5_000, 40],
])('of a tool that can do %i calls a second, guessed at %i, comes within 5 %%', async (capacity, guess) => {
  const { perSecond, heldPerSecond, brokenPerSecond, words } = await search((rate) => step(capacity, rate), guess);
  expect(perSecond! / capacity).toBeGreaterThan(0.95);
  expect(perSecond! / capacity).toBeLessThan(1.05);
  expect(heldPerSecond!).toBeLessThanOrEqual(capacity * 1.05);
  expect(brokenPerSecond!).toBeGreaterThan(capacity);
  expect(words).toMatch(/^Saturates at .* calls\/s \(.* to .*\): beyond, .*p95 goes from/);
});

it('is not misled by a machine that is slow in one step of eight', async () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = randomSource(seed);
    const isSlow = Array.from({ length: 200 }, () => random() < 1 / 8);
    const { perSecond } = await search((rate, n) => step(200, rate, isSlow[n] && !isSlow[n - 1] ? 9 : 0), 150);
    expect(perSecond! / 200, `seed ${seed}`).toBeGreaterThan(0.9);
    expect(perSecond! / 200, `seed ${seed}`).toBeLessThan(1.1);
  }
});

it('takes errors and time-outs for an end as well', async () => {
  const failing = (rate: number): StepFigures => ({ ...step(1e9, rate), errorPercent: rate > 50 ? 30 : 0 });
  const { perSecond, words } = await search(failing, 10);
  expect(perSecond!).toBeGreaterThan(45);
  expect(perSecond!).toBeLessThan(56);
  expect(words).toContain('30 % of the calls failed');
});

it('says what it has when time is over, or when nothing gives way', async () => {
  const short = await search((rate) => step(1e9, rate), 10, 3);
  expect([short.perSecond, short.heldPerSecond!.toFixed(2)]).toEqual([null, '11.25']);
  expect(short.words).toBe('Not saturated at 11.3 calls/s, the highest rate that was tried.');
  const low = await search((rate) => step(0.001, rate), 10, 2);
  expect(low.words).toMatch(/^Saturated at 5 calls\/s already, the lowest rate that was tried/);
  const none = await search((rate) => step(1, rate), 10, 0);
  expect(none.words).toBe('No rate was tried to its end.');
});
