/**
 * Whether the calls of a tool take longer than they should. Works on the logarithm, so that twice as long is the same step
 * for a fast tool as for a slow one; knows how much a minute with so few calls can say; and asks for as much evidence as
 * chance does not give in the time.
 */
import { MINUTE_MS } from '../../model/rollup.ts';
import { Baseline } from './baseline.ts';
import { COLD_AFTER_MS, END_NATS, QUIET_MS, requiredNats } from './budget.ts';
import { CallClasses, type Expected } from './callClasses.ts';
import type { ToolMinute } from './observation.ts';
import { Recurrence } from './recurrence.ts';
import { median } from './robust.ts';
import { type Evidence, Scan } from './scan.ts';
import { TestsPerDay } from './testsPerDay.ts';

/** Calls a third longer than usual are the least that is called a change. */
const LEAST = Math.log(1.35);
/** What the baseline may be off by for long: 2.5 of its sigma, and never less than 28 %. */
const ALLOWED = { sigmas: 2.5, least: 0.25 } as const;
/** The drift was measured on days without incidents, and by the robust scale: chance has more than that. */
const DRIFT_FACTOR = 1.3;
/** The newest minutes that are compared with the hours before. */
const CHANGE_MINUTES = 15;
const MIN_CHANGE_DRIFT = 0.04;
/** Minutes with calls before the first alarm. */
const MIN_MINUTES = 60;
/** Minutes that make a first level. */
const FIRST_MINUTES = 10;
/** Share of the needed evidence from which nothing is learnt any more. */
const SUSPICIOUS = 0.4;
/** Share from which a minute is remembered as elevated. */
const ELEVATED = 0.6;
/** What lasts as long is how things are now. */
const ADOPT_MS = 240 * MINUTE_MS;
/** A minute pulls the mean down by so many sigma at most. */
const MAX_BELOW = 3;
/** A minute with as many calls cannot be made slow by one of them. */
const ROBUST_CALLS = 8;
/** What one minute says for the end of an episode, at most, nats. */
const MAX_END_NATS = 3;
/** An end is looked for as if calls took no more than e^1.5 times as long. */
const MAX_END_MEAN = 1.5;

export class LatencyWatch {
  isOpen = false;
  /** How many times longer calls take, when it is open. */
  factor = 1;
  nats = 0;
  readonly #baseline = new Baseline();
  readonly #classes = new CallClasses();
  readonly #scan = new Scan();
  readonly #recurrence = new Recurrence();
  readonly #tests = new TestsPerDay();
  readonly #first: number[] = [];
  #episode: Episode | undefined;
  #minutes = 0;
  #lastCallMs = Number.NEGATIVE_INFINITY;

