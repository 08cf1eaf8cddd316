/**
 * A limit on calls at a time that finds out by itself how many are good. While calls wait, the limit decides how much is
 * done, so that limits can be compared by trying them: as is, higher, as is, lower, and so on in turn, each for a short phase.
 * The limit goes up where that surely does more, and down where that surely does not do noticeably less, because fewer at a
 * time answer sooner. Steps are great at first, and become smaller where neither direction is better: what a great step
 * changes shows soon, on a machine that is disturbed as well.
 *
 * The plan is that of PCC (Dong et al., "PCC: Re-architecting congestion control for consistent high performance", NSDI 2015,
 * section 3: trials against each other, and no model of what lies behind), with the number of calls in place of a sending
 * rate. See docs/decisions/0028-controls.md for what it was measured against.
 *
 * Nothing here reads a clock, and nothing changes while no call waits: then no limit is in anybody's way.
 */
import { Comparison } from './comparison.ts';
import { gainOf, Phase, type Yield } from './phase.ts';

/** A higher limit has to bring this much more, or latency is paid for nothing. */
const WORTHWHILE_GAIN = 0.03;
/** A lower limit may cost this much. */
const BEARABLE_LOSS = 0.005;
/** A gain has to exceed so many of its standard errors; to know of no loss takes more, because small losses add up on the way down. */
const SURE = 1;
const SURE_OF_NO_LOSS = 1.5;
/** After so many trials the estimates decide, whatever their errors. */
const MAX_TRIALS = 10;
/** The same while steps are great: smaller ones follow. */
const MAX_COARSE_TRIALS = 5;

/** The smallest step up, as a share of the limit. */
const STEP = 0.25;
/** What is done in a phase is to be known to this share, for the smallest step: twice as great ones show twice as much. */
const WANTED_ERROR = 0.06;
/** The greatest step, in smallest ones: the first one, and where it goes on in one direction. */
const MAX_STRIDE = 4;
/** Phases of rest between rounds of trials, once they have stopped to change anything. */
const MAX_REST_PHASES = 24;
/** Less or more is done than usual by this much: what was found out before is of no use. */
const CHANGE = 0.2;

type Trial = 'as is' | 'higher' | 'lower';

export interface LimitBounds {
  min: number;
  max: number;
}

export class AdaptiveLimit {
  #bounds: LimitBounds;
  #base: number;
  #trial: Trial = 'as is';
  readonly #phase = new Phase();
  readonly #higher = new Comparison();
  readonly #lower = new Comparison();
  /** The newest phase without a trial, at this limit. */
  #asIs: Yield | undefined;
  #usualPerMs = 0;
  #nextIsHigher: boolean;
  /** Of the last move: 1 up, -1 down. */
  #direction = 0;
  #stride = MAX_STRIDE;
  #restPhases = 0;
  #restLeft = 0;

  /** @param start where it begins, brought within the bounds */
  constructor(bounds: LimitBounds, start: number) {
    this.#bounds = bounds;
    this.#base = clamp(start, bounds);
    this.#nextIsHigher = this.#base ** 2 <= bounds.min * bounds.max;
    this.#phase.begin(this.#base, 0, WANTED_ERROR * this.#stride);
  }

