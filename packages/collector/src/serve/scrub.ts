/**
 * Takes out of an error message what may name a person or open a door, and shortens the rest. Messages are written by
 * programs that never thought of being stored: paths with user names, URLs with tokens, the address of a customer. The
 * rules are few and coarse on purpose: what a reader needs of a message is its words, and those stay.
 */

/** Longest message that is kept, in characters. */
export const MAX_MESSAGE_LENGTH = 500;
/** No rule looks further: a message of megabytes must not cost more than one of a page. */
const MAX_SCRUBBED_LENGTH = 4_000;

/** In this order: each works on what those before it left. */
const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // The user part, query and fragment of a URL; what is left says which service it was.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@?#]{1,200}@/gi, '$1'],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s?#"'<>]{1,1000})[?#][^\s"'<>]*/gi, '$1?…'],
  [/[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/gi, '<email>'],
  // `Bearer x`, `token=x`, `"api_key": "x"`: the value, whatever it looks like.
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 <secret>'],
  [
    /\b([\w-]{0,30}(?:api[_-]?key|token|secret|passw(?:or)?d|pwd|authorization|credential)s?["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&)}\]]+)/gi,
    '$1<secret>',
  ],
  [/(\/(?:home|Users)\/|[a-z]:\\Users\\)[^\s/\\:"']+/gi, '$1<user>'],
  // What no word looks like: 20 and more characters of key material with digits and letters in it.
  [/(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{20,}(?![\w-])/gi, '<token>'],
  // Phone, card and account numbers; also with separators between the digits.
  [/(?<![\d.])\d(?:[ -]?\d){6,}(?![\d.])/g, '<number>'],
];

/** @returns undefined for a message of nothing but white space */
export function scrubMessage(message: string): string | undefined {
  let text = message.slice(0, MAX_SCRUBBED_LENGTH).trim();
  for (const [pattern, replacement] of RULES) text = text.replace(pattern, replacement);
  if (text.length > MAX_MESSAGE_LENGTH) text = `${text.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
  return text === '' ? undefined : text;
}
