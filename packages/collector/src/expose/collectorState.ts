/**
 * What only the collector knows, as metrics: which servers report, alerts, anomalies, objectives. All of it is asked of the
 * store when somebody scrapes.
 */
import { COLLECTOR_FAMILIES, type Family, type FamilySamples, labelValue, type Sample } from '@mcp-vitals/prometheus';
import type { Alert, AlertStatus, ObjectiveStatus } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import { visibleText } from '../model/visibleText.ts';
import type { Reports } from '../serve/ports/reports.ts';
import type { Store } from '../store/store.ts';

export interface CollectorStateDeps {
  store: Pick<Store, 'listServers' | 'readAlerts' | 'readAnomalies'>;
  reports: Pick<Reports, 'dashboard'>;
  objectives(): Promise<readonly ObjectiveStatus[]>;
  /** When the oldest process of each server was first seen, by server as a label's value; epoch milliseconds. */
  startedMs(): ReadonlyMap<string, number>;
  /** Servers, and alerts that hold, that are shown at most. */
  maxSeries: number;
}

const OPEN: readonly AlertStatus[] = ['active', 'acknowledged', 'escalated'];
const MAX_CONDITION_LENGTH = 200;

const familySamples = (family: Family, samples: Sample[]): FamilySamples => ({ family, samples });

/** What changes from one moment to the next. */
export async function readNow(deps: CollectorStateDeps, nowMs: number): Promise<FamilySamples[]> {
  const { store, maxSeries } = deps;
  const range = { fromMs: nowMs - HOUR_MS, toMs: nowMs + MINUTE_MS };
  const [servers, alerts, anomalies] = await Promise.all([
    store.listServers(),
    store.readAlerts({ statuses: OPEN }),
    store.readAnomalies(range, {}),
  ]);
  // One that was silent for a day is no server that is down, but one that is no longer there.
  const recent = servers.filter(({ lastSeenMs }) => nowMs - lastSeenMs < DAY_MS);
  recent.sort((a, b) => b.lastSeenMs - a.lastSeenMs);
  return [
    ...ofServers(recent.slice(0, maxSeries), deps.startedMs()),
    ...ofAlerts(alerts, maxSeries),
    familySamples(COLLECTOR_FAMILIES.anomalies, countBy(anomalies, anomalyLabels)),
  ];
}

/** What takes a look at the history. */
export async function readHistory({ reports, objectives, maxSeries }: CollectorStateDeps): Promise<FamilySamples[]> {
  const [{ servers }, statuses] = await Promise.all([reports.dashboard(), objectives()]);
  // The worst come first; a name that is the same once it is cut is shown with the worse.
  const scores = new Map(servers.map(({ name, healthScore }) => [labelValue(name), healthScore] as const).reverse());
  const health = [...scores].slice(-maxSeries).map(([server, value]) => ({ labels: { server }, value }));
  return [familySamples(COLLECTOR_FAMILIES.healthScore, health), ...ofObjectives(statuses)];
}

function ofServers(servers: readonly ServerInfo[], startedMs: ReadonlyMap<string, number>): FamilySamples[] {
  const named = new Map(servers.map((server) => [labelValue(server.name), server]));
  const samples = (value: (info: ServerInfo, server: string) => number | undefined): Sample[] =>
    [...named].flatMap(([server, info]) => {
      const shown = value(info, server);
      return shown === undefined ? [] : [{ labels: { server }, value: shown }];
    });
  const versions = [...named].map(([server, { version }]) => ({
    labels: { server, version: labelValue(version) },
    value: 1,
  }));
  return [
    familySamples(
      COLLECTOR_FAMILIES.up,
      samples(({ liveInstances }) => (liveInstances > 0 ? 1 : 0)),
    ),
    familySamples(COLLECTOR_FAMILIES.serverInfo, versions),
    familySamples(
      COLLECTOR_FAMILIES.serverInstances,
      samples(({ liveInstances }) => liveInstances),
    ),
    familySamples(
      COLLECTOR_FAMILIES.serverStart,
      samples((_, server) => seconds(startedMs.get(server))),
    ),
    familySamples(
      COLLECTOR_FAMILIES.serverLastSeen,
      samples(({ lastSeenMs }) => seconds(lastSeenMs)),
    ),
  ];
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function ofAlerts(alerts: readonly Alert[], maxSeries: number): FamilySamples[] {
  const counts = countBy(alerts, ({ server, severity, status }) => ({ server: labelValue(server), severity, status }));
  const firing = countBy(
    alerts.filter(({ clearedAtMs }) => clearedAtMs === null),
    ({ server, tool, severity, condition }) => ({
      server: labelValue(server),
      tool: labelValue(tool),
      severity,
      condition: visibleText(condition, MAX_CONDITION_LENGTH),
    }),
  );
  return [
    familySamples(COLLECTOR_FAMILIES.alerts, counts),
    familySamples(
      COLLECTOR_FAMILIES.alertFiring,
      firing.slice(0, maxSeries).map(({ labels }) => ({ labels, value: 1 })),
    ),
  ];
}

const anomalyLabels = ({ server, type, severity }: Anomaly) => ({ server: labelValue(server), type, severity });

function ofObjectives(statuses: readonly ObjectiveStatus[]): FamilySamples[] {
  const shown = new Map(statuses.map((status) => [labelValue(status.name), status]));
  const labelled = [...shown].map(([objective, status]) => ({
    labels: { server: labelValue(status.server), objective },
    status,
  }));
  return [
    familySamples(
      COLLECTOR_FAMILIES.objectiveBudgetLeft,
      labelled.map(({ labels, status }) => ({ labels, value: status.budgetLeftPercent / 100 })),
    ),
    familySamples(
      COLLECTOR_FAMILIES.objectiveBurnRate,
      labelled.flatMap(({ labels, status }) =>
        Object.entries(status.burnRates).map(([window, value]) => ({ labels: { ...labels, window }, value })),
      ),
    ),
  ];
}

/** How many there are of each set of labels. */
function countBy<Item>(items: readonly Item[], labelsOf: (item: Item) => Sample['labels']): Sample[] {
  const counts = new Map<string, Sample>();
  for (const item of items) {
    const labels = labelsOf(item);
    const key = JSON.stringify(labels);
    const sample = counts.get(key) ?? { labels, value: 0 };
    sample.value += 1;
    counts.set(key, sample);
  }
  return [...counts.values()];
}