  /** Calls that may run at a time now. */
  get current(): number {
    if (this.#trial === 'higher') return this.#neighbour(1);
    return this.#trial === 'lower' ? this.#neighbour(-1) : this.#base;
  }

  /** What has been found to be good so far. */
  get settled(): number {
    return this.#base;
  }

  /** Other bounds; what is known stays as far as it is within them. */
  setBounds(bounds: LimitBounds): void {
    this.#bounds = bounds;
    if (clamp(this.#base, bounds) !== this.#base) this.#moveTo(clamp(this.#base, bounds));
    this.#beginPhase('as is');
  }

  /** `byMs` went by in which calls were waiting. */
  advance(byMs: number): void {
    this.#phase.advance(byMs);
  }

  /** A call has ended while others waited. */
  complete(isOk: boolean): void {
    this.#phase.complete(isOk);
    if (!this.#phase.isOver) return;
    if (this.#trial === 'as is') this.#endPhaseAsIs(this.#phase.yield);
    else this.#endTrial(this.#trial, this.#phase.yield);
  }

  #endPhaseAsIs(asIs: Yield): void {
    if (this.#asIs !== undefined) this.#phase.learnNoise(asIs, this.#asIs);
    this.#asIs = asIs;
    this.#noticeChange(asIs.perMs);
    if (this.#restLeft > 0) {
      this.#restLeft -= 1;
      this.#beginPhase('as is');
      return;
    }
    const { min, max } = this.#bounds;
    if (min === max) this.#beginPhase('as is');
    else if (this.#isTop) this.#beginPhase('lower');
    else this.#beginPhase(this.#nextIsHigher || this.#isBottom ? 'higher' : 'lower');
  }

  /** What was settled is open again when the tool has become faster or slower. */
  #noticeChange(perMs: number): void {
    if (this.#usualPerMs > 0 && Math.abs(Math.log(perMs / this.#usualPerMs)) > CHANGE) {
      this.#restLeft = 0;
      this.#restPhases = 0;
      this.#usualPerMs = perMs;
    }
    this.#usualPerMs += 0.2 * (perMs - this.#usualPerMs);
  }

  #endTrial(trial: 'higher' | 'lower', tried: Yield): void {
    const asIs = this.#asIs!;
    const comparison = trial === 'higher' ? this.#higher : this.#lower;
    comparison.add(gainOf(tried, asIs), this.#phase.varianceOf(tried, asIs));
    this.#nextIsHigher = trial === 'lower';
    const move = this.#verdict();
    if (move !== 0) this.#go(move);
    else if (this.#isTop && this.#isBottom) this.#narrow();
    this.#beginPhase('as is');
  }

  /** 1 for up, -1 for down, 0 to stay. */
  #verdict(): -1 | 0 | 1 {
    const { gain: up, error: upError, trials: upTrials } = this.#higher;
    const { gain: down, error: downError, trials: downTrials } = this.#lower;
    const isUpSure = up - WORTHWHILE_GAIN > SURE * upError || upTrials >= this.#maxTrials;
    if (upTrials > 0 && up > WORTHWHILE_GAIN && isUpSure) return 1;
    const isDownSure = down + BEARABLE_LOSS > SURE_OF_NO_LOSS * downError || downTrials >= this.#maxTrials;
    if (downTrials > 0 && down > -BEARABLE_LOSS && isDownSure) return -1;
    return 0;
  }

  /** More would not be better, as far as can be told. */
  get #isTop(): boolean {
    const { gain, error, trials } = this.#higher;
    return this.#base === this.#bounds.max || gain - WORTHWHILE_GAIN < -error || trials >= this.#maxTrials;
  }

  /** Less would cost too much, as far as can be told. */
  get #isBottom(): boolean {
    const { gain, error, trials } = this.#lower;
    return this.#base === this.#bounds.min || gain + BEARABLE_LOSS < -error || trials >= this.#maxTrials;
  }

  get #maxTrials(): number {
    return this.#stride === 1 ? MAX_TRIALS : MAX_COARSE_TRIALS;
  }

  #go(direction: 1 | -1): void {
    const target = this.#neighbour(direction);
    if (direction === this.#direction) this.#stride = Math.min(this.#stride * 2, MAX_STRIDE);
    else if (this.#direction !== 0) this.#stride = Math.max(this.#stride / 2, 1);
    this.#direction = direction;
    this.#moveTo(target);
    this.#nextIsHigher = direction === 1;
  }

  #moveTo(limit: number): void {
    this.#base = limit;
    this.#asIs = undefined;
    this.#usualPerMs = 0;
    this.#restPhases = 0;
    this.#restLeft = 0;
    this.#forget();
  }

  #forget(): void {
    this.#higher.reset();
    this.#lower.reset();
  }

  /** Neither is better: what is nearer is tried next, and then nothing for a while. */
  #narrow(): void {
    if (this.#stride === 1) {
      this.#rest();
      return;
    }
    this.#stride /= 2;
    this.#forget();
  }

  /** A round of trials has changed nothing: the next one comes later. */
  #rest(): void {
    this.#stride = 1;
    this.#forget();
    this.#restPhases = Math.min(Math.max(1, this.#restPhases * 2), MAX_REST_PHASES);
    this.#restLeft = this.#restPhases;
  }

  #beginPhase(trial: Trial): void {
    const before = this.current;
    this.#trial = trial;
    this.#phase.begin(this.current, Math.abs(this.current - before), WANTED_ERROR * this.#stride);
  }

  #neighbour(direction: 1 | -1): number {
    const share = STEP * this.#stride;
    const step = Math.max(1, Math.round(this.#base * (direction === 1 ? share : share / (1 + share))));
    return clamp(this.#base + direction * step, this.#bounds);
  }
}

function clamp(limit: number, { min, max }: LimitBounds): number {
  return Math.min(Math.max(limit, min), max);
}
