/** Durations as real servers have them, from a seeded generator: the same seed gives the same samples on every machine. */

/** A number from 0 to just under 1. */
export type Random = () => number;

/** The generator known as mulberry32: 32 bits of state, good enough to draw samples. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Draws one duration in milliseconds. */
type Draw = (random: Random) => number;

const lognormal: Draw = (random) => 20 * Math.exp(0.8 * normal(random));

const draws: Record<string, Draw> = {
  lognormal,
  // A cache in front of something slow.
  bimodal: (random) => (random() < 0.7 ? 2 + 0.2 * normal(random) : 150 * Math.exp(0.3 * normal(random))),
  pareto: (random) => 5 * (1 - random()) ** (-1 / 1.5),
  'integer ms': (random) => Math.max(1, Math.round(lognormal(random))),
  // A tool that sleeps, and seldom does something else.
  'mostly 10 ms': (random) => (random() < 0.998 ? 10 : 21 + random()),
};

/** Names of the datasets. */
export const DATASETS: readonly string[] = [...Object.keys(draws), 'sorted'];

/** @returns `size` durations in milliseconds; those of `sorted` ascend, so that no two windows look alike */
export function drawSamples(dataset: string, size: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const draw = draws[dataset] ?? lognormal;
  const samples = Float64Array.from({ length: size }, () => draw(random));
  return dataset === 'sorted' ? samples.sort() : samples;
}
