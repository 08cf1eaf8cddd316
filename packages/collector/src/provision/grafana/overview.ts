/** The dashboard of all servers: the specification's five rows, then alerts and objectives, and the collector itself. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { SERVER_FAMILIES } from '../expressions.ts';
import { dashboardOf, linkTo, linkToTag } from './dashboardOf.ts';
import { alertMark, deployMark } from './marks.ts';
import { OF_SERVERS, requestMetrics, systemHealth } from './overviewHealth.ts';
import { alertsAndObjectives, collectorItself } from './overviewWatch.ts';
import { databaseAndCache, performance, topTools } from './overviewWork.ts';

export const OVERVIEW_UID = 'mcp-vitals-overview';
export const TAG = 'mcp-vitals';
export const TOOL_TAG = 'mcp-vitals-tool';

/** @param pageUrl of the collector's page, without a slash at its end */
export function overviewDashboard(pageUrl: string): Dashboard {
  return dashboardOf({
    uid: OVERVIEW_UID,
    title: 'MCP servers',
    description: 'What mcp-vitals measures of all MCP servers, from the metrics of its collector.',
    tags: [TAG],
    rows: [systemHealth, requestMetrics, performance, topTools, databaseAndCache, alertsAndObjectives, collectorItself],
    links: [linkToTag('Tools', TOOL_TAG), linkTo('mcp-vitals', `${pageUrl}/`)],
    marks: [deployMark(OF_SERVERS), alertMark(OF_SERVERS)],
    serversOf: { metric: SERVER_FAMILIES.toolRequests.name },
  });
}
