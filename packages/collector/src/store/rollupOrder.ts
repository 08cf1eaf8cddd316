/** The order in which rollups are answered. */
import type { SeriesRollup } from '../model/rollup.ts';

export function byServerNameStart(a: SeriesRollup, b: SeriesRollup): number {
  return (
    compareText(a.series.server, b.series.server) ||
    compareText(a.series.name, b.series.name) ||
    compareText(a.series.kind, b.series.kind) ||
    a.startMs - b.startMs
  );
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
