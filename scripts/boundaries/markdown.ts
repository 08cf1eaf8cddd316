/** Prints the boundary data as the tables of `docs/architecture.md`. */
import type { Edges, PackageRule, Reserved } from './rules.ts';

export function boundariesMarkdown(
  packages: Readonly<Record<string, PackageRule>>,
  reserved: readonly Reserved[],
): string {
  const sections = ['| package | may import of ours |', '| --- | --- |'];
  for (const [name, { packages: allowed }] of Object.entries(packages)) {
    sections.push(`| \`${name}\` | ${codes(allowed)} |`);
  }
  for (const [name, { edges }] of Object.entries(packages)) {
    if (Object.keys(edges).length < 2) continue;
    sections.push('', `Inside \`packages/${name}/src\`:`, '', '| unit | may import besides itself |', '| --- | --- |');
    for (const [targets, units] of unitsByTargets(edges)) sections.push(`| ${codes(units)} | ${targets} |`);
  }
  sections.push('', 'Names that only some files may use:', '', '| names | only in | because |', '| --- | --- | --- |');
  for (const { names, within, allowedIn, reason } of reserved) {
    const where = allowedIn.length > 0 ? codes(allowedIn) : `nowhere in ${codes(within)}`;
    sections.push(`| ${codes(names)} | ${where} | ${reason} |`);
  }
  return sections.join('\n');
}

/** Units that may import the same share a row. */
function unitsByTargets(edges: Edges): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const [unit, targets] of Object.entries(edges)) {
    const key = codes(targets);
    rows.set(key, [...(rows.get(key) ?? []), unit]);
  }
  return rows;
}

function codes(words: readonly string[]): string {
  const one = (word: string) => {
    if (word === '*') return 'everything';
    return word.startsWith('type:') ? `types of \`${word.slice('type:'.length)}\`` : `\`${word}\``;
  };
  return words.length === 0 ? 'nothing' : words.map(one).join(', ');
}
