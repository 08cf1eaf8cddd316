import { DAY_MS } from '../../model/rollup.ts';

/** Until a day is over. */
const INITIAL = 100;

/** How often a day a series is tested: each minute with calls is a test. */
export class TestsPerDay {
  perDay = INITIAL;
  private day = -1;
  private counted = 0;

  /** To be called with each minute. */
  enter(atMs: number): void {
    const day = Math.floor(atMs / DAY_MS);
    if (day === this.day) return;
    if (this.day >= 0) this.perDay = (this.perDay + this.counted) / 2;
    this.day = day;
    this.counted = 0;
  }

  count(): void {
    this.counted += 1;
  }
}
