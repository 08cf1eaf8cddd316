/** All that is read for every report, whatever its kind. */
import type { Alert, Threshold } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { ResourceRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { AlertFilter, InFlightCalls, RecentError, Store, TimeRange } from '../store/store.ts';
import { type Halves, readHalves } from './halves.ts';

export interface Evidence extends Halves {
  anomalies: Anomaly[];
  /** Raised within the period. */
  alerts: Alert[];
  /** Not resolved now. */
  unresolvedAlerts: Alert[];
  servers: ServerInfo[];
  thresholds: Threshold[];
  recentErrors: RecentError[];
  inFlight: InFlightCalls[];
  /** One per server, over the whole period. */
  resources: ResourceRollup[];
}

/** Twenty per series are kept; these are enough to tell what the failing ones have in common. */
const MAX_RECENT_ERRORS = 1_000;

const UNRESOLVED: AlertFilter['statuses'] = ['active', 'acknowledged', 'escalated'];
/** What somebody was told of; a condition that is pending may never become an alert. */
const TOLD = [...UNRESOLVED, 'resolved'] as const;

export async function readEvidence(store: Store, range: TimeRange, server: string | undefined): Promise<Evidence> {
  const halves = await readHalves(store, range, server);
  const [anomalies, alerts, unresolvedAlerts, known, thresholds, recentErrors, inFlight, resources] = await Promise.all(
    [
      store.readAnomalies(range, { server }),
      store.readAlerts({ server, createdWithin: range, statuses: TOLD }),
      store.readAlerts({ server, statuses: UNRESOLVED }),
      store.listServers(),
      store.listThresholds(),
      store.readRecentErrors({ server }, MAX_RECENT_ERRORS),
      store.readInFlight({ server }),
      store.readResources(range, server, 'range'),
    ],
  );
  const servers = known.filter(({ name }) => server === undefined || name === server);
  return { ...halves, anomalies, alerts, unresolvedAlerts, servers, thresholds, recentErrors, inFlight, resources };
}
