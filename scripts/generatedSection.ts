/** Sections of hand-written pages that a script owns, between `<!-- generated: NAME -->` and `<!-- end: NAME -->`. */

/** @throws Error when the page lacks the markers */
export function replaceBetweenMarkers(page: string, name: string, content: string): string {
  const [open, close] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const start = page.indexOf(open);
  const end = page.indexOf(close, start);
  if (start === -1 || end === -1) throw new Error(`the markers ${open} and ${close} are missing`);
  return `${page.slice(0, start + open.length)}\n${content.trim()}\n${page.slice(end)}`;
}
