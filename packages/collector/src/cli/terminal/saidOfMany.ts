/** What is said of several in the same words, in one line: a terminal has few. */
import { groupBy } from '../../model/groupBy.ts';
import { shownName } from './width.ts';

/** Of the servers that one thing is said of, so many are named. */
const MAX_NAMED = 3;

export interface Remark {
  /** A stranger's; escaped here. */
  server: string;
  words: string;
}

/** @returns e.g. `shop, files and 4 more: words`, in the order of their first servers */
export function saidOfMany(remarks: readonly Remark[]): string[] {
  const byWords = groupBy(remarks, ({ words }) => words);
  return [...byWords].map(([words, same]) => `${namesOf(same.map(({ server }) => server))}: ${words}`);
}

function namesOf(names: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED).map(shownName).join(', ');
  return names.length > MAX_NAMED ? `${named} and ${names.length - MAX_NAMED} more` : named;
}
