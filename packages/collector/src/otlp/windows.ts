/** Windows of a batch, put together from increases of many streams: one per series and minute. */
import { Digest, Histogram } from '@mcp-vitals/sketch';
import {
  type Exemplar,
  OUTCOMES,
  type OutcomeCounts,
  type SeriesKind,
  WIRE_LIMITS,
  type Window,
} from '@mcp-vitals/wire/decode';
import { MINUTE_MS } from '../model/rollup.ts';
import type { Operation } from './operation.ts';
import { type Increase, RefusedPoint } from './streams.ts';

interface Gathered {
  kind: SeriesKind;
  name: string;
  startMs: number;
  endMs: number;
  outcomes: OutcomeCounts;
  histograms: Histogram[];
  values: number[];
  errors: NonNullable<Window['errors']>;
  exemplar: Exemplar | undefined;
}

export class Windows {
  readonly #gathered = new Map<string, Gathered>();

  /** Calls that somebody else has counted. @throws RefusedPoint when they are too many */
  addCalls(operation: Operation, { value, startMs, endMs }: Increase<Histogram>, exemplar: Exemplar | undefined): void {
    if (value.count === 0) return;
    const window = this.#window(operation.kind, operation.name, startMs, endMs);
    const total = window.histograms.reduce((sum, { count }) => sum + count, value.count);
    if (total > WIRE_LIMITS.maxCallsPerWindow) throw new RefusedPoint('more than a billion calls at once');
    window.outcomes[OUTCOMES.indexOf(operation.outcome)]! += value.count;
    window.histograms.push(value);
    if (exemplar !== undefined && exemplar.valueMs > (window.exemplar?.valueMs ?? -1)) window.exemplar = exemplar;
    const room = WIRE_LIMITS.maxErrorsPerWindow - window.errors.length;
    for (let i = 0; operation.error !== undefined && i < Math.min(room, value.count); i++) {
      window.errors.push({ atMs: endMs, ...operation.error });
    }
  }

  /** One sample of a counter or a gauge. */
  addValue(kind: 'counter' | 'gauge', name: string, { value, startMs, endMs }: Increase<number>): void {
    const window = this.#window(kind, name, startMs, endMs);
    window.outcomes[0]++;
    window.values.push(value);
  }

  get list(): Window[] {
    return [...this.#gathered.values()].filter(({ outcomes }) => outcomes.some((count) => count > 0)).map(windowOf);
  }

  #window(kind: SeriesKind, name: string, startMs: number, endMs: number): Gathered {
    const key = JSON.stringify([kind, name, Math.ceil(endMs / MINUTE_MS)]);
    const known = this.#gathered.get(key);
    if (known !== undefined) {
      known.startMs = Math.min(known.startMs, startMs);
      known.endMs = Math.max(known.endMs, endMs);
      return known;
    }
    if (this.#gathered.size >= WIRE_LIMITS.maxWindows) throw new RefusedPoint('too many series and minutes at once');
    const outcomes: OutcomeCounts = [0, 0, 0, 0, 0, 0, 0];
    const window = {
      kind,
      name,
      startMs,
      endMs,
      outcomes,
      histograms: [],
      values: [],
      errors: [],
      exemplar: undefined,
    };
    this.#gathered.set(key, window);
    return window;
  }
}

function windowOf({ histograms, values, errors, exemplar, ...rest }: Gathered): Window {
  const window: Window = { ...rest, server: 0, digest: Digest.ofSorted(Float64Array.from(values).sort()) };
  if (histograms.length > 0) window.histogram = Histogram.merge(histograms);
  if (errors.length > 0) window.errors = errors;
  if (exemplar !== undefined) window.exemplar = exemplar;
  return window;
}
