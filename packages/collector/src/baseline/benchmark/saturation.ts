/**
 * At how many calls a second a tool saturates: the rate of an open loop is raised step by step until it is not held, and then
 * the gap between the highest rate that was held and the lowest that was not is halved. What looks broken is tried twice: a
 * machine is busy for a moment, and that says nothing of the tool.
 */
import type { Saturation, SaturationStep } from '../../model/benchmark.ts';
import { significant } from '../../model/significant.ts';

/** One step, as it came out. */
export interface StepFigures {
  offeredPerSecond: number;
  answeredPerSecond: number;
  /** What would be answered per second by the end if every call took what it takes; calls under way are not missing. */
  expectedPerSecond: number;
  errorPercent: number;
  p50Ms: number | null;
  p95Ms: number | null;
  /** Of calls that were due in the first and in the second half of the step. */
  halvesP50Ms: readonly [first: number | null, second: number | null];
  /** Why it was ended early, in words. */
  stoppedBecause: string | undefined;
}

export interface SaturationOptions {
  /** Where it may be, about: calls per second. */
  estimatePerSecond: number;
  /** Makes one step. */
  step(perSecond: number): Promise<StepFigures>;
  /** Whether there is neither time nor a server for another. */
  isOver(): boolean;
}

/** By which a step is above the one before, and the first below the estimate. */
const GROWTH = 1.5;
const BEGIN_SHARE = 0.5;
const MAX_PER_SECOND = 10_000;
const MAX_CLIMBS = 16;

/** Times that the gap is halved: it is 1.5^(1/16), 2.6 %, in the end. */
const HALVINGS = 4;

/** Of the calls that should have been answered, below which a rate is not followed. */
const FOLLOWED_SHARE = 0.95;
const MAX_ERROR_PERCENT = 5;

/** The knee: answers that take this many times as long as in the lightest step, and this much longer. */
const KNEE_FACTOR = 5;
const KNEE_MS = 5;

/** A queue grows: calls of the second half wait this many times as long as those of the first. */
const QUEUE_FACTOR = 1.5;
const QUEUE_MS = 2;

export async function findSaturation(options: SaturationOptions): Promise<Saturation> {
  const search = new Search(options);
  await search.climb();
  await search.narrow();
  return search.result();
}

class Search {
  readonly #steps: SaturationStep[] = [];
  #held: SaturationStep | undefined;
  #broken: SaturationStep | undefined;
  #lightestP95Ms: number | undefined;

  constructor(private readonly options: SaturationOptions) {}

  async climb(): Promise<void> {
    let perSecond = this.options.estimatePerSecond * BEGIN_SHARE;
    for (let i = 0; i < MAX_CLIMBS && perSecond <= MAX_PER_SECOND && !this.options.isOver(); i++) {
      await this.#try(perSecond);
      if (this.#held !== undefined && this.#broken !== undefined) return;
      perSecond = this.#broken === undefined ? perSecond * GROWTH : perSecond / GROWTH;
    }
  }

  async narrow(): Promise<void> {
    for (let i = 0; i < HALVINGS && !this.options.isOver(); i++) {
      if (this.#held === undefined || this.#broken === undefined) return;
      await this.#try(Math.sqrt(this.#held.offeredPerSecond * this.#broken.offeredPerSecond));
    }
  }

  result(): Saturation {
    const [held, broken] = [this.#held, this.#broken];
    return {
      perSecond: broken === undefined ? null : capacityOf(held, broken),
      heldPerSecond: held?.offeredPerSecond ?? null,
      brokenPerSecond: broken?.offeredPerSecond ?? null,
      words: wordsOf(held, broken),
      steps: [...this.#steps].sort((a, b) => a.offeredPerSecond - b.offeredPerSecond),
    };
  }

  async #try(perSecond: number): Promise<void> {
    let step = await this.#once(perSecond);
    if (step.broken !== null && !this.options.isOver()) step = await this.#once(perSecond);
    this.#steps.push(step);
    if (step.broken === null) this.#held = step;
    else this.#broken = step;
  }

  async #once(perSecond: number): Promise<SaturationStep> {
    const figures = await this.options.step(perSecond);
    const { offeredPerSecond, answeredPerSecond, errorPercent, p50Ms, p95Ms } = figures;
    const broken = brokenBecause(figures, this.#lightestP95Ms) ?? null;
    if (broken === null) this.#lightestP95Ms ??= p95Ms ?? undefined;
    return { offeredPerSecond, answeredPerSecond, errorPercent, p50Ms, p95Ms, broken };
  }
}

/** What is answered under too much is what can be answered; of a tool that breaks down under it, the most that was held. */
function capacityOf(held: SaturationStep | undefined, { answeredPerSecond, offeredPerSecond }: SaturationStep): number {
  return Math.min(offeredPerSecond, Math.max(held?.offeredPerSecond ?? 0, answeredPerSecond));
}

/** @returns why the rate was not held, in words */
export function brokenBecause(step: StepFigures, lightestP95Ms: number | undefined): string | undefined {
  const { answeredPerSecond, expectedPerSecond, errorPercent, p95Ms, halvesP50Ms, stoppedBecause } = step;
  if (stoppedBecause !== undefined) return stoppedBecause;
  if (errorPercent > MAX_ERROR_PERCENT) return `${errorPercent.toFixed(0)} % of the calls failed`;
  if (answeredPerSecond < FOLLOWED_SHARE * expectedPerSecond) return 'throughput does not follow any more';
  const [first, second] = halvesP50Ms;
  if (first !== null && second !== null && second > QUEUE_FACTOR * first + QUEUE_MS)
    return 'calls wait longer and longer';
  if (p95Ms !== null && lightestP95Ms !== undefined && p95Ms > KNEE_FACTOR * lightestP95Ms + KNEE_MS)
    return `p95 is more than ${KNEE_FACTOR} times that under the lightest load`;
  return undefined;
}

function wordsOf(held: SaturationStep | undefined, broken: SaturationStep | undefined): string {
  if (broken === undefined) {
    return held === undefined
      ? 'No rate was tried to its end.'
      : `Not saturated at ${significant(held.offeredPerSecond)} calls/s, the highest rate that was tried.`;
  }
  if (held === undefined)
    return `Saturated at ${significant(broken.offeredPerSecond)} calls/s already, the lowest rate that was tried: ${broken.broken}.`;
  const tail =
    held.p95Ms === null || broken.p95Ms === null || broken.p95Ms <= held.p95Ms
      ? ''
      : `, and p95 goes from ${significant(held.p95Ms)} to ${significant(broken.p95Ms)} ms`;
  return `Saturates at ${significant(capacityOf(held, broken))} calls/s (${significant(held.offeredPerSecond)} to ${significant(broken.offeredPerSecond)}): beyond, ${broken.broken}${tail}.`;
}
