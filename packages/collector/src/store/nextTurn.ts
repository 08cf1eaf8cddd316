/** Lets everything else that waits have its turn: a batch that came in, an answer that is due. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
