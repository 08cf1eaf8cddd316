/** What comes back at the same time of day or of the week: a nightly batch makes calls slow, and nobody is to be woken. */
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';

/** Days after which something counts as coming back. */
const DAYS = [1, 2, 3, 7] as const;
const MEMORY_MS = 8 * DAY_MS;
/** How punctual it has to be. */
const SLACK_MS = 12 * MINUTE_MS;
/** Elevations nearer to each other are one. */
const GAP_MS = 15 * MINUTE_MS;
/** How much stronger it may be than it was, on the log scale: a third, and a tenth. */
const STRONGER = { factor: 1.3, plus: 0.1 } as const;
/** Twice seen is a habit; while there are fewer days than that to look at, once has to do. */
const TIMES = 2;
const YOUNG_MS = 3.5 * DAY_MS;

interface Elevation {
  fromMs: number;
  toMs: number;
  /** Mean distance of its minutes. */
  mean: number;
  minutes: number;
}

export class Recurrence {
  private readonly elevations: Elevation[] = [];
  private firstMs: number | undefined;

  /** To be called with each minute. */
  enter(atMs: number): void {
    this.firstMs ??= atMs;
  }

  /** Notes a minute that is above its baseline, alarm or not. @param distance on the log scale */
  note(atMs: number, distance: number): void {
    const last = this.elevations.at(-1);
    if (last !== undefined && atMs - last.toMs < GAP_MS) {
      last.toMs = atMs;
      last.minutes += 1;
      last.mean += (distance - last.mean) / last.minutes;
      return;
    }
    this.elevations.push({ fromMs: atMs, toMs: atMs, mean: distance, minutes: 1 });
    while (this.elevations[0]!.fromMs < atMs - MEMORY_MS) this.elevations.shift();
  }

  /** Whether such a minute is nothing new at this time. */
  expects(atMs: number, distance: number): boolean {
    const times = DAYS.filter((days) => this.elevations.some((one) => isLike(one, atMs - days * DAY_MS, distance)));
    return times.length >= (atMs - this.firstMs! < YOUNG_MS ? 1 : TIMES);
  }
}

function isLike(elevation: Elevation, atMs: number, distance: number): boolean {
  return (
    atMs >= elevation.fromMs - SLACK_MS &&
    atMs <= elevation.toMs + SLACK_MS &&
    distance < elevation.mean * STRONGER.factor + STRONGER.plus
  );
}
