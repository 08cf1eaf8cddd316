/**
 * Settings beside each other on a machine that is not quiet: all take turns in short slices, every second round in reverse
 * order, so that what disturbs one disturbs those beside it as well, and what counts are quotients within a round.
 */
import { median } from './median.ts';

/** Does the slices one after another; resolves with those of each name, by round. */
export async function takeTurns<Slice>(
  subjects: ReadonlyMap<string, (round: number) => Promise<Slice>>,
  rounds: number,
): Promise<Map<string, Slice[]>> {
  const slices = new Map([...subjects.keys()].map((name) => [name, [] as Slice[]]));
  for (let round = 0; round < rounds; round += 1) {
    const order = [...subjects];
    for (const [name, run] of round % 2 === 0 ? order : order.reverse()) slices.get(name)!.push(await run(round));
  }
  return slices;
}

/** A quotient by rounds, and how sure it is. */
export interface Quotient {
  median: number;
  /** Standard error of the median, from the median deviation, as of a normal distribution. */
  error: number;
}

export function quotientOf(ours: readonly number[], theirs: readonly number[]): Quotient {
  const quotients = ours.map((value, round) => value / theirs[round]!);
  const middle = median(quotients);
  const deviation = 1.4826 * median(quotients.map((value) => Math.abs(value - middle)));
  return { median: middle, error: (1.2533 * deviation) / Math.sqrt(quotients.length) };
}

/**
 * For each round, what the candidate did that was best in all other rounds. The best of several in the same round is the
 * luckiest of them as well, and nothing equals that.
 */
export function bestInOtherRounds(candidates: readonly (readonly number[])[]): number[] {
  return candidates[0]!.map((_, round) => {
    const byOthers = candidates.map((values) => median(values.filter((_value, other) => other !== round)));
    return candidates[byOthers.indexOf(Math.max(...byOthers))]![round]!;
  });
}
