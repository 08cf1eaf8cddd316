/**
 * What the SDK tells about itself: one line on stderr per kind of trouble, and counters. Nothing here may write to
 * stdout, which belongs to the protocol of a stdio server, and nothing may throw.
 */

/** Why samples were lost; travels to the collector in `Batch.dropped`. */
export type DropReason =
  | 'queue_full' // the collector was away and neither memory nor spool had room
  | 'rejected' // the collector refused the batch for good
  | 'encode_failed'; // the batch could not be written down

/** How the SDK is doing, since the process started. */
export interface Counters {
  /** Calls recorded, whatever their outcome. */
  recorded: number;
  /** Batches the collector has acknowledged. */
  batchesSent: number;
  /** Attempts to send that failed, tried again or not. */
  sendFailures: number;
  /** Batches written to the spool. */
  batchesSpooled: number;
  /** Samples lost, by reason. */
  dropped: Partial<Record<DropReason, number>>;
}

export class Diagnostics {
  readonly counters: Counters = { recorded: 0, batchesSent: 0, sendFailures: 0, batchesSpooled: 0, dropped: {} };
  readonly #warned = new Set<string>();
  #unreported = new Map<string, number>();

  /** @param tell is told of problems */
  constructor(public tell: (message: string) => void = writeToStderr) {}

  /** Says `message` the first time that `kind` of trouble occurs; later ones are only counted. */
  warnOnce(kind: string, message: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    try {
      this.tell(message);
    } catch {
      // A closed stderr is no reason to disturb the server.
    }
  }

  /** Counts lost samples, to be told with the next batch. */
  dropped(reason: DropReason, samples: number): void {
    if (samples === 0) return;
    this.counters.dropped[reason] = (this.counters.dropped[reason] ?? 0) + samples;
    this.#unreported.set(reason, (this.#unreported.get(reason) ?? 0) + samples);
  }

  /** The losses nobody was told about yet; they count as told from now on. */
  takeUnreported(): Record<string, number> {
    const taken = Object.fromEntries(this.#unreported);
    this.#unreported = new Map();
    return taken;
  }

  /**
   * Takes back what `takeUnreported` gave to a batch that was itself lost. Losing a report is no new loss, so nothing
   * is added to the counters and a report cannot breed reports.
   */
  restoreUnreported(report: Readonly<Record<string, number>>): void {
    for (const [reason, samples] of Object.entries(report)) {
      this.#unreported.set(reason, (this.#unreported.get(reason) ?? 0) + samples);
    }
  }
}

function writeToStderr(message: string): void {
  process.stderr.write(`mcp-vitals: ${message}\n`);
}
