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

export class StoreEvaluator {
  constructor(
    private readonly book: ThresholdBook,
    private readonly settings: EvaluatorSettings,
    private readonly store: Pick<Store, 'readRollups' | 'readResources'>,
  ) {}

  /** Everything that is exceeded. */
  async tick(nowMs: number): Promise<Exceeded[]> {
    const range = newestMinutes(nowMs, this.settings.evaluationMinutes);
    const query = { ...range, filter: {}, scope: 'series', digests: true } as const;
    const { rollups } = await this.store.readRollups(query);
    return [...rollups.flatMap((rollup) => this.#judgeTool(rollup)), ...(await this.#judgeServers(range))];
  }

  #judgeTool(rollup: SeriesRollup): Exceeded[] {
    if (callCount(rollup) < this.settings.minCalls) return [];
    const { server, name: tool } = rollup.series;
    return [
      ...this.#judge(server, tool, 'response_time', rollup.digest?.quantile(0.95)),
      ...this.#judge(server, tool, 'error_rate', errorRatePercent(rollup)),
    ];
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
