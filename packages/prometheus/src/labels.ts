/**
 * Names and values of labels. They come from strangers: what is longer than a label should be is cut, and what UTF-8
 * cannot say is replaced before names are compared, so that two names never become the same line twice.
 */
import type { Labels } from '@mcp-vitals/wire/encode';

export type { Labels };

/** What is beyond a limit is counted under this. */
export const OTHER = '__other__';

/** Failures of which a window brought no sample, and so no class. */
export const UNSAMPLED = '__unsampled__';

export const MAX_VALUE_LENGTH = 200;

/** Of names of metrics and labels: far more than a person types, far less than a batch may hold. */
const MAX_NAME_LENGTH = 200;

/** Those of our own that a user's label may not take the place of. */
const OURS = new Set(['server', 'le', 'quantile']);

const EXPORTED = 'exported_';

export function labelValue(text: string): string {
  const cut = text.length > MAX_VALUE_LENGTH ? text.slice(0, MAX_VALUE_LENGTH) : text;
  return cut.isWellFormed() ? cut : cut.toWellFormed();
}

/** The label and value pairs of a metric of the server's own, sorted; a label that is ours becomes `exported_<label>`. */
export function customLabels(labels: Labels): [string, string][] {
  const taken = new Map<string, string>();
  for (const label of Object.keys(labels).sort()) {
    let name = label.slice(0, MAX_NAME_LENGTH);
    while (OURS.has(name) || name.startsWith('__') || taken.has(name)) name = `${EXPORTED}${name}`;
    taken.set(name, labelValue(labels[label]!));
  }
  return [...taken].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A name as part of a metric's name. Colons belong to recording rules. */
export function metricNamePart(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(/[^a-zA-Z0-9_]/g, '_');
}
