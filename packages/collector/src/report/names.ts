/** Names from outside in a report: as code, which Markdown renders as it stands and HTML escapes. */
import { visibleText } from '../model/visibleText.ts';

const MAX_LENGTH = 80;

/** Ends a code span, a table cell. */
const ACTIVE = /[`|]/g;

/** A name as a code span that holds in running text, in a list and in a table. */
export function code(name: string): string {
  const shown = visibleText(name, MAX_LENGTH).replace(ACTIVE, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`);
  return shown.trim() === '' ? '` `' : `\`${shown}\``;
}

/** A tool of a server; a server's own figures have no tool. */
export function subject(server: string, tool: string): string {
  if (server === '') return tool === '' ? 'everything' : code(tool);
  return tool === '' ? code(server) : `${code(tool)} of ${code(server)}`;
}
