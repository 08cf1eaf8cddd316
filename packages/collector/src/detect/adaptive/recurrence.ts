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
  /** Greatest mean distance. */
  mean: number;
}

export class Recurrence {
  readonly #elevations: Elevation[] = [];
  #firstMs: number | undefined;

  /** To be called with each minute. */
  enter(atMs: number): void {
    this.#firstMs ??= atMs;
  }

  /** Notes a minute that is above its baseline, alarm or not. */
  note(atMs: number, mean: number): void {
    const last = this.#elevations.at(-1);
    if (last !== undefined && atMs - last.toMs < GAP_MS) {
      last.toMs = atMs;
      last.mean = Math.max(last.mean, mean);
      return;
    }
    this.#elevations.push({ fromMs: atMs, toMs: atMs, mean });
    while (this.#elevations[0]!.fromMs < atMs - MEMORY_MS) this.#elevations.shift();
  }

  /** Until when an elevation that begins now is nothing new; 0 when it is. */
  expectedUntilMs(atMs: number, mean: number): number {
    const untilMs = DAYS.flatMap((days) => {
      const before = this.#elevations.find((elevation) => isLike(elevation, atMs - days * DAY_MS, mean));
      return before === undefined ? [] : [before.toMs + days * DAY_MS + SLACK_MS];
    });
    const needed = atMs - this.#firstMs! < YOUNG_MS ? 1 : TIMES;
    return untilMs.length < needed ? 0 : Math.max(...untilMs);
  }
}

function isLike(elevation: Elevation, atMs: number, mean: number): boolean {
  return (
    atMs >= elevation.fromMs - SLACK_MS &&
    atMs <= elevation.toMs + SLACK_MS &&
    mean < elevation.mean * STRONGER.factor + STRONGER.plus
  );
}
