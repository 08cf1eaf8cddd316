/**
 * Whether the calls of a tool take longer than they should. Works on the logarithm, so that twice as long is the same step
 * for a fast tool as for a slow one; knows how much a minute with so few calls can say; and asks for as much evidence as
 * chance does not give in the time.
 */

import { median } from '../../model/median.ts';
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import { Baseline } from './baseline.ts';
import { COLD_AFTER_MS, END_NATS, QUIET_MS, requiredNats } from './budget.ts';
import { CallClasses, type Expected } from './callClasses.ts';
import type { Reading, ToolMinute } from './observation.ts';
import { Recurrence } from './recurrence.ts';
import { type Evidence, MIN_CALLS, Scan } from './scan.ts';
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
/** Episodes in three days that a bad week may have; each one more takes e^2 times the evidence. */
const USUAL_EPISODES = 3;
const HABIT_MS = 3 * DAY_MS;
const HABIT_NATS = 2;
/** Minutes that tell how strong an elevation is: one wild minute does not. */
const RAW_MINUTES = 3;
/** What one minute says for the end of an episode, at most, nats. */
const MAX_END_NATS = 3;
/** An end is looked for as if calls took no more than e^1.5 times as long. */
const MAX_END_MEAN = 1.5;

export class LatencyWatch {
  isOpen = false;
  /** While it is open: the typical duration, milliseconds. */
  reading: Reading | undefined;
  private readonly baseline = new Baseline();
  private readonly classes = new CallClasses();
  private readonly scan = new Scan();
  private readonly recurrence = new Recurrence();
  private readonly tests = new TestsPerDay();
  private readonly first: number[] = [];
  private readonly raw: number[] = [];
  /** When those of the last days began. */
  private readonly episodes: number[] = [];
  private episode: Episode | undefined;
  /** The last one, when it was left and no call has told yet that it is over. */
  private unended: Episode | undefined;
  private minutes = 0;
  private lastCallMs = Number.NEGATIVE_INFINITY;

  /** @param alarmsPerDay false alarms that chance may raise */
  constructor(public alarmsPerDay: number) {}

  /** @param isExplained whether something else tells why calls took what they took: nothing is judged or learnt then */
  observe(minute: ToolMinute, isExplained: boolean): void {
    const { atMs, calls } = minute;
    this.baseline.enter(atMs);
    this.recurrence.enter(atMs);
    this.tests.enter(atMs);
    if (calls > 0) this.observeCalls(minute, isExplained);
    else this.scan.add(0, 0, 0, 0);
    if (this.episode !== undefined && atMs - this.episode.supportedMs >= QUIET_MS) this.leave(this.episode);
    this.isOpen = this.episode !== undefined && !this.episode.isExpected;
    if (this.episode !== undefined) this.baseline.spoil();
  }

  private observeCalls(minute: ToolMinute, isExplained: boolean): void {
    const { atMs, calls } = minute;
    const isCold = atMs - this.lastCallMs > COLD_AFTER_MS;
    this.lastCallMs = atMs;
    this.tests.count();
    const value = typicalLog(minute);
    if (Number.isNaN(this.baseline.level)) {
      this.start(value);
      return;
    }
    this.minutes += 1;
    const residual = value - this.baseline.level;
    const expected = this.classes.expect(calls, isCold);
    if (expected === undefined) {
      this.scan.add(0, 0, 0, 0);
      this.classes.learn(calls, isCold, residual, atMs);
      return;
    }
    const raw = residual - expected.center - this.baseline.profile;
    const distance = this.cut(raw, calls, expected);
    const precision = 1 / expected.sigma ** 2;
    this.scan.add(isExplained ? 0 : distance, isExplained ? 0 : precision, raw, calls);
    const evidence = this.evidence();
    const neededNats = this.neededNats(atMs);
    const share = evidence.nats / neededNats;
    this.raw.push(raw);
    if (this.raw.length > RAW_MINUTES) this.raw.shift();
    const typical = median(Float64Array.from(this.raw));
    if (!isExplained) this.judge({ atMs, raw: typical, distance, precision }, evidence, share);
    if (this.episode !== undefined) this.note(this.episode, evidence, neededNats, expected.center);
    if (this.episode !== undefined || isExplained || share > SUSPICIOUS) return;
    this.classes.learn(calls, isCold, residual - this.baseline.profile, atMs);
    this.baseline.learn(residual - expected.center, precision);
  }

  private start(value: number): void {
    this.first.push(value);
    if (this.first.length === FIRST_MINUTES) this.baseline.level = median(Float64Array.from(this.first));
  }

  private get allowed(): number {
    return Math.max(ALLOWED.least, ALLOWED.sigmas * this.baseline.drift);
  }

  /** No minute counts for more than such a minute can say. */
  private cut(distance: number, calls: number, { sigma, worth }: Expected): number {
    const robust = Math.min(1, (calls - 1) / ROBUST_CALLS);
    return Math.max(-MAX_BELOW * sigma, Math.min(distance, robust * this.allowed + sigma * worth(distance / sigma)));
  }

  /** A tool that has one episode after the other is not what it is taken for: then it takes more to be believed. */
  private neededNats(atMs: number): number {
    while (this.episodes.length > 0 && this.episodes[0]! < atMs - HABIT_MS) this.episodes.shift();
    return (
      requiredNats(this.tests.perDay, this.alarmsPerDay) +
      HABIT_NATS * Math.max(0, this.episodes.length - USUAL_EPISODES)
    );
  }

