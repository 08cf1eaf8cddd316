/** One subject over time, step by step, with the spread of its durations where that is asked for. */
import { OUTCOMES } from '@mcp-vitals/wire/decode';
import { statsOf } from '../model/callStats.ts';
import { groupBy } from '../model/groupBy.ts';
import { mergeRollups } from '../model/mergeRollups.ts';
import { averageMs, callCount, errorCount, type Rollup, type SeriesRollup } from '../model/rollup.ts';
import type { Heatmap, Subject, Timeline } from '../model/timeline.ts';
import type { RollupQuery, Store, TimeRange } from '../store/store.ts';
import { countsWithin, logBins } from './logBins.ts';
import { type Kept, stepsOf } from './steps.ts';

const HEATMAP_ROWS = 32;

export interface TimelineRequest extends TimeRange {
  subject: Subject;
  /** Steps at most. */
  points: number;
  heatmap: boolean;
}

export async function readTimeline(
  store: Pick<Store, 'readRollups'>,
  { subject, points, heatmap, ...range }: TimelineRequest,
  nowMs: number,
  kept: Kept,
): Promise<Timeline> {
  const { stepMs, groupBy: group } = stepsOf(range, points, nowMs, kept);
  const fromMs = Math.floor(range.fromMs / stepMs) * stepMs;
  const toMs = Math.max(fromMs + stepMs, Math.ceil(range.toMs / stepMs) * stepMs);
  const answer = await store.readRollups({ ...selectionOf(subject), fromMs, toMs, groupBy: group, digests: true });
  const steps = inSteps(answer.rollups, { fromMs, toMs }, stepMs);
  const whole = mergeRollups(steps.filter((step) => step !== undefined));
  return {
    fromMs,
    toMs,
    stepMs,
    calls: steps.map((step) => (step ? callCount(step) : 0)),
    errors: steps.map((step) => (step ? errorCount(step) : 0)),
    avgMs: ofCalls(steps, averageMs),
    p50Ms: ofCalls(steps, quantile(0.5)),
    p95Ms: ofCalls(steps, quantile(0.95)),
    p99Ms: ofCalls(steps, quantile(0.99)),
    maxMs: ofCalls(steps, ({ maxMs }) => maxMs),
    outcomes: outcomesOf(steps),
    summary: statsOf(whole),
    heatmap: heatmap ? heatmapOf(steps, whole) : undefined,
  };
}

/** Everything and whole servers come from rows that are merged already. */
export function selectionOf({ server, name, kind }: Subject): Pick<RollupQuery, 'filter' | 'scope'> {
  if (name !== undefined || kind !== 'tool') return { filter: { server, name, kinds: [kind] }, scope: 'series' };
  return server === undefined ? { filter: {}, scope: 'all' } : { filter: { server }, scope: 'server' };
}

/** One rollup per step; undefined where there is none. */
function inSteps(
  rollups: readonly SeriesRollup[],
  { fromMs, toMs }: TimeRange,
  stepMs: number,
): (Rollup | undefined)[] {
  const groups = groupBy(rollups, ({ startMs }) => Math.floor((startMs - fromMs) / stepMs));
  return Array.from({ length: (toMs - fromMs) / stepMs }, (_, step) => {
    const group = groups.get(step);
    return group && mergeRollups(group);
  });
}

function ofCalls(steps: readonly (Rollup | undefined)[], value: (step: Rollup) => number): (number | null)[] {
  return steps.map((step) => (step && callCount(step) > 0 ? value(step) : null));
}

const quantile = (q: number) => (step: Rollup) => step.digest!.quantile(q);

function outcomesOf(steps: readonly (Rollup | undefined)[]): Record<string, number[]> {
  const columns = OUTCOMES.map((outcome, i) => [outcome, steps.map((step) => step?.outcomes[i] ?? 0)] as const);
  return Object.fromEntries(columns.filter(([, counts]) => counts.some((count) => count > 0)));
}

function heatmapOf(steps: readonly (Rollup | undefined)[], whole: Rollup): Heatmap {
  const boundsMs = logBins(whole.minMs, whole.maxMs, HEATMAP_ROWS);
  return { boundsMs, steps: steps.map((step) => countsWithin(step?.digest, boundsMs)) };
}
