/**
 * Many digests in one column. Handing 30,000 small rows from the engine to JavaScript costs more than merging what is in
 * them; so the engine strings together, in hexadecimal, each digest with its length, and one row per series comes back.
 */
import { type Sketch, sketchFromBytes } from '@mcp-vitals/sketch';

const LENGTH_BYTES = 3;

/** An SQL aggregate for `readFramedDigests`. Empty digests are left out. */
export function framedDigestsSql(column: string): string {
  return `group_concat(CASE length(${column}) WHEN 0 THEN '' ELSE printf('%0${2 * LENGTH_BYTES}x', length(${column})) || hex(${column}) END, '')`;
}

export function readFramedDigests(hex: string | null): Sketch[] {
  if (hex === null || hex === '') return [];
  const bytes = Buffer.from(hex, 'hex');
  const digests: Sketch[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    at = start + bytes.readUIntBE(at, LENGTH_BYTES);
    digests.push(sketchFromBytes(bytes.subarray(start, at)));
  }
  return digests;
}
