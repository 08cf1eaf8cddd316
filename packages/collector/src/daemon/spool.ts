/** Takes in the batches that SDKs wrote down because they could not send them before their process ended. */
import { claimSpool } from '@mcp-vitals/sdk/spool';
import { VitalsError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Logger } from '../logger.ts';

export interface SpoolDeps {
  dataDir: string;
  /** What becomes of a batch it does not ask. */
  ingest: { receive(...batch: Parameters<Ingest['receive']>): Promise<unknown> };
  logger: Pick<Logger, 'warn' | 'info'>;
}

/** Whether a batch that failed this way may be stored later; one that may not must not keep the others waiting. */
function isTemporary(error: unknown): boolean {
  return !(error instanceof VitalsError) || error.code === 'unavailable';
}

/**
 * Makes the job that empties the spool. A file is deleted when each of its batches is durable or refused for good; it
 * stays where it is when the store cannot take it now. Batches that were sent after all are recognised and not counted
 * again.
 */
export function createSpoolCollector({ dataDir, ingest, logger }: SpoolDeps): () => Promise<void> {
  async function takeIn(bodies: readonly Uint8Array[]): Promise<void> {
    for (const body of bodies) {
      try {
        // Spooled bodies carry the clock of this machine, so there is no skew to measure.
        await ingest.receive(body, undefined);
      } catch (error) {
        if (isTemporary(error)) throw error;
        logger.warn({ err: error }, 'A spooled batch was refused');
      }
    }
  }

  return async function collectSpool() {
    for await (const file of claimSpool(dataDir)) {
      try {
        await takeIn(file.batches);
        await file.done();
        logger.info({ batches: file.batches.length }, 'Took in a spool file');
      } catch (error) {
        await file.release();
        throw error;
      }
    }
  };
}
