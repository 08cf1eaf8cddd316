/** What kind of failure it is that a call was rejected with. */
import { ProtocolError, SdkError, SdkErrorCode } from '@modelcontextprotocol/client';
import type { CallOutcome } from '../load/target.ts';

export function failedOutcome(error: unknown): CallOutcome {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof ProtocolError) return { ok: false, kind: 'protocol_error', detail: `${error.code}: ${detail}` };
  const isLate = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
  const isRefused = error instanceof SdkError && REFUSALS.has(error.code);
  return { ok: false, kind: isLate ? 'timeout' : isRefused ? 'protocol_error' : 'connection', detail };
}

/** The server answered, but with what is no answer to a call. */
const REFUSALS: ReadonlySet<string> = new Set([
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
  SdkErrorCode.CapabilityNotSupported,
]);
