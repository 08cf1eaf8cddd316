/** Totals with a clock moved by hand, and what a scraper reads of them. For tests. */
import { createExposition } from '../exposition.ts';
import { MetricTotals, type MetricTotalsOptions } from '../metricTotals.ts';
import { NOW_MS } from './batches.ts';
import { type ParsedSample, parseExposition, seriesKey } from './parseExposition.ts';

export const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';

export interface Scraped {
  text: string;
  families: ReturnType<typeof parseExposition>;
  samples: ParsedSample[];
  /** Undefined when there is no such sample. */
  value(name: string, labels?: Record<string, string>): number | undefined;
}

export function scraped(text: string, format: 'text' | 'openMetrics' = 'text'): Scraped {
  const families = parseExposition(text, format);
  const samples = [...families.values()].flatMap((family) => family.samples);
  const values = new Map(samples.map(({ name, labels, value }) => [seriesKey(name, labels), value]));
  return { text, families, samples, value: (name, labels = {}) => values.get(seriesKey(name, labels)) };
}

export async function startTotals(options: Partial<MetricTotalsOptions> = {}) {
  const clock = { nowMs: NOW_MS };
  const totals = new MetricTotals({ nowMs: () => clock.nowMs, ...options });
  const exposition = await createExposition({
    importPromClient: () => import('prom-client'),
    sources: [() => totals.collect()],
  });
  return {
    clock,
    totals,
    scrape: async () => scraped((await exposition.render(undefined)).body),
    scrapeOpenMetrics: async () => scraped((await exposition.render(OPEN_METRICS)).body, 'openMetrics'),
  };
}
