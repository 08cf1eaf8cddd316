/** As many calls at a time as there are callers; each makes its next when it has an answer. */

/** @returns when all are done; calls that wait when `isOver` turns true are not made */
export async function closedLoop<Call>(
  calls: Iterable<Call>,
  callers: number,
  make: (call: Call) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const waiting = calls[Symbol.iterator]();
  async function caller(): Promise<void> {
    for (let next = waiting.next(); !next.done && !isOver(); next = waiting.next()) await make(next.value);
  }
  await Promise.all(Array.from({ length: callers }, caller));
}
