/** Families of metrics as a table. */
import type { Family } from '../../packages/prometheus/src/families.ts';

export function familiesMarkdown(families: readonly Family[]): string {
  return [
    '| metric | type | labels | is |',
    '| --- | --- | --- | --- |',
    ...families.map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ') || 'none'} | ${help} |`,
    ),
  ].join('\n');
}
