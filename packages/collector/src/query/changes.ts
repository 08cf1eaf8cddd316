/** What became different lately: new versions, new servers, incidents and alerts, newest first. */

import type { Alert } from '../model/alert.ts';
import { type Anomaly, anomalyIdOf, INCIDENT_LOOKBACK_MS, type SeenDeploy } from '../model/anomaly.ts';
import type { Change } from '../model/overview.ts';
import type { ServerInfo } from '../model/series.ts';
import type { Store, TimeRange } from '../store/store.ts';

type ChangeStore = Pick<Store, 'readItems' | 'readAnomalies' | 'readAlerts'>;

export async function readChanges(
  store: ChangeStore,
  range: TimeRange,
  servers: readonly ServerInfo[],
  limit: number,
): Promise<Change[]> {
  const [deploys, anomalies, alerts] = await Promise.all([
    readDeploys(store, range, undefined),
    store.readAnomalies({ ...range, fromMs: range.fromMs - INCIDENT_LOOKBACK_MS }, {}),
    store.readAlerts({ statuses: ['active', 'acknowledged', 'escalated', 'resolved'] }),
  ]);
  const changes = [
    ...deploys.map(deployed),
    ...servers.map(appeared),
    ...anomalies.flatMap(anomalyChanges),
    ...alerts.flatMap(alertChanges),
  ];
  return changes
    .filter(({ atMs }) => atMs >= range.fromMs && atMs < range.toMs)
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, limit);
}

/** Newest first. @param server undefined: of all */
export async function readDeploys(
  store: Pick<Store, 'readItems'>,
  { fromMs, toMs }: TimeRange,
  server: string | undefined,
): Promise<SeenDeploy[]> {
  const items = await store.readItems('deploy');
  return items
    .map(({ value }) => value as SeenDeploy)
    .filter((deploy) => deploy.atMs >= fromMs && deploy.atMs < toMs)
    .filter((deploy) => server === undefined || deploy.server === server)
    .sort((a, b) => b.atMs - a.atMs);
}

const WHOLE_SERVER = { tool: '', severity: 'info', id: '' } as const;

function deployed({ atMs, server, fromVersion, toVersion }: SeenDeploy): Change {
  return { ...WHOLE_SERVER, atMs, kind: 'deploy', server, detail: `${fromVersion} to ${toVersion}` };
}

function appeared({ name, firstSeenMs, version }: ServerInfo): Change {
  return { ...WHOLE_SERVER, atMs: firstSeenMs, kind: 'server_new', server: name, detail: version };
}

/** Those without an end are remarks on a minute, and as many as there are minutes: only incidents are changes. */
function anomalyChanges(anomaly: Anomaly): Change[] {
  const { atMs, server, tool, severity, type, deviation, incident } = anomaly;
  if (incident === undefined || severity === 'info' || incident.partOf !== null) return [];
  const about = { server, tool, severity, id: anomalyIdOf(anomaly), detail: `${type}, ${deviation}` };
  const ended = incident.endedAtMs;
  return [
    { ...about, atMs, kind: 'anomaly_began' },
    ...(ended === null ? [] : [{ ...about, atMs: ended, kind: 'anomaly_ended' as const }]),
  ];
}

function alertChanges({
  alertId,
  server,
  tool,
  severity,
  condition,
  createdAtMs,
  acknowledgedAtMs,
  acknowledgedBy,
  resolvedAtMs,
}: Alert): Change[] {
  const about = { server, tool, severity, id: alertId };
  const changes: Change[] = [{ ...about, atMs: createdAtMs, kind: 'alert_raised', detail: condition }];
  if (acknowledgedAtMs !== null)
    changes.push({ ...about, atMs: acknowledgedAtMs, kind: 'alert_acknowledged', detail: acknowledgedBy ?? '' });
  if (resolvedAtMs !== null) changes.push({ ...about, atMs: resolvedAtMs, kind: 'alert_resolved', detail: condition });
  return changes;
}
