/**
 * The order of the calls. They are made in rounds, each with a share of the calls of every tool, so that what happens on the
 * machine for a while happens to all tools alike; inside a round the order is shuffled, so that no tool always comes after the same.
 */
import type { PlannedTool, Variant } from '../plan/planCalls.ts';

export interface ScheduledCall {
  /** Index of the tool. */
  index: number;
  round: number;
  arguments: Record<string, unknown>;
}

/** The same order for the same seed. */
export function* schedule(tools: readonly PlannedTool[], rounds: number, seed: number): Generator<ScheduledCall> {
  const random = randomSource(seed);
  const sequences = tools.map(({ variants }) => inTurn(variants));
  for (let round = 0; round < rounds; round++) {
    const calls = tools.flatMap((tool, index) =>
      Array.from({ length: callsOfRound(tool.calls, rounds, round) }, (): ScheduledCall => {
        return { index, round, arguments: sequences[index]!() };
      }),
    );
    yield* shuffled(calls, random);
  }
}

export function callsOfRound(calls: number, rounds: number, round: number): number {
  return Math.floor(((round + 1) * calls) / rounds) - Math.floor((round * calls) / rounds);
}

/** Each as often as it says compared with the others, and as evenly as can be. */
export function inTurn(variants: readonly Variant[]): () => Record<string, unknown> {
  const total = variants.reduce((sum, { times }) => sum + times, 0);
  const used = variants.map(() => 0);
  let made = 0;
  return () => {
    made += 1;
    const owed = variants.map(({ times }, i) => (times * made) / total - used[i]!);
    const next = owed.indexOf(Math.max(...owed));
    used[next]! += 1;
    return variants[next]!.arguments;
  };
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/** Uniform in 0 to 1 (xorshift). */
export function randomSource(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
