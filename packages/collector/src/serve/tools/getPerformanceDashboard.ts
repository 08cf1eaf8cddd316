/** How every server is right now. */
import { z } from 'zod';
import type { DashboardServer } from '../../model/report.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { isoTime } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { DASHBOARD_VIEW_URI } from '../viewUris.ts';
import { defineTool } from './defineTool.ts';
import { rounded } from './rounded.ts';

const MAX_REFRESH_SECONDS = 86_400;
/** Servers that are also said in words, worst first. */
const MAX_LINES = 10;

const health = z.enum(['healthy', 'degraded', 'critical']);

export const getPerformanceDashboard = defineTool({
  name: 'get_performance_dashboard',
  title: 'Performance dashboard',
  description: 'Health of every server in the last hour, worst first.',
  scope: 'read',
  viewUri: DASHBOARD_VIEW_URI,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    refreshInterval: z.number().min(1).max(MAX_REFRESH_SECONDS).default(30).describe('s; greatest age of data'),
  }),
  output: z.object({
    timestamp: z.string(),
    mcpServers: z.array(
      z.object({
        name: z.string(),
        healthScore: z.number().describe('0-100'),
        avgResponseTime: z.number(),
        errorRate: z.number(),
        activeAlerts: z.number(),
        status: health,
      }),
    ),
    activeAlerts: z.number(),
    recentAnomalies: z.number(),
    systemHealth: health,
  }),

  async run({ refreshInterval }, { reports }: Pick<Services, 'reports'>) {
    const { atMs, servers, activeAlerts, recentAnomalies, systemHealth } = await reports.dashboard(
      refreshInterval * 1000,
    );
    return {
      structured: {
        timestamp: isoTime(atMs),
        mcpServers: servers.map(presented),
        activeAlerts,
        recentAnomalies,
        systemHealth,
      },
      text: [
        `System ${systemHealth}. Servers: ${servers.length}; active alerts: ${activeAlerts}; anomalies in the last hour: ${recentAnomalies}.`,
        ...servers.slice(0, MAX_LINES).map(line),
      ].join('\n'),
    };
  },
});

function presented({ name, healthScore, avgResponseTimeMs, errorRatePercent, activeAlerts, status }: DashboardServer) {
  return {
    name,
    healthScore,
    avgResponseTime: rounded(avgResponseTimeMs),
    errorRate: rounded(errorRatePercent),
    activeAlerts,
    status,
  };
}

function line({
  name,
  healthScore,
  status,
  avgResponseTimeMs,
  errorRatePercent,
  activeAlerts,
}: DashboardServer): string {
  return `- ${quoteUntrusted(name)}: ${healthScore} ${status}, avg ${rounded(avgResponseTimeMs)} ms, ${rounded(errorRatePercent)} % errors, alerts: ${activeAlerts}`;
}
