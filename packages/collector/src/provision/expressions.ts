/** What dashboards and rules ask for, said once: rates, shares, means and quantiles over a span of time. */
import { COLLECTOR_FAMILIES, type Family, SERVER_FAMILIES } from '@mcp-vitals/prometheus';
import { type Matcher, metric, type Part } from './promql.ts';

export { COLLECTOR_FAMILIES, SERVER_FAMILIES };

/** What is looked at, over which span, and what is told apart. */
export interface Question {
  matchers: readonly Matcher[];
  /** A duration of PromQL, or one of Grafana's variables for it. */
  span: string;
  /** Labels; none adds everything up. */
  by: readonly string[];
}

const FAILED: Matcher = ['status', '=', 'error'];

/** Added up over what is not told apart. */
export function summed(by: readonly string[], expression: string, operation = 'sum'): string {
  return by.length === 0 ? `${operation}(${expression})` : `${operation} by (${by.join(', ')}) (${expression})`;
}

/** Per second. */
export function rate(family: Family, { matchers, span, by }: Question, part?: Part): string {
  return summed(by, `rate(${metric(family, matchers, part)}[${span}])`);
}

/** Within the span. */
export function increase(family: Family, { matchers, span, by }: Question, part?: Part): string {
  return summed(by, `increase(${metric(family, matchers, part)}[${span}])`);
}

/** Of a histogram, linear within the bucket it falls into. */
export function quantile(q: number, family: Family, { matchers, span, by }: Question): string {
  return `histogram_quantile(${q}, ${rate(family, { matchers, span, by: [...by, 'le'] }, 'bucket')})`;
}

/** Of a histogram; not a number where there was nothing. */
export function mean(family: Family, question: Question): string {
  return `${rate(family, question, 'sum')} / ${rate(family, question, 'count')}`;
}

/** Failed calls per second: 0, and not nothing, where none has ever failed. */
export function errorRate(question: Question): string {
  const { matchers } = question;
  const failed = rate(SERVER_FAMILIES.toolRequests, { ...question, matchers: [...matchers, FAILED] });
  return `(${failed} or 0 * ${rate(SERVER_FAMILIES.toolRequests, question)})`;
}

/** Share of calls that failed, 0 to 1. */
export function errorRatio(question: Question): string {
  return `${errorRate(question)} / ${rate(SERVER_FAMILIES.toolRequests, question)}`;
}

/** Share of cache look-ups that hit, 0 to 1; also where a cache has only ever hit, or only ever missed. */
export function cacheHitRatio(question: Question): string {
  const hits = rate(SERVER_FAMILIES.cacheHits, question);
  const misses = rate(SERVER_FAMILIES.cacheMisses, question);
  const hitsOrNone = `(${hits} or 0 * ${misses})`;
  return `${hitsOrNone} / (${hitsOrNone} + (${misses} or 0 * ${hits}))`;
}

/** Per cent as a share, without what floating point adds: 0.07 and not 0.07000000000000001. */
export function fraction(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}
