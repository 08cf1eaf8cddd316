/**
 * What the calls of a run are worth. A machine is slow for a while, and then all calls are: a thousand of them tell less than a
 * thousand independent ones would. How much less shows in how far the rounds differ from each other, and runs of neighbouring
 * rounds as well, because what comes slowly lasts for several.
 */

/** Calls of one round, and how many of them are beyond something: slower than a value, or failed. */
export interface RoundCounts {
  calls: number;
  beyond: number;
}

/** Of fewer batches the spread is a guess. */
const FEWEST_BATCHES = 12;

/** @returns a number of independent calls, at most that of the calls */
export function effectiveCount(rounds: readonly RoundCounts[]): number {
  const calls = sumOf(rounds.map((round) => round.calls));
  const share = sumOf(rounds.map((round) => round.beyond)) / calls;
  const independent = calls * share * (1 - share);
  if (!(independent > 0)) return calls;
  const excesses = excessesOf(rounds);
  let widest = independent;
  for (let size = 1; excesses.length / size >= FEWEST_BATCHES; size *= 2) {
    widest = Math.max(widest, varianceOfSum(batchSums(excesses, size)));
  }
  return (calls * independent) / widest;
}

/** By how many more calls than usual are beyond in each round. */
export function excessesOf(rounds: readonly RoundCounts[]): number[] {
  const share = sumOf(rounds.map(({ beyond }) => beyond)) / sumOf(rounds.map(({ calls }) => calls));
  return rounds.map(({ calls, beyond }) => beyond - share * calls);
}

/** Of the sum of values that are zero on average, and independent. */
function varianceOfSum(values: readonly number[]): number {
  return (values.length / (values.length - 1)) * sumOf(values.map((value) => value ** 2));
}

export function batchSums(values: readonly number[], size: number): number[] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, i) => sumOf(values.slice(i * size, (i + 1) * size)));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
