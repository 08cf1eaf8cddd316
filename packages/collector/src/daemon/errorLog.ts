/**
 * Where requests that failed are written down. What is temporary comes in numbers: a database that is away fails every batch
 * of every sender, and saying so once a minute is enough.
 */
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { MINUTE_MS } from '../model/rollup.ts';

export function createErrorLog(logger: Pick<Logger, 'error'>, clock: Pick<Clock, 'monotonicMs'>) {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let unsaid = 0;

  return function onError(error: unknown): void {
    const isTemporary = error instanceof VitalsError && error.code === 'unavailable';
    if (!isTemporary) {
      logger.error({ err: error }, 'A request failed');
      return;
    }
    const nowMs = clock.monotonicMs();
    if (nowMs - saidAtMs < MINUTE_MS) {
      unsaid += 1;
      return;
    }
    logger.error({ err: error, ...(unsaid > 0 && { unsaid }) }, 'Requests fail for now; senders keep what they have');
    saidAtMs = nowMs;
    unsaid = 0;
  };
}
