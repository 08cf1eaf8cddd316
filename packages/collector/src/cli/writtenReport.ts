/** What was written, in words. */
import type { Written } from '../provision/files.ts';

/** @param dir as the person named it */
export function describeWritten(dir: string, { created, changed, unchanged, deleted, kept }: Written): string {
  const parts = [
    [created.length, 'new'],
    [changed.length, 'changed'],
    [unchanged.length, 'as before'],
    [deleted.length, 'deleted'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const lines = [`${dir}: ${said.length === 0 ? 'nothing written' : said.join(', ')}`];
  if (kept.length > 0) {
    lines.push('', 'Left as they are, because somebody has changed them since (--overwrite writes over them):');
    lines.push(...kept.map((path) => `  ${path}`));
  }
  return lines.join('\n');
}
