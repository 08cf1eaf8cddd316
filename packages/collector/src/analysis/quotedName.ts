/** Names from outside in messages of ours: one visible line in quotes each, as in answers of tools. */
import { visibleText } from '../model/visibleText.ts';

const MAX_NAMES = 10;
const MAX_LENGTH = 80;

export function quotedName(name: string): string {
  return `"${visibleText(name.slice(0, MAX_LENGTH + 1).replace(/[\\"]/g, '\\$&'), MAX_LENGTH)}"`;
}

/** The first few, and how many more there are. */
export function quotedNames(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return names.slice(0, MAX_NAMES).map(quotedName).join(', ') + more;
}
