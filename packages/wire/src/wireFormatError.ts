/** Why a body is no batch; the collector answers with it and the sender's diagnostics show it. */
export type WireFormatReason =
  | 'too_large'
  | 'truncated'
  | 'not_msgpack'
  | 'unsupported_version'
  | 'too_deep'
  | 'invalid';

/** A body that is no batch. The message names the field, e.g. `windows[3].endMs`. */
export class WireFormatError extends Error {
  override readonly name = 'WireFormatError';

  constructor(
    readonly reason: WireFormatReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
