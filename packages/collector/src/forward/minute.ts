/** What a store holds of one minute (or, where minutes are gone, of an hour or a day), as it is to be forwarded. */
import { mergeSketches, type Sketch } from '@mcp-vitals/sketch';
import type { OutcomeCounts, SeriesKind } from '@mcp-vitals/wire/decode';
import type { ResourceRollup } from '../model/rollup.ts';
import type { RollupLevel, TimeRange } from '../store/store.ts';

export interface Span extends TimeRange {
  level: RollupLevel;
}

/** Calls of one series; values in milliseconds, bytes or units of one's own, as its kind says. */
export interface SeriesMinute {
  kind: SeriesKind;
  name: string;
  outcomes: OutcomeCounts;
  sumMs: number;
  /** NaN when there is no call. */
  minMs: number;
  maxMs: number;
  /** Absent when there is no call. */
  sketch: Sketch | undefined;
  /** Failures by class, as far as classes are known; they add up to at most the failures. */
  errorClasses: ReadonlyMap<string, number>;
}

export interface ServerMinute {
  server: string;
  /** By `seriesKey`. */
  series: Map<string, SeriesMinute>;
  resources: ResourceRollup | undefined;
}

export function seriesKey({ kind, name }: Pick<SeriesMinute, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

export function addSeries(minute: ServerMinute, added: SeriesMinute): void {
  const key = seriesKey(added);
  const known = minute.series.get(key);
  minute.series.set(key, known === undefined ? added : mergeSeries(known, added));
}

function mergeSeries(a: SeriesMinute, b: SeriesMinute): SeriesMinute {
  const sketches = [a.sketch, b.sketch].filter((sketch) => sketch !== undefined);
  return {
    ...a,
    outcomes: a.outcomes.map((count, i) => count + b.outcomes[i]!) as OutcomeCounts,
    sumMs: a.sumMs + b.sumMs,
    minMs: least(a.minMs, b.minMs),
    maxMs: -least(-a.maxMs, -b.maxMs),
    sketch: sketches.length > 1 ? mergeSketches(sketches) : sketches[0],
  };
}

/** NaN stands for none. */
function least(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.min(a, b);
}
