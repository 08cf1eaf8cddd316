/** Every failure that reaches a caller has one of these codes; the edge maps it to a status, an exit code or an `isError` answer. */
export type ErrorCode =
  | 'invalid' // the input is wrong; the same call will fail again
  | 'unauthorized' // no token or a wrong one
  | 'forbidden' // a token of too small a scope, a wrong Host or Origin
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable' // try again later: disk full, journal full, shutting down
  | 'internal';

/** HTTP status of each code. */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

export interface VitalsErrorOptions extends ErrorOptions {
  /** What the person in front of it can do about it. */
  hint?: string;
  /** For `rate_limited` and `unavailable`: when trying again makes sense, in milliseconds. */
  retryAfterMs?: number;
}

/** An error that is meant to be read: its message names what was wrong, `hint` what to do. */
export class VitalsError extends Error {
  override readonly name = 'VitalsError';
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: VitalsErrorOptions = {},
  ) {
    super(message, options);
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}
