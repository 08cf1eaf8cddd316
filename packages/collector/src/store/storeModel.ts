/** A store as simple as can be: every call in a list. The contract suite compares real stores with it. */
import type { SeriesKey } from '../model/series.ts';
import { minuteOfEnd } from './levels.ts';
import type { RollupQuery, TimeRange } from './store.ts';
import { type BatchSpec, BOUNDS_MS } from './storeFixtures.ts';

interface ModelCall {
  minuteMs: number;
  series: SeriesKey;
  /** Absent: cancelled. */
  durationMs?: number;
  /** Whether only the bucket of the duration is known. */
  isCounted?: boolean;
  failed: boolean;
}

export interface ModelRollup {
  series: SeriesKey;
  startMs: number;
  outcomes: number[];
  sumMs: number;
  minMs: number;
  maxMs: number;
  /** Ascending. */
  durationsMs: number[];
  /** What durations are at least and at most, as far as the store can know, ascending. */
  leastMs: number[];
  mostMs: number[];
}

export class StoreModel {
  readonly #calls: ModelCall[] = [];
  readonly #seen = new Set<string>();

  append({ instance = 'instance-1', seq, windows = [], skewMs = 0 }: BatchSpec): 'stored' | 'duplicate' {
    const key = `${instance} ${seq}`;
    if (this.#seen.has(key)) return 'duplicate';
    this.#seen.add(key);
    for (const window of windows) {
      const { server = 'server', kind = 'tool', name = 'tool' } = window;
      const call = { minuteMs: minuteOfEnd(window.endMs - skewMs), series: { server, kind, name } };
      for (const durationMs of window.durationsMs ?? []) this.#calls.push({ ...call, durationMs, failed: false });
      for (const durationMs of window.failuresMs ?? []) this.#calls.push({ ...call, durationMs, failed: true });
      for (const durationMs of window.countedMs ?? []) {
        this.#calls.push({ ...call, durationMs, failed: false, isCounted: true });
      }
      for (let i = 0; i < (window.cancelled ?? 0); i++) this.#calls.push({ ...call, failed: false });
    }
    return 'stored';
  }

  /** What the store must answer for the range it says it used. */
  rollups(
    { scope, filter, groupBy }: Pick<RollupQuery, 'scope' | 'filter' | 'groupBy'>,
    { fromMs, toMs }: TimeRange,
  ): ModelRollup[] {
    const groupMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[groupBy ?? 'day'];
    const groups = new Map<string, ModelRollup>();
    for (const call of this.#calls) {
      if (call.minuteMs < fromMs || call.minuteMs >= toMs || !selected(call.series, filter, scope)) continue;
      const series = scopedKey(call.series, scope);
      const startMs = groupBy === undefined ? fromMs : Math.floor(call.minuteMs / groupMs) * groupMs;
      const key = JSON.stringify([series.server, series.name, series.kind, startMs]);
      const group = groups.get(key) ?? emptyRollup(series, startMs);
      groups.set(key, group);
      addCall(group, call);
    }
    for (const { durationsMs, leastMs, mostMs } of groups.values()) {
      for (const values of [durationsMs, leastMs, mostMs]) values.sort((a, b) => a - b);
    }
    return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }
}

/** Nearest rank. */
export function exactQuantile(ascending: readonly number[], q: number): number {
  return ascending[Math.max(1, Math.ceil(q * ascending.length - 1e-9)) - 1] ?? Number.NaN;
}

function selected(series: SeriesKey, filter: RollupQuery['filter'], scope: RollupQuery['scope']): boolean {
  if (scope === 'all') return series.kind === 'tool';
  if (filter.server !== undefined && filter.server !== series.server) return false;
  if (scope === 'server') return series.kind === 'tool';
  return (filter.name ?? series.name) === series.name && (filter.kinds ?? ['tool']).includes(series.kind);
}

function scopedKey(series: SeriesKey, scope: RollupQuery['scope']): SeriesKey {
  if (scope === 'series') return series;
  return { server: scope === 'server' ? series.server : '', kind: 'tool', name: '' };
}

function emptyRollup(series: SeriesKey, startMs: number): ModelRollup {
  return {
    series,
    startMs,
    outcomes: [0, 0, 0, 0, 0, 0, 0],
    sumMs: 0,
    minMs: Number.NaN,
    maxMs: Number.NaN,
    durationsMs: [],
    leastMs: [],
    mostMs: [],
  };
}

function addCall(group: ModelRollup, { durationMs, failed, isCounted }: ModelCall): void {
  if (durationMs === undefined) {
    group.outcomes[4]! += 1;
    return;
  }
  group.outcomes[failed ? 1 : 0]! += 1;
  group.sumMs += durationMs;
  group.minMs = Number.isNaN(group.minMs) ? durationMs : Math.min(group.minMs, durationMs);
  group.maxMs = Number.isNaN(group.maxMs) ? durationMs : Math.max(group.maxMs, durationMs);
  group.durationsMs.push(durationMs);
  const bucket = BOUNDS_MS.filter((bound) => durationMs > bound).length;
  group.leastMs.push(isCounted ? (BOUNDS_MS[bucket - 1] ?? 0) : durationMs);
  group.mostMs.push(isCounted ? (BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY) : durationMs);
}
