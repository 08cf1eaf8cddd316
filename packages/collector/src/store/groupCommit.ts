/**
 * Calls made close together share one commit. While a commit runs, requests pile up in the sockets; they are all read in the
 * event loop's next turn and make up the next group, so the group grows with the load and an idle store waits for nothing.
 */
interface Waiting<T> {
  entry: T;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class GroupCommit<T> {
  #waiting: Waiting<T>[] = [];

  /** @param commit makes all entries durable and visible, or throws and changes nothing */
  constructor(private readonly commit: (entries: readonly T[]) => void) {}

  add(entry: T): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush());
      this.#waiting.push({ entry, resolve, reject });
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    const group = this.#waiting;
    if (group.length === 0) return;
    this.#waiting = [];
    try {
      this.commit(group.map(({ entry }) => entry));
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const { resolve } of group) resolve();
  }
}
