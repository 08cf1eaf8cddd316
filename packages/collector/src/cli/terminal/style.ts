/** The one place that decides whether there are colours, and the few there are. */
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** @returns the text in that style, or as it is: where there are no colours, and without a style */
export type Paint = (style: Style | undefined, text: string) => string;

export interface Output {
  isTTY?: boolean | undefined;
}

/**
 * Off with NO_COLOR, whatever else is said: who sets it cannot see them or does not want them. FORCE_COLOR comes next, for
 * pipes that end in a terminal after all. Without either: on a terminal that is not `dumb`.
 */
export function hasColours({ isTTY }: Output, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY === true && TERM !== 'dumb';
}

export const plain: Paint = (_style, text) => text;

/** Node would look at stdout and the environment once more, with rules that differ from version to version. */
export const coloured: Paint = (style, text) =>
  style === undefined || text === '' ? text : styleText(style, text, { validateStream: false });

export function painterFor(output: Output, env: NodeJS.ProcessEnv): Paint {
  return hasColours(output, env) ? coloured : plain;
}
