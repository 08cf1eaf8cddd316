/**
 * How text from outside appears in a tool's answer. Tool names, error classes and notes come from strangers and go to a
 * model: they stand in quotes as one line of bounded length, so that they read as data and cannot pass for our words.
 */
import { visibleText } from './visibleText.ts';

/**
 * Quotes a text as data: `"name"`, with quotes and backslashes inside escaped, what is invisible written out, and the
 * rest of a long text replaced by a mark.
 * @param maxLength longest text between the quotes, in characters, escapes included
 */
export function quoteUntrusted(text: string, maxLength = 80): string {
  const start = text.slice(0, maxLength + 1);
  return `"${visibleText(start.replace(/[\\"]/g, '\\$&'), maxLength)}"`;
}

const MAX_LISTED = 10;

/** The first few, and how many more there are. */
export function quoteUntrustedList(texts: readonly string[]): string {
  const more = texts.length > MAX_LISTED ? ` and ${texts.length - MAX_LISTED} more` : '';
  return (
    texts
      .slice(0, MAX_LISTED)
      .map((text) => quoteUntrusted(text))
      .join(', ') + more
  );
}
