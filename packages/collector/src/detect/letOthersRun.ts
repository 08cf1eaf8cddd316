/** Gives what else waits in this process, ingest above all, its turn between two slices of work. */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
