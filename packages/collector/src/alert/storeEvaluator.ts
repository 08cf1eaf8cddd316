/**
 * Says which limits are exceeded over the rolling span, from the store: for a collector beside others, which sees only a part
 * of each server's batches as they arrive. What it says it says of the servers that the store shows it.
 */
import type { ThresholdMetric } from '../model/alert.ts';
import { groupBy } from '../model/groupBy.ts';
import { callCount, errorRatePercent, newestMinutes, type ResourceRollup, type SeriesRollup } from '../model/rollup.ts';
import type { Store, TimeRange } from '../store/store.ts';
import type { EvaluatorSettings } from './evaluator.ts';
import type { Exceeded } from './followed.ts';
import { severityAbove, type ThresholdBook } from './thresholds.ts';

/** A burst is no state: samples in so many minutes reach over at least a whole one. */
const MIN_MINUTES = 3;

/** More suspects than this are read with all the others. */
const MAX_ONE_BY_ONE = 50;

export class StoreEvaluator {
  constructor(
    private readonly book: ThresholdBook,
    private readonly settings: EvaluatorSettings,
    private readonly store: Pick<Store, 'readRollups' | 'readResources'>,
  ) {}

  /** Everything that is exceeded. */
  async tick(nowMs: number): Promise<Exceeded[]> {
    const range = newestMinutes(nowMs, this.settings.evaluationMinutes);
    const { rollups } = await this.store.readRollups({ ...range, filter: {}, scope: 'series', digests: false });
    const called = rollups.filter((rollup) => callCount(rollup) >= this.settings.minCalls);
    return [
      ...called.flatMap((rollup) => this.#judgeErrors(rollup)),
      ...(await this.#judgeSlow(called, range)),
      ...(await this.#judgeServers(range)),
    ];
  }

  #judgeErrors(rollup: SeriesRollup): Exceeded[] {
    return this.#judge(rollup.series.server, rollup.series.name, 'error_rate', errorRatePercent(rollup));
  }

  /** Sketches are read of tools only whose slowest call says that their p95 may be above a limit. */
  async #judgeSlow(called: readonly SeriesRollup[], range: TimeRange): Promise<Exceeded[]> {
    const suspects = called.filter(
      ({ series, maxMs }) => this.#judge(series.server, series.name, 'response_time', maxMs).length > 0,
    );
    const query = { ...range, scope: 'series', digests: true } as const;
    const filters =
      suspects.length > MAX_ONE_BY_ONE
        ? [{}]
        : suspects.map(({ series }) => ({ server: series.server, name: series.name }));
    const exceeded: Exceeded[] = [];
    for (const filter of filters) {
      for (const { series, digest, ...rollup } of (await this.store.readRollups({ ...query, filter })).rollups) {
        if (callCount(rollup) < this.settings.minCalls) continue;
        exceeded.push(...this.#judge(series.server, series.name, 'response_time', digest?.quantile(0.95)));
      }
    }
    return exceeded;
  }

  async #judgeServers(range: TimeRange): Promise<Exceeded[]> {
    const minutes = await this.store.readResources(range, undefined, 'minute');
    return [...groupBy(minutes, ({ server }) => server)].flatMap(([server, uses]) => {
      if (uses.length < MIN_MINUTES) return [];
      return [
        ...this.#judge(server, '', 'cpu', meanOf(uses, 'cpuPercentAvg')),
        ...this.#judge(server, '', 'memory', meanOf(uses, 'memoryPercentAvg')),
      ];
    });
  }

  #judge(server: string, tool: string, metric: ThresholdMetric, value = Number.NaN): Exceeded[] {
    const severity = severityAbove(this.book.limits(server, tool, metric), value);
    return severity === undefined ? [] : [{ server, tool, metric, severity, value }];
  }
}

function meanOf(uses: readonly ResourceRollup[], field: 'cpuPercentAvg' | 'memoryPercentAvg'): number {
  return uses.reduce((sum, use) => sum + use[field], 0) / uses.length;
}
