/** The durations of a tool by how many of its calls were under way when they began. */
import type { Sketch } from '@mcp-vitals/sketch';
import { parseSeriesName } from '@mcp-vitals/wire/decode';
import { type Interval, quantileInterval } from '../model/intervals.ts';
import type { LevelEvidence } from '../model/optimization/evidence.ts';
import { callCount, type Rollup, type SeriesRollup } from '../model/rollup.ts';

/** Calls that overlap share their fate: together they tell as much as a quarter of them would, each by itself. */
const SHARED_FATE = 4;
const Z_95 = 1.96;

/** What a distribution is read off at: so many values that are equally likely. */
const PARTS = 50;

/** The p99 and between what it lies with 95 % confidence, at most the longest duration. */
export function p99Of(digest: Sketch): [value: number, low: number, high: number] {
  const [low, high]: Interval = quantileInterval(0.99, digest, digest.count / SHARED_FATE, Z_95);
  return [digest.quantile(0.99), low, Number.isFinite(high) ? high : digest.max];
}

/** @param overlapped of kind `overlapped`, of this tool; what is in none of them ran alone */
export function levelsOf(whole: Rollup, overlapped: readonly SeriesRollup[]): LevelEvidence[] {
  const levels = overlapped.flatMap((rollup) => {
    const bounds = boundsOf(parseSeriesName(rollup.series.name).labels.calls ?? '');
    return bounds === undefined || callCount(rollup) === 0 ? [] : [{ bounds, ...momentsOf(rollup), rollup }];
  });
  const together = momentsOf(whole);
  const alone = {
    calls: together.calls - sumOf(levels, ({ calls }) => calls),
    sumMs: together.sumMs - sumOf(levels, ({ sumMs }) => sumMs),
    squares: together.squares - sumOf(levels, ({ squares }) => squares),
  };
  const first: LevelEvidence[] =
    alone.calls > 0
      ? [{ ...figuresOf(alone), least: 1, greatest: 1, p99Ms: levels.length === 0 ? p99Of(whole.digest!) : null }]
      : [];
  const others = levels.map(({ bounds: [least, greatest], rollup, ...moments }) => {
    return { ...figuresOf(moments), least, greatest, p99Ms: p99Of(rollup.digest!) };
  });
  return [...first, ...others.sort((a, b) => a.least - b.least)];
}

interface Moments {
  calls: number;
  sumMs: number;
  /** Sum of the squares of the durations. */
  squares: number;
}

function momentsOf(rollup: Rollup): Moments {
  const calls = callCount(rollup);
  const { digest, sumMs } = rollup;
  if (digest === undefined || digest.count === 0) return { calls, sumMs, squares: 0 };
  let squares = 0;
  for (let i = 0; i < PARTS; i++) squares += digest.quantile((i + 0.5) / PARTS) ** 2;
  return { calls, sumMs, squares: (squares * calls) / PARTS };
}

function figuresOf({ calls, sumMs, squares }: Moments) {
  const meanMs = Math.max(0, sumMs / calls);
  return { calls, meanMs, deviationMs: Math.sqrt(Math.max(0, squares / calls - meanMs ** 2)) };
}

/** `2`, `3-4`, `65+` */
function boundsOf(label: string): [least: number, greatest: number | null] | undefined {
  const [, least, greatest, open] = /^(\d{1,6})(?:-(\d{1,6})|(\+))?$/.exec(label) ?? [];
  if (least === undefined) return undefined;
  return [Number(least), open === undefined ? Number(greatest ?? least) : null];
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
