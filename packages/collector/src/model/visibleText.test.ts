import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from './visibleText.ts';

describe('visibleText', () => {
  it.each([
    ['plain_tool-name.2', 'plain_tool-name.2'],
    ['größe 文字 🙂', 'größe 文字 🙂'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['nul\0', 'nul\\u{0}'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['user\u202Etxt.exe', 'user\\u{202e}txt.exe'],
    ['zero\u200Bwidth\uFEFF', 'zero\\u{200b}width\\u{feff}'],
    ['line\u2028para\u2029', 'line\\u{2028}para\\u{2029}'],
    ['tag\u{E0041}', 'tag\\u{e0041}'],
    ['lone\uD83D', 'lone\\u{d83d}'],
    ['filler\u3164', 'filler\\u{3164}'],
  ])('shows %j as %s', (text, shown) => {
    expect(visibleText(text, 80)).toBe(shown);
  });

  it('cuts with a mark, at the length asked for', () => {
    expect(visibleText('abcdef', 6)).toBe('abcdef');
    expect(visibleText('abcdefg', 6)).toBe('abcde…');
  });

  it('never cuts a character in half', () => {
    expect(visibleText('abc🙂🙂', 6)).toBe('abc🙂…');
    expect(visibleText('abcd🙂🙂', 6)).toBe('abcd…');
  });

  it('is one bounded line of visible characters, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 2, max: 100 }),
        (text, maxLength) => {
          const shown = visibleText(text, maxLength);
          expect(shown.length).toBeLessThanOrEqual(maxLength);
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        },
      ),
    );
  });
});
