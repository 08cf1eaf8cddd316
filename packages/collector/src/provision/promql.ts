/**
 * PromQL as text, for Prometheus 2.42 and newer and VictoriaMetrics. Names of families and labels come from the data that
 * exposition has too; names of servers and tools come from strangers and are quoted here, and nowhere else.
 */
import type { Family } from '@mcp-vitals/prometheus';

/** A variable of Grafana, filled in by Grafana, which quotes what it fills in. */
export interface Variable {
  readonly variable: string;
}

export type Matcher = readonly [label: string, operator: '=' | '!=' | '=~' | '!~', value: string | Variable];

/** The lines that a histogram or a summary has beside its own name. */
export type Part = 'bucket' | 'count' | 'sum';

/** What a type brings, what Prometheus adds, and what stands on every line. */
const LABELS_OF_ALL = ['le', 'quantile', 'job', 'instance'];

/**
 * A family's lines that match, without `{}` when all do.
 * @throws Error when the family has no such label: a fault of ours
 */
export function metric(family: Family, matchers: readonly Matcher[] = [], part?: Part): string {
  for (const [label] of matchers) {
    if (!family.labels.includes(label) && !LABELS_OF_ALL.includes(label))
      throw new Error(`${family.name} has no label ${label}`);
  }
  return selector(part === undefined ? family.name : `${family.name}_${part}`, matchers);
}

/** Lines by a name that is no family's, e.g. of a recording rule. */
export function selector(name: string, matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return name;
  return `${name}{${matchers.map(([label, operator, value]) => `${label}${operator}${quoted(value)}`).join(', ')}}`;
}

/**
 * A string literal that both Prometheus and Grafana read as exactly this text: what JSON escapes, Go reads, and `$` and
 * `[[`, with which Grafana's variables begin, are escaped as well.
 */
export function quoted(value: string | Variable): string {
  if (typeof value !== 'string') return `"$${value.variable}"`;
  return JSON.stringify(value.toWellFormed()).replaceAll('$', '\\u0024').replaceAll('[[', '\\u005b\\u005b');
}

/** Stands for what is no UTF-8. An expression that holds it is refused by Prometheus, however it is written. */
const REPLACEMENT = '\ufffd';

/** Matches one value. */
export function exactly(label: string, value: string): Matcher {
  if (!value.includes(REPLACEMENT)) return [label, '=', value];
  const pattern = value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&').replaceAll(REPLACEMENT, '.');
  return [label, '=~', pattern];
}

/**
 * Matches one bucket of a histogram. Prometheus 3 writes `le="1.0"` where older ones keep the `le="1"` that was scraped.
 * @param bound one of the family's buckets
 */
export function bucketMatcher(bound: number): Matcher {
  return Number.isInteger(bound) ? ['le', '=~', `${bound}(\\.0)?`] : ['le', '=', String(bound)];
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** E.g. `5m`, in the largest unit that fits. @param spanMs whole seconds */
export function duration(spanMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => spanMs % ms === 0)!;
  return `${spanMs / unitMs}${unit}`;
}
