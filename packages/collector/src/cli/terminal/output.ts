/** What a command prints: the answer for programs, or the same for a person, as wide as the terminal and in its colours. */
import { type Paint, painterFor } from './style.ts';

/** How something is to be printed on stdout. */
export interface PrintStyle {
  paint: Paint;
  /** Columns of the terminal; undefined on a pipe, which has no edge. */
  available: number | undefined;
}

export function styleOfStdout(): PrintStyle {
  const { stdout, env } = process;
  return { paint: painterFor(stdout, env), available: stdout.isTTY ? stdout.columns || 80 : undefined };
}

/** @param describe called only when it is not JSON that is wanted */
export function printAnswer(asJson: boolean | undefined, answer: unknown, describe: () => string): void {
  console.log(asJson ? jsonText(answer) : describe());
}

/** What a terminal might obey and JSON lets pass as it is: C1 controls, overrides of direction, tags. */
const UNSEEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same to whoever parses it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSEEN, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
