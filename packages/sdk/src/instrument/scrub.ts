/**
 * Takes out of an error message what most often should not leave the process. It errs on the side of taking out too
 * much, and is no promise: who cannot risk a leak leaves `errorMessages` off, which is the default.
 */

/** Work is bounded: nothing beyond this is looked at, and every pattern is linear. */
const MAX_SCRUBBED_LENGTH = 2_000;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // user:password@ and the query of a URL
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{1,200}@/gi, '$1[…]@'],
  [/\?[^\s"'<>]{1,2000}/g, '?[…]'],
  [/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,255}/gu, '[email]'],
  [/\b(bearer|basic)\s+[^\s"',;]{1,2000}/gi, '$1 […]'],
  // password=…, "apiKey": "…"
  [
    /([\w-]{0,40}(?:pass(?:word|wd)?|secret|token|key|auth|credential|session|cookie)[\w-]{0,40}["']?\s{0,3}[=:]\s{0,3})("[^"]{0,2000}"|'[^']{0,2000}'|[^\s,;&"']{1,2000})/gi,
    '$1[…]',
  ],
  // home directories name people
  [/((?:\/home\/|\/Users\/|\\Users\\))[^/\\\s"']{1,255}/g, '$1[…]'],
  // long runs of letters and digits with at least one digit: keys, hashes, identifiers
  [/\b(?=[A-Za-z_-]{0,200}\d)[\w-]{20,2000}\b/g, '[…]'],
  // telephone, card and account numbers
  [/\b\d(?:[ -]?\d){7,24}\b/g, '[…]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[ip]'],
];

export function scrub(message: string): string {
  return PATTERNS.reduce((text, [pattern, mark]) => text.replace(pattern, mark), message.slice(0, MAX_SCRUBBED_LENGTH));
}
