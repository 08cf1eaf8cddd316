/** Tries a send again a few times, with growing, jittered pauses, when it ended in a way that may pass. */
import type { Clock } from '../clock.ts';
import type { SendResult, Transport } from './transport.ts';

export interface RetryOptions {
  clock: Pick<Clock, 'after'>;
  /** Attempts in all, the first included. */
  maxAttempts: number;
  /** Pause before the second attempt; doubled before each further one. */
  firstDelayMs: number;
  /** From 0 to 1, as `Math.random`: spreads senders that failed together. */
  random(): number;
}

export function withRetry(transport: Transport, options: RetryOptions): Transport {
  let isHurried = false;
  let endPause: (() => void) | undefined;
  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      const cancel = options.clock.after(delayMs, resolve);
      endPause = () => {
        cancel();
        resolve();
      };
    });
  return {
    async send(body) {
      let result = await transport.send(body);
      for (let attempt = 1; attempt < options.maxAttempts && isWorthAnother(result) && !isHurried; attempt += 1) {
        await pause(delayMs(attempt, options));
        if (!isHurried) result = await transport.send(body);
      }
      return result;
    },
    hurry() {
      isHurried = true;
      endPause?.();
    },
    close: () => transport.close(),
  };
}

/** A collector that names a time is left alone until then, by whoever asked for the send. */
function isWorthAnother(result: SendResult): boolean {
  return result.status === 'retryable' && result.retryAfterMs === undefined;
}

function delayMs(attempt: number, { firstDelayMs, random }: RetryOptions): number {
  return firstDelayMs * 2 ** (attempt - 1) * (0.5 + random());
}
