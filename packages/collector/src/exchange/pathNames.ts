/**
 * Names of servers and tools as names of files. They come from strangers and end up on file systems that fold case, reserve
 * `con` and `nul`, and forbid slashes and colons; so everything but small letters, digits, `-`, `_` and inner dots is
 * percent-encoded, which `decodeURIComponent` takes back. The lines inside carry the names as they are.
 */
import { createHash } from 'node:crypto';

const PLAIN = /^[a-z0-9_-]$/;
/** Windows takes these for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;
/** Common file systems allow 255 bytes; the extension and some room for tools that append to names are left. */
const MAX_LENGTH = 200;
const HASH_LENGTH = 16;

/** Reversible up to 200 encoded characters; longer ones end in `~` and a hash, which nothing else contains. */
export function pathName(name: string): string {
  const encoded = [...Buffer.from(name, 'utf8')]
    .map((byte, index, all) => encodeByte(byte, index > 0 && index < all.length - 1))
    .join('');
  const safe = DEVICE.test(encoded) ? percent(encoded.charCodeAt(0)) + encoded.slice(1) : encoded;
  if (safe.length <= MAX_LENGTH) return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${safe.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}~${hash}`;
}

function encodeByte(byte: number, inner: boolean): string {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) || (character === '.' && inner) ? character : percent(byte);
}

function percent(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
}
