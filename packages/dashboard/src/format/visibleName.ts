/** Names from outside, on their way to a person. */

/** But for the variation selector that emoji use. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|(?!\uFE0F)\p{Variation_Selector}/gu;

/** A name from outside, with what cannot be seen written out: a turned-around or an empty name would pass for another. */
export function visibleName(name: string): string {
  return name.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
