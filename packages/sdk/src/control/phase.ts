/**
 * A span of time under one limit, as long as it takes to know what is done in it. How long that is depends on how much two
 * phases of the same limit differ: that is noise, and it is learned on the way.
 */
import { Throughput } from './throughput.ts';

const MIN_MS = 100;
const MAX_MS = 2_000;
const MIN_COMPLETIONS = 16;
const COMPLETIONS_PER_LIMIT = 2;
const FEWEST_COMPLETIONS = 4;
/** Phases in which next to nothing is done end all the same. */
const LONGEST_MS = 5_000;
/** Calls that end right after a change of the limit still belong to what was before. */
const SETTLING_COMPLETIONS = 4;

/** The window of `Throughput` makes the variance of a count this much greater. */
const WINDOW_VARIANCE = 1.5;
/** Variance per completion before anything is known: between a clock's, 0, and that of a Poisson process, 1. */
const FIRST_NOISE = 0.2;
const LEAST_NOISE = 0.01;
/** One phase that is out of the ordinary does not decide how noisy a tool is. */
const MOST_NOISE = 10;
const NOISE_MEMORY = 12;

/** What was done in a phase. */
export interface Yield {
  perMs: number;
  /** Of the logarithm of `perMs`, for a noise of 1. */
  variance: number;
}

export class Phase {
  readonly #throughput = new Throughput();
  #limit = 1;
  /** Calls that are still to end before the phase counts. */
  #stale = 0;
  #wantedError = 1;
  #noise = FIRST_NOISE;
  #noiseSeen = 0;

  /**
   * A new phase begins.
   * @param changedBy how much the limit differs from that of the phase before
   * @param wantedError what is done in it is to be known to this share, within the bounds above
   */
  begin(limit: number, changedBy: number, wantedError: number): void {
    this.#throughput.reset();
    this.#limit = limit;
    this.#wantedError = wantedError;
    if (changedBy > 0) this.#stale = changedBy + SETTLING_COMPLETIONS;
  }

  /** `byMs` went by in which calls were waiting. */
  advance(byMs: number): void {
    if (this.#stale === 0) this.#throughput.advance(byMs);
  }

  /** A call has ended while others waited. */
  complete(isOk: boolean): void {
    if (this.#stale > 0) this.#stale -= 1;
    else if (isOk) this.#throughput.complete();
  }

  get isOver(): boolean {
    const { busyMs, completions, isFull } = this.#throughput;
    if (isFull || busyMs >= LONGEST_MS) return true;
    if (busyMs >= MAX_MS && completions >= FEWEST_COMPLETIONS) return true;
    const forError = (WINDOW_VARIANCE * this.#noise) / this.#wantedError ** 2;
    const enough = Math.max(MIN_COMPLETIONS, COMPLETIONS_PER_LIMIT * this.#limit, forError);
    return busyMs >= MIN_MS && completions >= enough;
  }

  get yield(): Yield {
    return { perMs: this.#throughput.perMs(), variance: 1 / Math.max(1, this.#throughput.completions) };
  }

  /** Two phases of the same limit: what they differ by is noise. */
  learnNoise(one: Yield, other: Yield): void {
    const seen = gainOf(one, other) ** 2 / (WINDOW_VARIANCE * (one.variance + other.variance));
    this.#noiseSeen = Math.min(this.#noiseSeen + 1, NOISE_MEMORY);
    this.#noise += (Math.min(seen, MOST_NOISE) - this.#noise) / (this.#noiseSeen + 1);
    this.#noise = Math.max(this.#noise, LEAST_NOISE);
  }

  /** Variance of what `gainOf` says of two phases. */
  varianceOf(one: Yield, other: Yield): number {
    return WINDOW_VARIANCE * this.#noise * (one.variance + other.variance);
  }
}

/** How much more was done in `one`, as a logarithm. */
export function gainOf(one: Yield, other: Yield): number {
  return Math.log(one.perMs / other.perMs);
}
