/** Listening to a promise of somebody else without a change to it. */
import { types } from 'node:util';

const followPromise = Promise.prototype.then;

/**
 * Listens to a promise; false when `answer` is none. Only real promises are followed: calling `then` on another
 * thenable can start its work, and that would be a second time.
 */
export function follow(
  answer: unknown,
  answered: (answer: unknown) => void,
  failed: (error: unknown) => void,
): boolean {
  // `instanceof` is much the faster check; the other one knows promises of other realms.
  if (!(answer instanceof Promise) && !types.isPromise(answer)) return false;
  try {
    followPromise.call(answer, answered, failed);
    return true;
  } catch {
    return false; // It only looked like one.
  }
}
