/** Everything at once. */
import { z } from 'zod';
import type { Overview } from '../../model/overview.ts';
import { isoTime } from '../params.ts';
import { rounded } from '../tools/rounded.ts';
import { defineRoute } from './defineRoute.ts';
import {
  alert,
  callStats,
  column,
  counts,
  health,
  named,
  presentedAlert,
  roundedColumn,
  roundedFields,
  severity,
  time,
  toolStats,
} from './shapes.ts';

const serverOverview = named(
  'ServerOverview',
  z.object({
    name: z.string(),
    version: z.string(),
    status: health,
    healthScore: z.number().int().describe('0 to 100'),
    calls: z.number().int().describe('In the last hour, as are the others'),
    callsPerMinute: z.number().describe('In the last five minutes'),
    avgResponseTimeMs: z.number(),
    p95Ms: z.number(),
    errorRatePercent: z.number(),
    activeAlerts: z.number().int(),
    lastSeenAt: time,
    liveInstances: z.number().int(),
    spark: z.object({ calls: counts, errors: counts, avgMs: column }).describe('One value a minute, 60 of them'),
  }),
);

const change = named(
  'Change',
  z.object({
    at: time,
    kind: z.enum([
      'deploy',
      'server_new',
      'anomaly_began',
      'anomaly_ended',
      'alert_raised',
      'alert_acknowledged',
      'alert_resolved',
    ]),
    server: z.string(),
    tool: z.string(),
    severity,
    id: z.string(),
    detail: z.string(),
  }),
);

export const overviewAnswer = named(
  'Overview',
  z.object({
    at: time,
    systemHealth: health,
    activeAlerts: z.number().int().describe('Not resolved'),
    firingAlerts: z.number().int().describe('Of these, those whose condition holds now'),
    recentAnomalies: z.number().int().describe('In the last hour'),
    callsPerMinute: z.number(),
    totals: callStats,
    sparkFrom: time,
    servers: z.array(serverOverview).describe('Worst health first'),
    alerts: z.array(alert).describe('Not resolved, the 50 worst'),
    changes: z.array(change).describe('Of the last 24 hours, newest first'),
    timeShares: z.array(toolStats).describe('The ten tools that took most of the last hour'),
  }),
);

export type OverviewAnswer = z.output<typeof overviewAnswer>;

export const getOverview = defineRoute({
  method: 'GET',
  path: '/overview',
  summary: 'Health, servers, alerts, changes and where the time goes; the figures of `get_performance_dashboard`',
  group: 'Look',
  scope: 'read',
  answer: overviewAnswer,
  run: async (_input, { views }) => presentedOverview(await views.overview()),
});

export function presentedOverview(overview: Overview): z.input<typeof overviewAnswer> {
  const { atMs, systemHealth, activeAlerts, firingAlerts, recentAnomalies, totals, sparkFromMs } = overview;
  return {
    at: isoTime(atMs),
    systemHealth,
    activeAlerts,
    firingAlerts,
    recentAnomalies,
    callsPerMinute: rounded(overview.callsPerMinute),
    totals: roundedFields(totals),
    sparkFrom: isoTime(sparkFromMs),
    servers: overview.servers.map(({ lastSeenMs, spark, ...server }) => ({
      ...roundedFields(server),
      lastSeenAt: isoTime(lastSeenMs),
      spark: { ...spark, avgMs: roundedColumn(spark.avgMs) },
    })),
    alerts: overview.alerts.map(presentedAlert),
    changes: overview.changes.map(({ atMs, ...rest }) => ({ at: isoTime(atMs), ...rest })),
    timeShares: overview.timeShares.map(roundedFields),
  };
}
