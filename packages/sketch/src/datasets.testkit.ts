/** Data and plain answers for the property tests. */
import fc from 'fast-check';

/** The smallest sample that at least the share `q` of `sorted` does not exceed. */
export function exactQuantile(sorted: Float64Array, q: number): number {
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1]!;
}

/** A number from 0 to just under 1, the same series for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export const DATASETS: Record<string, (random: () => number) => number> = {
  lognormal: (random) => 20 * Math.exp(normal(random)),
  bimodal: (random) => (random() < 0.7 ? 2 + 0.1 * random() : 150 + 30 * random()),
  pareto: (random) => 5 * (1 - random()) ** (-1 / 1.5),
  'integer ms': (random) => Math.ceil(20 * Math.exp(0.5 * normal(random))),
  'mostly 10 ms': (random) => (random() < 0.998 ? 10 : 21 + random()),
  'below a microsecond': (random) => 1e-5 * random(),
  'with negative ones': (random) => 5 * normal(random),
  huge: (random) => 1e200 * random(),
};

export function draw(dataset: string, size: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: size }, () => DATASETS[dataset]!(random));
}

/** Samples as they may come: any size, with repeats, whole and broken ones, of either sign. */
export const samples = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 50 }),
    fc.double({ min: 0, max: 1e4, noNaN: true }),
    fc.double({ min: -1e250, max: 1e250, noNaN: true }),
  ),
  { minLength: 1, maxLength: 300 },
);
