/** What a load is put on: a port, so that the load knows nothing of protocols and processes. */
import type { FailureKind } from '../baseline.ts';

export interface LoadTarget {
  /** Never rejects. */
  call(tool: string, args: Record<string, unknown>, timeoutMs: number, signal: AbortSignal): Promise<CallOutcome>;
  /** Resolves when the server has ended, with how, in words. */
  ended: Promise<string>;
}

export type CallOutcome = { ok: true } | { ok: false; kind: FailureKind; detail: string };

/** Of an open loop: it would have been one too many at a time. */
export const DROPPED: CallOutcome = { ok: false, kind: 'dropped', detail: 'too many calls were under way' };
