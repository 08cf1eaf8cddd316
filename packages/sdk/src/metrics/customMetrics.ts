/**
 * What the author of a server measures: counters, gauges, and operations that take time. They are series like those of
 * tools, of the kinds `counter`, `gauge` and `custom`; labels are part of the name, see `formatSeriesName`.
 *
 * A counter leaves one sample per window, what was added in it; a gauge one, its newest value. Nothing here throws.
 */
import { formatSeriesName, type Labels, type SeriesKind } from '@mcp-vitals/wire/encode';
import type { Diagnostics } from '../diagnostics.ts';
import type { Recorder } from '../record/recorder.ts';
import type { MonitoredServer, Series } from '../window/series.ts';

export interface CustomMetricsDeps {
  recorder: Pick<Recorder, 'record' | 'seriesOf'>;
  server: MonitoredServer;
  diagnostics: Pick<Diagnostics, 'warnOnce'>;
}

export class CustomMetrics {
  constructor(private readonly deps: CustomMetricsDeps) {}

  /** Adds to a counter. Negative amounts are refused: a counter only grows. */
  count(name: string, by = 1, labels?: Labels): void {
    if (!this.#isUsable('counter', name, by) || by < 0) return;
    this.#add(this.#series('counter', name, labels), by);
  }

  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Labels): void {
    if (this.#isUsable('gauge', name, value)) this.#set(this.#series('gauge', name, labels), value);
  }

  /** A counter whose series is looked up once. */
  counterOf(name: string, labels: Labels): () => void {
    const series = this.#series('counter', name, labels);
    return () => this.#add(series, 1);
  }

  #series(kind: SeriesKind, name: string, labels: Labels = {}): Series {
    return this.deps.recorder.seriesOf(this.deps.server, kind, formatSeriesName(name, labels));
  }

  #add(series: Series, by: number): void {
    if (series.isOpen && series.sampleCount > 0) series.samples[series.sampleCount - 1]! += by;
    else this.deps.recorder.record(series, 'ok', by);
  }

  #set(series: Series, value: number): void {
    if (series.isOpen && series.sampleCount > 0) series.samples[series.sampleCount - 1] = value;
    else this.deps.recorder.record(series, 'ok', value);
  }

  #isUsable(kind: string, name: unknown, value: unknown): boolean {
    if (typeof name === 'string' && Number.isFinite(value)) return true;
    this.deps.diagnostics.warnOnce(
      `custom ${kind}`,
      `a ${kind} needs a name and a finite number, others are not recorded`,
    );
    return false;
  }
}
