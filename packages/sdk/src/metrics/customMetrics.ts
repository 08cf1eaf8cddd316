/**
 * What the author of a server measures: counters, gauges, and operations that take time. They are series like those of
 * tools, of the kinds `counter`, `gauge` and `custom`; labels are part of the name, see `formatSeriesName`.
 *
 * A counter leaves one sample per window, what was added in it; a gauge one, its newest value.
 */
import { formatSeriesName, type Labels, type SeriesKind } from '@mcp-vitals/wire/encode';
import type { Recorder } from '../record/recorder.ts';
import type { MonitoredServer, Series } from '../window/series.ts';

/** Beyond this a number of 64 bits cannot even count; far beyond, ticks overflow. */
const MAX_VALUE = 1e15;

export interface CustomMetricsDeps {
  recorder: Pick<Recorder, 'record' | 'seriesOf'>;
  server: MonitoredServer;
}

export class CustomMetrics {
  constructor(private readonly deps: CustomMetricsDeps) {}

  /** Adds to a counter. @throws TypeError for what is no amount: a counter only grows */
  count(name: string, by = 1, labels?: Labels): void {
    if (!(by >= 0 && by <= MAX_VALUE)) throw new TypeError('a counter grows by a number from 0 to 1e15');
    const series = this.#series('counter', name, labels);
    if (isBegun(series)) series.samples[0]! += by;
    else this.deps.recorder.record(series, 'ok', by);
  }

  /** Sets a gauge. @throws TypeError for what is no such number */
  gauge(name: string, value: number, labels?: Labels): void {
    if (!(Math.abs(value) <= MAX_VALUE)) throw new TypeError('a gauge is a number from -1e15 to 1e15');
    const series = this.#series('gauge', name, labels);
    if (isBegun(series)) series.samples[0] = value;
    else this.deps.recorder.record(series, 'ok', value);
  }

  #series(kind: SeriesKind, name: string, labels: Labels = {}): Series {
    return this.deps.recorder.seriesOf(this.deps.server, kind, formatSeriesName(name, labels));
  }
}

/** Whether the open window has the one sample that the series gets. */
function isBegun(series: Series): boolean {
  return series.isOpen && series.sampleCount > 0;
}
