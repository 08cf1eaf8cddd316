/** Whether calls that should come do not. Made for tools that are called all the time; of others silence says nothing. */
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import { Blocks, blockAt, sameTimeBefore } from './blocks.ts';
import type { Reading, ToolMinute } from './observation.ts';

/** So little chance, e^-14, that even a tool whose calls come in clumps does not reach it. */
const NEEDED_NATS = 14;
/** Calls come in clumps: a minute without any says half of what it would say of independent ones. */
export const CLUMPED = 0.5;
/** What comes regularly says more by not coming than what comes by chance: a sign of life each minute, say. */
export const REGULAR = 3;
/** What takes longer to be seen than this is a tool that is called too seldom. */
const MAX_MINUTES = 40;
/** A tool that fell silent more than once in a week does so. */
const MAX_SILENCES = 1;
const WEEK_MS = 7 * DAY_MS;
/** After as long nobody waits for calls any more. */
const GIVE_UP_MINUTES = 360;
/** A first day says how the tool is called. */
const MIN_AGE_MS = DAY_MS;
/** The rate before is the lower of that of the last ten minutes and that of the last thirty: it may be falling. */
const BEFORE = [10, 30] as const;
/** The rate before, on other days, is that of half an hour. */
const RATE_BLOCKS = 3;
/** Days on which fewer calls came say nothing of what follows them. */
const MIN_RATE = 1;

export class SilenceWatch {
  isOpen = false;
  /** While it is open: calls a minute. */
  reading: Reading | undefined;
  private readonly blocks = new Blocks();
  private readonly recent: number[] = [];
  private silences: number[] = [];
  private block = -1;
  private blockCalls = 0;
  private blockMinutes = 0;
  private firstMs: number | undefined;
  private lastMs: number | undefined;
  private minutes = 0;
  private nats = 0;
  private rateBefore = 0;

  /** @param natsPerCall what a call that was expected and did not come says */
  constructor(private readonly natsPerCall: number = CLUMPED) {}

  observe({ atMs, calls }: Pick<ToolMinute, 'atMs' | 'calls'>): void {
    this.firstMs ??= atMs;
    // Nobody has looked: whether calls came is not known.
    if (this.lastMs !== undefined && atMs - this.lastMs > MINUTE_MS) this.recent.length = 0;
    this.lastMs = atMs;
    this.count(atMs, calls);
    if (calls > 0) this.hear(atMs);
    else this.wait(atMs);
    this.recent.unshift(calls);
    if (this.recent.length > BEFORE[1]) this.recent.pop();
  }

  private hear(atMs: number): void {
    if (this.nats >= NEEDED_NATS) this.silences.push(atMs);
    this.silences = this.silences.filter((silenceMs) => atMs - silenceMs < WEEK_MS);
    this.isOpen = false;
    this.reading = undefined;
    this.nats = 0;
    this.minutes = 0;
  }

  private wait(atMs: number): void {
    if (this.minutes === 0) this.rateBefore = Math.min(...BEFORE.map((minutes) => meanOf(this.recent, minutes)));
    this.minutes += 1;
    // Most tools are called too seldom for their silence to say anything.
    if (this.natsPerCall * this.rateBefore * MAX_MINUTES < NEEDED_NATS) return;
    this.nats += this.natsPerCall * this.rateBefore * this.usualFall(atMs);
    const isNew = this.minutes <= MAX_MINUTES && this.silences.length <= MAX_SILENCES;
    if (this.nats >= NEEDED_NATS && isNew && atMs - this.firstMs! >= MIN_AGE_MS) this.isOpen = true;
    if (this.minutes > GIVE_UP_MINUTES) this.isOpen = false;
    this.reading = this.isOpen ? this.read(atMs) : undefined;
  }

  private read(atMs: number): Reading {
    return {
      sinceMs: atMs - (this.minutes - 1) * MINUTE_MS,
      value: 0,
      low: Math.min(1, this.rateBefore),
      high: this.rateBefore,
      evidence: { nats: this.nats, neededNats: NEEDED_NATS },
    };
  }

  /** What share of the calls is left at this time on the day when it falls most: offices close. */
  private usualFall(atMs: number): number {
    const before = sameTimeBefore(blockAt(atMs - this.minutes * MINUTE_MS));
    const now = sameTimeBefore(blockAt(atMs));
    const shares = now.flatMap((block, day) => {
      const rate = this.blocks.between(before[day]! - RATE_BLOCKS, before[day]! - 1);
      const then = this.blocks.between(block, block);
      return rate.weight > 0 && then.weight > 0 && rate.mean >= MIN_RATE ? [then.mean / rate.mean] : [];
    });
    return Math.min(1, ...shares);
  }

  private count(atMs: number, calls: number): void {
    const block = blockAt(atMs);
    if (block !== this.block) {
      if (this.blockMinutes > 0) this.blocks.set(this.block, this.blockCalls / this.blockMinutes, this.blockMinutes);
      this.block = block;
      this.blockCalls = 0;
      this.blockMinutes = 0;
    }
    this.blockCalls += calls;
    this.blockMinutes += 1;
  }
}

function meanOf(values: readonly number[], count: number): number {
  const counted = values.slice(0, count);
  return counted.length === 0 ? 0 : counted.reduce((sum, value) => sum + value, 0) / counted.length;
}