  private evidence(): Evidence {
    const { drift } = this.baseline;
    const level = this.scan.strongest({ least: LEAST, allowed: this.allowed, drift: DRIFT_FACTOR * drift });
    const change = this.change();
    const stronger = level.nats >= change.nats ? level : change;
    return { ...stronger, mean: Math.max(level.mean, change.mean) };
  }

  /** The newest minutes against the hours before: a drift that is slow does not look like a change that is quick. */
  private change(): Evidence {
    const { past, changeDrift } = this.baseline;
    const recent = this.scan.recent(CHANGE_MINUTES);
    const mean = recent.mean - past.mean;
    const isTooLittle = recent.calls < MIN_CALLS || recent.weight === 0 || past.weight === 0;
    if (isTooLittle || mean < LEAST || recent.mean < LEAST / 2) return { nats: 0, mean: 0, minutes: 0 };
    const drift = DRIFT_FACTOR * Math.max(MIN_CHANGE_DRIFT, changeDrift);
    const nats = mean ** 2 / (2 * (1 / recent.weight + 1 / past.weight + drift ** 2));
    return { nats, mean, minutes: CHANGE_MINUTES };
  }

  private judge(minute: WeighedMinute, { mean }: Evidence, share: number): void {
    const { atMs, raw } = minute;
    if (this.episode === undefined) {
      if (this.unended !== undefined && this.weighEnd(this.unended, minute)) this.unended = undefined;
      if (share >= 1 && this.minutes >= MIN_MINUTES) this.begin(atMs, mean);
    } else this.goOn(this.episode, minute, mean);
    // A few wild minutes do not make a night's batch another one: the span has to be stronger, too.
    if (this.episode?.isExpected) this.episode.isExpected = this.recurrence.expects(atMs, Math.min(raw, mean));
    if (share > ELEVATED) this.recurrence.note(atMs, raw);
  }

  private begin(atMs: number, mean: number): void {
    const lastsSinceMs = this.unended?.lastsSinceMs ?? atMs;
    this.episode = { sinceMs: atMs, lastsSinceMs, mean, supportedMs: atMs, normalNats: 0, isExpected: true };
    this.unended = undefined;
    this.episodes.push(atMs);
  }

  private goOn(episode: Episode, minute: WeighedMinute, mean: number): void {
    if (this.weighEnd(episode, minute)) this.end();
    else if (minute.atMs - episode.lastsSinceMs >= ADOPT_MS) {
      this.baseline.adopt(mean);
      this.end();
    }
  }

  /** Adds a minute to what speaks for the end of an episode; returns whether that is enough: by the likelihood ratio of "as before" against "as in the episode". */
  private weighEnd(episode: Episode, { atMs, distance, precision }: WeighedMinute): boolean {
    const assumed = Math.max(this.allowed, Math.min(episode.mean, MAX_END_MEAN));
    const nats = precision * assumed * (assumed / 2 - distance);
    episode.normalNats = Math.max(0, episode.normalNats + Math.max(-MAX_END_NATS, Math.min(MAX_END_NATS, nats)));
    if (distance > assumed / 2) episode.supportedMs = atMs;
    return episode.normalNats >= END_NATS;
  }

  /** Calls have stopped coming: the episode is no longer told of, but nobody has seen it end. */
  private leave(episode: Episode): void {
    this.unended = episode;
    this.end();
  }

  /**
   * What is said of an episode is the strongest that was seen of it.
   * @param center of minutes with so many calls as the newest has: the level by itself is of none
   */
  private note({ sinceMs }: Episode, { nats, mean, minutes }: Evidence, neededNats: number, center: number): void {
    if (this.reading?.evidence !== undefined && this.reading.evidence.nats >= nats) return;
    const usual = this.baseline.level + this.baseline.profile + center;
    this.reading = {
      sinceMs: this.reading?.sinceMs ?? sinceMs - Math.max(0, minutes - 1) * MINUTE_MS,
      value: Math.exp(usual + Math.max(mean, this.scan.rawMean(minutes))),
      low: Math.exp(usual - LEAST),
      high: Math.exp(usual + LEAST),
      evidence: { nats, neededNats },
    };
  }

  private end(): void {
    this.episode = undefined;
    this.reading = undefined;
    this.scan.clear();
  }
}

interface Episode {
  sinceMs: number;
  /** When it, or the one that it goes on with, began. */
  lastsSinceMs: number;
  /** When it began. */
  mean: number;
  /** When a minute was last nearer to the episode than to the baseline. */
  supportedMs: number;
  normalNats: number;
  /** Whether it is what comes back at this time of the day or the week. */
  isExpected: boolean;
}

interface WeighedMinute {
  atMs: number;
  /** Distance from what was expected, on the log scale. */
  raw: number;
  /** The same, cut to what such a minute can say. */
  distance: number;
  precision: number;
}

/** Clocks say zero of what is quicker than they are. */
const MIN_MS = 0.001;

/**
 * Between the median, which a few slow calls do not move, and the mean without the slowest, which does not jump when calls
 * are either quick or slow, cached or not.
 */
function typicalLog({ calls, p50Ms, meanMs, maxMs }: ToolMinute): number {
  if (calls < 3) return Math.log(Math.max(meanMs, MIN_MS));
  const trimmedMs = (calls * meanMs - maxMs) / (calls - 1);
  return (Math.log(Math.max(trimmedMs, p50Ms / 20, MIN_MS)) + Math.log(Math.max(p50Ms, MIN_MS))) / 2;
}
