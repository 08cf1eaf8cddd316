/**
 * Names as they are stored. They come from strangers: a NUL would end the string in SQLite, a lone surrogate cannot be
 * written as UTF-8, and 10 kB of name would be paid for in every answer. The replacement depends on the name alone, so
 * a query for the original finds it.
 */
import { createHash } from 'node:crypto';
import { workspacePrefix } from '../model/workspace.ts';

const EMPTY_NAME = '(unnamed)';
const HASH_LENGTH = 12;
const LONE_SURROGATES = /\p{Surrogate}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/g;

/**
 * Control characters become their visible pictures (U+2400 and on), names beyond `maxLength` end in `~` and a hash of the whole.
 * The workspace before a server's name stays whatever the length: it says who may see it.
 */
export function storedName(name: string, maxLength: number): string {
  if (name === '') return EMPTY_NAME;
  const prefix = workspacePrefix(name);
  return prefix + storedLocalName(name.slice(prefix.length), maxLength);
}

function storedLocalName(name: string, maxLength: number): string {
  const clean = name.replace(CONTROL_CHARACTERS, picture).replace(LONE_SURROGATES, '\ufffd');
  return clean.length <= maxLength ? clean : shortened(clean, maxLength);
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

function shortened(name: string, maxLength: number): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  const kept = name.slice(0, Math.max(0, maxLength - HASH_LENGTH - 1)).replace(LONE_SURROGATES, '');
  return `${kept}~${hash}`;
}
