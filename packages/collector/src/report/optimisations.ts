/**
 * Which tool to make faster first: by the time that would be saved, over all calls of the period, if
 *
 * - `slow_tail`: no call took longer than twice the tool's own median: sum over calls of max(0, duration - 2 x p50);
 * - `slow_usually`: no call took longer than the target of 100 ms: sum over calls of max(0, duration - 100 ms).
 *
 * The first is what the rare slow calls cost, whatever a tool does; the second counts for tools whose median is above the
 * target. The larger one is a tool's gain. Both are upper bounds: nobody makes every call fast.
 */
import type { Optimisation } from '../model/report.ts';
import { callCount, type Rollup, type SeriesRollup } from '../model/rollup.ts';

const TARGET_MS = 100;
const USUAL_FACTOR = 2;
/** One slow call is not the habit of a tool. */
const MIN_CALLS = 10;
/** Less than this is not worth anybody's time. */
const MIN_GAIN_PERCENT = 0.5;
const MAX_SHOWN = 10;

/** Largest gain first. All rollups must have been read with their digests. */
export function optimisationsOf(tools: readonly SeriesRollup[]): Optimisation[] {
  const totalMs = tools.reduce((sum, { sumMs }) => sum + sumMs, 0);
  return tools
    .filter((tool) => callCount(tool) >= MIN_CALLS)
    .map((tool) => optimisationOf(tool, totalMs))
    .filter(({ gainMs, gainPercent }) => gainMs > 0 && gainPercent >= MIN_GAIN_PERCENT)
    .sort((a, b) => b.gainMs - a.gainMs)
    .slice(0, MAX_SHOWN);
}

function optimisationOf(tool: SeriesRollup, totalMs: number): Optimisation {
  const digest = tool.digest!;
  const p50Ms = digest.quantile(0.5);
  const usualMs = USUAL_FACTOR * p50Ms;
  const tailMs = timeAbove(tool, usualMs);
  const overTargetMs = p50Ms > TARGET_MS ? timeAbove(tool, TARGET_MS) : 0;
  const isTail = tailMs >= overTargetMs;
  const gainMs = isTail ? tailMs : overTargetMs;
  return {
    server: tool.series.server,
    tool: tool.series.name,
    reason: isTail ? 'slow_tail' : 'slow_usually',
    gainMs,
    gainPercent: totalMs === 0 ? 0 : (100 * gainMs) / totalMs,
    calls: callCount(tool),
    p50Ms,
    p95Ms: digest.quantile(0.95),
    slowCalls: digest.countAbove(isTail ? usualMs : TARGET_MS),
  };
}

/** What calls took beyond a limit, added up. */
export function timeAbove({ digest }: Pick<Rollup, 'digest'>, limitMs: number): number {
  let sumMs = 0;
  digest?.forEach((meanMs, calls) => {
    if (meanMs > limitMs) sumMs += calls * (meanMs - limitMs);
  });
  return sumMs;
}
