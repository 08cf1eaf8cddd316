/** What is known up to a point, taken apart once for all models that want it so. */
import { median } from '../../../model/median.ts';
import { deviationOf, withoutSpikes } from '../spikes.ts';
import { profileOf, withoutProfile } from './profile.ts';

export interface Parts {
  /** The values without all that repeats, and without single ones that are far off. */
  rest: Float64Array;
  /** What repeats, at any step, those ahead included. */
  profileAt(i: number): number;
  /** The median of the rest. */
  usual: number;
  /** Of the rest, per step, see `robustSlope`. */
  slope(share: number): number;
}

export class History {
  readonly #parts = new Map<string, Parts>();

  /** @param values NaN where there is none, and one at least that is not */
  constructor(readonly values: Float64Array) {}

  get length(): number {
    return this.values.length;
  }

  /** @param periods of the profiles, each of what the one before leaves */
  parts(periods: readonly number[]): Parts {
    const key = periods.join();
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const parts = takenApart(this.values, periods);
    this.#parts.set(key, parts);
    return parts;
  }
}

function takenApart(values: Float64Array, periods: readonly number[]): Parts {
  let rest = values;
  const profiles = periods.map((period) => {
    const profile = profileOf(rest, period);
    rest = withoutProfile(rest, profile);
    return profile;
  });
  rest = calm(rest);
  const slopes = new Map<number, number>();
  return {
    rest,
    profileAt: (i) => profiles.reduce((sum, profile) => sum + profile[i % profile.length]!, 0),
    usual: median(rest.filter((value) => !Number.isNaN(value))),
    slope(share) {
      const slope = slopes.get(share) ?? robustSlope(rest.subarray(Math.floor(rest.length * (1 - share))));
      slopes.set(share, slope);
      return slope;
    },
  };
}

const FARTHEST = 6;

function calm(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const calmed = withoutSpikes(known, deviationOf(known), FARTHEST);
  let next = 0;
  return values.map((value) => (Number.isNaN(value) ? value : calmed[next++]!));
}

const MAX_BLOCKS = 40;

/** Per step: the median of the slopes between medians of blocks (Theil 1950, Sen 1968); 0 where there are fewer than three. */
function robustSlope(values: Float64Array): number {
  const width = Math.max(1, Math.ceil(values.length / MAX_BLOCKS));
  const blocks: { at: number; value: number }[] = [];
  for (let from = 0; from < values.length; from += width) {
    const known = values.subarray(from, from + width).filter((value) => !Number.isNaN(value));
    if (known.length > 0) blocks.push({ at: from, value: median(known) });
  }
  if (blocks.length < 3) return 0;
  const slopes: number[] = [];
  for (const [i, a] of blocks.entries()) {
    for (let j = i + 1; j < blocks.length; j++) slopes.push((blocks[j]!.value - a.value) / (blocks[j]!.at - a.at));
  }
  return median(slopes);
}
