/** What pages and commands look at, as routes ask for it. Implements `Views` of the serving side. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { toolStatsOf } from '../model/callStats.ts';
import type { Overview } from '../model/overview.ts';
import type { ToolStats } from '../model/report.ts';
import type { Distribution, Subject, Timeline } from '../model/timeline.ts';
import type { Reports } from '../serve/ports/reports.ts';
import type { Views } from '../serve/ports/views.ts';
import { Snapshot } from '../snapshot.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { readDeploys } from './changes.ts';
import { readDistribution } from './distribution.ts';
import { readOverview } from './overview.ts';
import { readTimeline, type TimelineRequest } from './timeline.ts';

export interface ViewsDeps {
  store: Store;
  clock: Clock;
  config: Pick<Config, 'retention'>;
  reports: Pick<Reports, 'dashboard'>;
}

/** However many watch, everything is looked at this often. */
const OVERVIEW_FRESH_MS = 4_000;
const OVERVIEW_STALE_MS = 15_000;

export interface ViewsService extends Views {
  /** For when alerts or thresholds have changed. */
  clearCache(): void;
}

export function createViews({ store, clock, config, reports }: ViewsDeps): ViewsService {
  const overview = new Snapshot(
    () => readOverview({ store, reports, clock }),
    clock,
    OVERVIEW_FRESH_MS,
    OVERVIEW_STALE_MS,
  );
  return {
    overview: (): Promise<Overview> => overview.get(),
    timeline: (request: TimelineRequest): Promise<Timeline> =>
      readTimeline(store, request, clock.nowMs(), config.retention),
    distribution: (subject: Subject, ranges: readonly TimeRange[]): Promise<Distribution> =>
      readDistribution(store, subject, ranges),
    async tools(range, { server, kind }): Promise<ToolStats[]> {
      const filter = { server, kinds: [kind] };
      return toolStatsOf((await store.readRollups({ ...range, filter, scope: 'series', digests: true })).rollups);
    },
    deploys: (range, server) => readDeploys(store, range, server),
    clearCache: () => overview.invalidate(),
  };
}
