/** The way out of the process, and how a send can end. */
import type { Policy } from '@mcp-vitals/wire/encode';

export type SendResult =
  | { status: 'success'; policies?: readonly Policy[] }
  /** The collector had the batch already. */
  | { status: 'duplicate'; policies?: readonly Policy[] }
  /** The collector will never take this batch. */
  | { status: 'failure'; reason: string }
  /** The batch may be taken later, at the earliest after `retryAfterMs` where the collector says so. */
  | { status: 'retryable'; reason: string; retryAfterMs?: number | undefined };

export interface Transport {
  /** Sends one encoded batch. Never rejects. */
  send(body: Uint8Array): Promise<SendResult>;
  /** There is no time left: from here on nothing that failed is tried again. */
  hurry?(): void;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** An encoded batch on its way. Its bytes never change, so that the collector recognises a repeat. */
export interface SealedBatch {
  body: Uint8Array;
  /** Samples in it, to be counted if it is lost. */
  samples: number;
  /** The report of earlier losses it carries. */
  dropped: Readonly<Record<string, number>>;
}

/** Where batches wait that cannot be sent for long. */
export interface Spool {
  /** Writes the batches down; false when there is no room or no way to. Never throws. */
  write(batches: readonly SealedBatch[]): boolean;
  /** Takes the next file of waiting batches; undefined when there is none. Never rejects. */
  claim(): Promise<ClaimedSpoolFile | undefined>;
  /** Leaves what is claimed, or just being claimed, to the next who asks. Synchronous, because it may be the last moment. */
  giveBack(): void;
}

export interface ClaimedSpoolFile {
  path: string;
  /** Encoded batches, oldest first. */
  batches: Uint8Array[];
  /** All batches were sent: deletes the file. */
  done(): Promise<void>;
  /** Sending did not work out: leaves the file to the next who asks. */
  release(): void;
}
