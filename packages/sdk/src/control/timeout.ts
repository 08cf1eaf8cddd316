/**
 * The control `timeout`: a call that has run too long is answered in its tool's place, and its tool is told through the
 * signal. What the tool says after that is dropped. Whether it really stops is up to the tool.
 */
import type { Clock } from '../clock.ts';
import { follow } from '../instrument/follow.ts';

export interface Timeout {
  clock: Pick<Clock, 'after'>;
  afterMs: number;
  /** Answers in the tool's place. */
  answer(): unknown;
}

/**
 * Runs `run` once, with a signal that ends with the time or with `signal`, that of the request.
 * @throws what `run` throws
 */
export function runWithTimeout(
  run: (signal: AbortSignal) => unknown,
  signal: AbortSignal | undefined,
  { clock, afterMs, answer }: Timeout,
): unknown {
  const abort = new AbortController();
  const passOn = () => abort.abort(signal?.reason);
  if (signal?.aborted) passOn();
  signal?.addEventListener('abort', passOn, { once: true });
  const unlisten = () => signal?.removeEventListener('abort', passOn);
  let promised: unknown;
  try {
    promised = run(abort.signal);
  } catch (error) {
    unlisten();
    throw error;
  }
  return new Promise((resolve, reject) => {
    const cancelTimer = clock.after(afterMs, () => {
      unlisten();
      resolve(answer());
      abort.abort(new DOMException('The call has taken too long.', 'TimeoutError'));
    });
    const settle = (end: (value: unknown) => void) => (value: unknown) => {
      cancelTimer();
      unlisten();
      end(value);
    };
    if (!follow(promised, settle(resolve), settle(reject))) settle(resolve)(promised);
  });
}
