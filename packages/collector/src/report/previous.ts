/** A day against the day before, a week against the week before. */

import { statsOf } from '../model/callStats.ts';
import { mergeBy, mergeRollups } from '../model/mergeRollups.ts';
import type { CallStats, MetricChange, PreviousPeriod } from '../model/report.ts';
import { errorRatePercent, type Rollup, type SeriesRollup } from '../model/rollup.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { readTimeline } from './timeline.ts';
import { changedTools } from './trends.ts';

const MAX_TOOLS = 10;

export interface Current {
  tools: readonly SeriesRollup[];
  servers: ReadonlyMap<string, Rollup>;
  overall: CallStats;
}

export async function readPrevious(
  store: Pick<Store, 'readRollups'>,
  { fromMs, toMs }: TimeRange,
  server: string | undefined,
  stepMs: number,
  current: Current,
): Promise<PreviousPeriod> {
  const range = { fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
  const [{ rollups }, timeline] = await Promise.all([
    store.readRollups({ ...range, filter: { server }, scope: 'series', digests: true }),
    readTimeline(store, range, server, stepMs),
  ]);
  const servers = mergeBy(rollups, ({ series }) => series.server);
  const overall = statsOf(mergeRollups([...servers.values()]));
  return {
    ...range,
    overall,
    changes: changesOf(overall, current.overall),
    servers: errorRates(servers, current.servers),
    tools: changedTools(rollups, current.tools).slice(0, MAX_TOOLS),
    timeline,
  };
}

function changesOf(before: CallStats, after: CallStats): MetricChange[] {
  const change = (metric: MetricChange['metric'], key: keyof CallStats): MetricChange => {
    const changePercent = before[key] === 0 ? null : (100 * (after[key] - before[key])) / before[key];
    return { metric, before: before[key], after: after[key], changePercent };
  };
  return [
    change('calls', 'calls'),
    change('error_rate', 'errorRatePercent'),
    change('p50', 'p50Ms'),
    change('p95', 'p95Ms'),
    change('p99', 'p99Ms'),
  ];
}

/** Those that rose most first. */
function errorRates(before: ReadonlyMap<string, Rollup>, after: ReadonlyMap<string, Rollup>) {
  const rateOf = (rollup: Rollup | undefined) => (rollup ? errorRatePercent(rollup) : 0);
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((server) => ({
      server,
      errorRateBefore: rateOf(before.get(server)),
      errorRateAfter: rateOf(after.get(server)),
    }))
    .sort((a, b) => b.errorRateAfter - b.errorRateBefore - (a.errorRateAfter - a.errorRateBefore));
}
