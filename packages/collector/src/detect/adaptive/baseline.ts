/**
 * What the log latency of a tool is expected to be: a level (the median of the last day), a profile of the day on top of
 * it, and how far both are off from one time to another.
 */
import { BLOCKS_PER_DAY, Blocks, blockAt, sameTimeBefore } from './blocks.ts';
import { weightedMedian } from './robust.ts';
import { MAD_TO_SIGMA } from './spread.ts';

/** Precision that one block has at most: no ten minutes say more than a standard error of 5 % does. */
const MAX_WEIGHT = 400;
/** Precision of "the time of day makes no difference", which data has to outweigh: it seldom makes more than 10 %. */
const PROFILE_PRIOR = 100;
/** Blocks to either side that are taken for the same time of day: half an hour. */
const PROFILE_BLOCKS = 3;
/** Blocks that make a level, two hours of calls; fewer only move it. */
const LEVEL_BLOCKS = 12;
/** Blocks below this weight say too little of how far the baseline is off. */
const MIN_WEIGHT = 10;
const MIN_SAMPLES = 20;
/** Days that the drift is measured over. */
const DRIFT_DAYS = 3;
/** No baseline is nearer to the truth than 6 %, however calm the last days were. */
const MIN_DRIFT = 0.06;
/** Until it is measured. */
const INITIAL_DRIFT = 0.1;
/** "Before", for a change that is going on: from two hours ago to half an hour ago. */
const PAST_BLOCKS = { from: 12, to: 3 } as const;

export class Baseline {
  level = Number.NaN;
  /** Of the current time of day, added to the level. */
  profile = 0;
  /** Standard deviation of what level and profile are off by. */
  drift = INITIAL_DRIFT;
  /** Standard deviation of the change within two hours. */
  changeDrift = INITIAL_DRIFT;
  /** Mean distance from level and profile two hours to half an hour ago. */
  past = { mean: 0, weight: 0 };
  private readonly blocks = new Blocks();
  private block = -1;
  private weight = 0;
  private weighted = 0;
  private isSpoilt = false;

  /** To be called with each minute, before anything else. */
  enter(atMs: number): void {
    const block = blockAt(atMs);
    if (block === this.block) return;
    if (!Number.isNaN(this.level)) {
      if (this.block >= 0) this.finish(this.block);
      this.profile = this.profileAt(block);
      this.past = this.pastOf(block);
    }
    this.block = block;
    this.weight = 0;
    this.weighted = 0;
    this.isSpoilt = false;
  }

  /** @param distance of a minute from the level */
  learn(distance: number, precision: number): void {
    this.weight += precision;
    this.weighted += precision * distance;
  }

  /** Nothing is learnt from the current block. */
  spoil(): void {
    this.isSpoilt = true;
  }

  /** What was a change is the rule from now on. The last day was neither the one nor the other and is forgotten. */
  adopt(change: number): void {
    this.level += change;
    this.blocks.translate(change);
    for (let block = this.block - BLOCKS_PER_DAY; block < this.block; block += 1) this.blocks.forget(block);
  }

  private finish(block: number): void {
    if (this.weight > 0 && !this.isSpoilt)
      this.blocks.set(block, this.level + this.weighted / this.weight, this.weight);
    else this.blocks.set(block, 0, 0);
    this.measureLevel(block);
    this.measureDrift(block);
  }

  private measureLevel(newest: number): void {
    const means: number[] = [];
    const weights: number[] = [];
    for (let block = newest - BLOCKS_PER_DAY + 1; block <= newest; block += 1) {
      const weight = Math.min(MAX_WEIGHT, this.blocks.weightOf(block));
      if (weight === 0) continue;
      means.push(this.blocks.meanOf(block));
      weights.push(weight);
    }
    if (means.length === 0) return;
    this.level += (weightedMedian(means, weights) - this.level) * Math.min(1, means.length / LEVEL_BLOCKS);
  }

  private measureDrift(newest: number): void {
    const first = newest - DRIFT_DAYS * BLOCKS_PER_DAY + 1;
    const distances = this.distancesFrom(first - PAST_BLOCKS.from, newest);
    const off = new DriftSamples();
    const changes = new DriftSamples();
    for (let i = PAST_BLOCKS.from; i < distances.length; i += 1) {
      const { distance, weight } = distances[i]!;
      if (weight < MIN_WEIGHT) continue;
      off.add(distance, 1 / weight);
      const past = meanOf(distances.slice(i - PAST_BLOCKS.from, i - PAST_BLOCKS.to + 1));
      if (past.weight >= 2 * MIN_WEIGHT) changes.add(distance - past.mean, 1 / weight + 1 / past.weight);
    }
    this.drift = off.sigma ?? this.drift;
    this.changeDrift = changes.sigma ?? this.changeDrift;
  }

  /** Of blocks, ends included, from level and profile. */
  private distancesFrom(first: number, last: number): Distance[] {
    return Array.from({ length: last - first + 1 }, (_, i) => {
      const weight = Math.min(MAX_WEIGHT, this.blocks.weightOf(first + i));
      const distance = weight === 0 ? 0 : this.blocks.meanOf(first + i) - this.level - this.profileAt(first + i);
      return { distance, weight };
    });
  }

  private profileAt(block: number): number {
    let weight = PROFILE_PRIOR;
    let weighted = 0;
    for (const same of sameTimeBefore(block)) {
      const around = this.blocks.between(same - PROFILE_BLOCKS, same + PROFILE_BLOCKS, MAX_WEIGHT);
      weight += around.weight;
      weighted += around.weight * (around.mean - this.level);
    }
    return weighted / weight;
  }

  private pastOf(block: number): { mean: number; weight: number } {
    return meanOf(this.distancesFrom(block - PAST_BLOCKS.from, block - PAST_BLOCKS.to));
  }
}

interface Distance {
  distance: number;
  weight: number;
}

function meanOf(distances: readonly Distance[]): { mean: number; weight: number } {
  let weight = 0;
  let weighted = 0;
  for (const own of distances) {
    weight += own.weight;
    weighted += own.weight * own.distance;
  }
  return { mean: weight > 0 ? weighted / weight : 0, weight };
}

/** The scale of distances that are partly sampling error: what is left of it when that is taken off. */
class DriftSamples {
  private readonly distances: number[] = [];
  private readonly variances: number[] = [];

  add(distance: number, samplingVariance: number): void {
    this.distances.push(Math.abs(distance));
    this.variances.push(samplingVariance);
  }

  get sigma(): number | undefined {
    if (this.distances.length < MIN_SAMPLES) return undefined;
    const equal = this.distances.map(() => 1);
    const scale = MAD_TO_SIGMA * weightedMedian(this.distances, equal);
    return Math.sqrt(Math.max(MIN_DRIFT ** 2, scale ** 2 - weightedMedian(this.variances, equal)));
  }
}