  /** @param isExplained whether something else tells why calls took what they took: nothing is judged or learnt then */
  observe(minute: ToolMinute, isExplained: boolean): void {
    const { atMs, calls } = minute;
    this.#baseline.enter(atMs);
    this.#recurrence.enter(atMs);
    this.#tests.enter(atMs);
    if (calls > 0) this.#observeCalls(minute, isExplained);
    else this.#scan.add(0, 0);
    if (this.#episode !== undefined && atMs - this.#episode.supportedMs >= QUIET_MS) this.#end();
    this.isOpen = this.#episode !== undefined && atMs > this.#episode.expectedUntilMs;
    if (this.#episode !== undefined) this.#baseline.spoil();
  }

  #observeCalls(minute: ToolMinute, isExplained: boolean): void {
    const { atMs, calls } = minute;
    const isCold = atMs - this.#lastCallMs > COLD_AFTER_MS;
    this.#lastCallMs = atMs;
    this.#tests.count();
    const value = typicalLog(minute);
    if (Number.isNaN(this.#baseline.level)) {
      this.#begin(value);
      return;
    }
    this.#minutes += 1;
    const residual = value - this.#baseline.level;
    const expected = this.#classes.expect(calls, isCold);
    if (expected === undefined) {
      this.#scan.add(0, 0);
      this.#classes.learn(calls, isCold, residual, atMs);
      return;
    }
    const { distance, precision } = this.#weigh(residual, calls, expected);
    this.#scan.add(isExplained ? 0 : distance, isExplained ? 0 : precision);
    const evidence = this.#evidence();
    this.nats = evidence.nats;
    const share = evidence.nats / requiredNats(this.#tests.perDay);
    if (!isExplained) this.#judge(atMs, evidence, share, distance, precision);
    if (this.#episode !== undefined || isExplained || share > SUSPICIOUS) return;
    this.#classes.learn(calls, isCold, residual - this.#baseline.profile, atMs);
    this.#baseline.learn(residual - expected.center, precision);
  }

  #begin(value: number): void {
    this.#first.push(value);
    if (this.#first.length === FIRST_MINUTES) this.#baseline.level = median(Float64Array.from(this.#first));
  }

  get #allowed(): number {
    return Math.max(ALLOWED.least, ALLOWED.sigmas * this.#baseline.drift);
  }

  /** How far the minute is off, cut to what such a minute can say. */
  #weigh(residual: number, calls: number, { center, sigma, worth }: Expected): { distance: number; precision: number } {
    const distance = residual - center - this.#baseline.profile;
    const robust = Math.min(1, (calls - 1) / ROBUST_CALLS);
    const most = robust * this.#allowed + sigma * worth(distance / sigma);
    return { distance: Math.max(-MAX_BELOW * sigma, Math.min(distance, most)), precision: 1 / sigma ** 2 };
  }

  #evidence(): Evidence {
    const { drift } = this.#baseline;
    const level = this.#scan.strongest({ least: LEAST, allowed: this.#allowed, drift: DRIFT_FACTOR * drift });
    const change = this.#change();
    return { nats: Math.max(level.nats, change.nats), mean: Math.max(level.mean, change.mean) };
  }

  /** The newest minutes against the hours before: a drift that is slow does not look like a change that is quick. */
  #change(): Evidence {
    const { past, changeDrift } = this.#baseline;
    const recent = this.#scan.recent(CHANGE_MINUTES);
    const mean = recent.mean - past.mean;
    if (recent.weight === 0 || past.weight === 0 || mean < LEAST || recent.mean < LEAST / 2)
      return { nats: 0, mean: 0 };
    const drift = DRIFT_FACTOR * Math.max(MIN_CHANGE_DRIFT, changeDrift);
    return { nats: mean ** 2 / (2 * (1 / recent.weight + 1 / past.weight + drift ** 2)), mean };
  }

  #judge(atMs: number, { mean }: Evidence, share: number, distance: number, precision: number): void {
    if (share > ELEVATED) this.#recurrence.note(atMs, mean);
    if (this.#episode === undefined) {
      if (share < 1 || this.#minutes < MIN_MINUTES) return;
      const expectedUntilMs = this.#recurrence.expectedUntilMs(atMs, mean);
      this.#episode = { sinceMs: atMs, mean, supportedMs: atMs, normalNats: 0, expectedUntilMs };
    } else this.#goOn(this.#episode, atMs, mean, distance, precision);
    this.factor = Math.exp(mean);
  }

  #goOn(episode: Episode, atMs: number, mean: number, distance: number, precision: number): void {
    const assumed = Math.max(this.#allowed, Math.min(episode.mean, MAX_END_MEAN));
    // Log-likelihood ratio of "as before" against "as in the episode".
    const nats = precision * assumed * (assumed / 2 - distance);
    episode.normalNats = Math.max(0, episode.normalNats + Math.max(-MAX_END_NATS, Math.min(MAX_END_NATS, nats)));
    if (distance > assumed / 2) episode.supportedMs = atMs;
    if (episode.normalNats >= END_NATS) this.#end();
    else if (atMs - episode.sinceMs >= ADOPT_MS) {
      this.#baseline.adopt(mean);
      this.#end();
    }
  }

  #end(): void {
    this.#episode = undefined;
    this.#scan.clear();
  }
}

interface Episode {
  sinceMs: number;
  /** When it began. */
  mean: number;
  /** When a minute was last nearer to the episode than to the baseline. */
  supportedMs: number;
  normalNats: number;
  expectedUntilMs: number;
}

/** Of the calls without the slowest, and of their median: one slow call is not an incident. */
function typicalLog({ calls, p50Ms, meanMs, maxMs }: ToolMinute): number {
  if (calls < 3) return Math.log(Math.max(meanMs, MIN_MS));
  const meanOfOthers = (calls * meanMs - maxMs) / (calls - 1);
  return (Math.log(Math.max(meanOfOthers, p50Ms / 20, MIN_MS)) + Math.log(Math.max(p50Ms, MIN_MS))) / 2;
}

/** Clocks say zero of what is quicker than they are. */
const MIN_MS = 0.001;
