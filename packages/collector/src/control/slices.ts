/** Slices of figures put together: of several collectors for the same time, and of neighbours where there are many. */
import { groupBy } from '../model/groupBy.ts';
import type { LatencyCounts } from '../model/latencyCounts.ts';
import type { SliceFigures } from '../model/optimization/judgement.ts';

/** What several collectors have seen of the same time, by the start of the slice. */
export function togetherByStart(sides: readonly (readonly SliceFigures[])[]): SliceFigures[] {
  const byStart = groupBy(sides.flat(), ({ startMs }) => startMs);
  return [...byStart.values()].map((same) => merged(same, same[0]!.lengthMs)).sort((a, b) => a.startMs - b.startMs);
}

/** Neighbours as one, on a grid of `lengthMs`. */
export function coarsened(slices: readonly SliceFigures[], lengthMs: number): SliceFigures[] {
  const groups = groupBy(slices, ({ startMs }) => Math.floor(startMs / lengthMs) * lengthMs);
  return [...groups].map(([startMs, group]) => {
    const coveredMs = group.reduce((sum, slice) => sum + slice.lengthMs, 0);
    return { ...merged(group, coveredMs), startMs };
  });
}

function merged(slices: readonly SliceFigures[], lengthMs: number): SliceFigures {
  const sum = (value: (slice: SliceFigures) => number) => slices.reduce((total, slice) => total + value(slice), 0);
  return {
    startMs: slices[0]!.startMs,
    lengthMs,
    offered: sum(({ offered }) => offered),
    ok: sum(({ ok }) => ok),
    failed: sum(({ failed }) => failed),
    underWay: Math.max(...slices.map(({ underWay }) => underWay)),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    loopDelayMs: sum(({ loopDelayMs }) => loopDelayMs) / slices.length,
    durations: mergedCounts(slices.map(({ durations }) => durations)),
  };
}

function mergedCounts(all: readonly LatencyCounts[]): LatencyCounts {
  const counts = new Map<number, number>();
  for (const [bin, calls] of all.flat()) counts.set(bin, (counts.get(bin) ?? 0) + calls);
  return [...counts].sort(([a], [b]) => a - b);
}
