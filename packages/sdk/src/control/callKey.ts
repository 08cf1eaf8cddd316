/**
 * What makes two calls the same: the tool, all it was given, and who asks. Only a digest of it is kept, and it never leaves
 * memory. Keys are put in order first, because clients and models write the same arguments in different orders.
 */
import { createHash } from 'node:crypto';

/** To look at more than that takes longer than most tools. */
const MAX_NODES = 10_000;
const MAX_CHARACTERS = 262_144;

/**
 * @param parts JSON values
 * @returns a digest; undefined for what is too big to look at, or no JSON
 */
export function callKey(parts: readonly unknown[]): string | undefined {
  const budget = { nodes: MAX_NODES, characters: MAX_CHARACTERS };
  try {
    const text = canonicalJson(parts, budget);
    return createHash('sha256').update(text).digest('base64url');
  } catch {
    return undefined;
  }
}

interface Budget {
  nodes: number;
  characters: number;
}

/** @throws RangeError beyond the budget, TypeError for what has no JSON */
function canonicalJson(value: unknown, budget: Budget): string {
  budget.nodes -= 1;
  if (typeof value === 'string') budget.characters -= value.length;
  if (budget.nodes < 0 || budget.characters < 0) throw new RangeError('too big');
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element ?? null, budget)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    throw new TypeError('no JSON object');
  }
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${canonicalJson(key, budget)}:${canonicalJson(field, budget)}`).join()}}`;
}
