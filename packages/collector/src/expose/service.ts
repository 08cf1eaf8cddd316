/**
 * The collector's metrics: what batches bring is counted as they come, what only the collector knows is read when somebody
 * scrapes. prom-client is loaded by the first scrape, so that collectors that nobody scrapes do without it.
 */
import {
  COLLECTOR_FAMILIES,
  createExposition,
  type Exposition,
  type FamilySamples,
  MetricTotals,
  ValueHistograms,
} from '@mcp-vitals/prometheus';
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Metrics } from '../serve/ports/views.ts';
import { Snapshot } from '../snapshot.ts';
import { type CollectorStateDeps, readHistory, readNow } from './collectorState.ts';
import { onlyOfWorkspace, withWorkspaceLabels } from './workspaceLabels.ts';

export interface MetricsDeps extends Omit<CollectorStateDeps, 'startedMs' | 'maxSeries'> {
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Pick<Config, 'prometheus'>;
  /** How the store writes names that come from outside, so that metrics bear the names that queries answer with. */
  storedName(name: string): string;
}

/** What became of a batch. */
export type BatchResult = 'stored' | 'duplicate' | 'refused' | 'failed';

export interface MetricsService extends Metrics {
  /** Counts a batch that was stored. Cheap and synchronous. */
  observe(batch: Batch, skewMs: number): void;
  countBatch(result: BatchResult): void;
}

/** Two scrapers at once ask the store once. */
const NOW_FRESH_MS = 2_000;

/** Budgets of weeks do not change within seconds; who scrapes gets what was read for the scrape before. */
const HISTORY_FRESH_MS = 10_000;
const HISTORY_STALE_MS = 10 * 60_000;

export function createMetrics({ clock, config, storedName, ...deps }: MetricsDeps): MetricsService {
  const { maxSeries } = config.prometheus;
  const totals = new MetricTotals({ nowMs: clock.nowMs, maxSeries, nameOf: storedName });
  const requests = new ValueHistograms(COLLECTOR_FAMILIES.httpDuration, 1 / 1000);
  const batches: Record<BatchResult, number> = { stored: 0, duplicate: 0, refused: 0, failed: 0 };
  const state = { ...deps, startedMs: () => totals.startedMs(), maxSeries };
  const now = new Snapshot(() => readNow(state, clock.nowMs()), clock, NOW_FRESH_MS, NOW_FRESH_MS);
  const history = new Snapshot(() => readHistory(state), clock, HISTORY_FRESH_MS, HISTORY_STALE_MS);

  const ofCollector = (): FamilySamples[] => [
    requests.collect(),
    {
      family: COLLECTOR_FAMILIES.batches,
      samples: Object.entries(batches).map(([result, value]) => ({ labels: { result }, value })),
    },
    { family: COLLECTOR_FAMILIES.seriesLimited, samples: [{ labels: {}, value: totals.limited }] },
  ];
  const ofServers = [() => now.get(), () => history.get(), () => totals.collect()].map(withWorkspaceLabels);
  const importPromClient = () => import('prom-client');
  let whole: Promise<Exposition> | undefined;

  return {
    observe: (batch, skewMs) => totals.observe(batch, skewMs),
    countBatch(result) {
      batches[result] += 1;
    },
    observeRequest({ method, route, status, durationMs }) {
      requests.add({ method, route, status: String(status) }, durationMs);
    },
    async render(accept, workspace) {
      if (workspace !== undefined) {
        const sources = ofServers.map((source) => onlyOfWorkspace(source, workspace));
        return (await createExposition({ importPromClient, sources })).render(accept);
      }
      whole ??= createExposition({ importPromClient, sources: [...ofServers, ofCollector], processMetrics: true });
      return (await whole).render(accept);
    },
  };
}
