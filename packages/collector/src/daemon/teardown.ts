/** What has been started, to be stopped in the opposite order, each step even when one before it failed. */
export class Teardown {
  readonly #steps: (() => unknown)[] = [];

  /** Adds what undoes the step just taken. */
  add(undo: () => unknown): void {
    this.#steps.push(undo);
  }

  /** Runs all of it, last first. A second call finds nothing left to do. */
  async run(onError: (error: unknown) => void): Promise<void> {
    for (let undo = this.#steps.pop(); undo; undo = this.#steps.pop()) {
      try {
        await undo();
      } catch (error) {
        onError(error);
      }
    }
  }
}
