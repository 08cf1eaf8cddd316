/** Columns of a terminal that a text takes, and texts made to fit: ideographs and emoji take two, combining marks none. */
import stringWidth from 'string-width';
import { CUT_MARK, visibleText } from '../../model/visibleText.ts';

const ASCII = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Longer than any line, short enough that a name of 10 kB costs nothing. */
const MAX_CHARACTERS = 400;

/** A name from outside, as it may be shown: nothing that a terminal would obey. */
export function shownName(name: string): string {
  return visibleText(name, MAX_CHARACTERS);
}

export function columnsOf(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** The text, or as much of its beginning as leaves room for the mark of a cut. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return kept + CUT_MARK;
}

/** Exactly that many columns: cut, or filled with spaces. */
export function fitTo(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cutTo(text, columns);
  const space = ' '.repeat(Math.max(0, columns - columnsOf(shown)));
  return align === 'left' ? shown + space : space + shown;
}
