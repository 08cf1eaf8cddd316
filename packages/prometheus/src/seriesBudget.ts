/** How many series may be exposed, of all servers together. */
export class SeriesBudget {
  #used = 0;
  #limited = 0;
  readonly #mostWithOthers: number;

  constructor(private readonly most: number) {
    // Each server and kind has a series more, for what is beyond the limit; those have a limit too.
    this.#mostWithOthers = Math.ceil(most * 1.1);
  }

  /** Windows that were not counted under their own name. */
  get limited(): number {
    return this.#limited;
  }

  take(): boolean {
    if (this.#used >= this.most) return false;
    this.#used += 1;
    return true;
  }

  takeForOthers(): boolean {
    if (this.#used >= this.#mostWithOthers) return false;
    this.#used += 1;
    return true;
  }

  giveBack(series: number): void {
    this.#used -= series;
  }

  countLimited(): void {
    this.#limited += 1;
  }
}
