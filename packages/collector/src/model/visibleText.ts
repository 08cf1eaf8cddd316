/**
 * Text from outside (tool names, error classes, notes) on its way to a person or a model. What cannot be seen can lie:
 * a line break starts a new paragraph of a report, an override turns a name around, a tag character carries words that
 * only a model reads. Such characters are written out as `\u{...}`; nothing else is changed.
 */

/**
 * Controls, format characters (bidi, zero-width, tags), separators of lines and paragraphs, lone surrogates, private
 * use, blank fillers, and variation selectors but for the one that emoji use.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|(?!\uFE0F)\p{Variation_Selector}/gu;

/** What stands for the rest of a text that was cut. */
export const CUT_MARK = '…';

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return NAMED[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/**
 * @param maxLength longest result in characters, the mark of a cut included
 */
export function visibleText(text: string, maxLength: number): string {
  // A name of 10 kB costs no more than what is shown of it: escaping only makes text longer.
  const shown = text.slice(0, maxLength + 1).replace(INVISIBLE, escaped);
  if (shown.length <= maxLength) return shown;
  const cut = shown.slice(0, maxLength - CUT_MARK.length);
  return (endsInHalfAPair(cut) ? cut.slice(0, -1) : cut) + CUT_MARK;
}

function endsInHalfAPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
