/** What can be filled in for a name: of the servers and tools that were seen lately, and of the alerts that there are. */
import { DAY_MS } from '../model/rollup.ts';
import type { AskContext } from './askTool.ts';
import { isoTime } from './params.ts';
import { getActiveAlerts } from './tools/getActiveAlerts.ts';
import { getMetrics } from './tools/getMetrics.ts';
import { getPerformanceDashboard } from './tools/getPerformanceDashboard.ts';

/** What else has been filled in by now. */
export type Filled = Readonly<Record<string, string | undefined>>;

/** All candidates; those that begin with what was typed are chosen from them. */
export type Completer = (context: AskContext, filled: Filled) => Promise<string[]>;

const MAX_REFRESH_SECONDS = 60;

export const serverNames: Completer = async ({ ask }) => {
  // Completion is asked at each key: the dashboard is at hand.
  const { structured } = await ask(getPerformanceDashboard, { refreshInterval: MAX_REFRESH_SECONDS });
  return structured.mcpServers.map(({ name }) => name);
};

/** Of the server that was filled in, or of all, busiest first. */
export const toolNames: Completer = async ({ ask, nowMs }, { server }) => {
  const toMs = nowMs();
  const { structured } = await ask(getMetrics, {
    ...(server !== undefined && server !== '' && { mcpServer: server }),
    startTime: isoTime(toMs - DAY_MS),
    endTime: isoTime(toMs),
    aggregation: 'count',
  });
  const busiest = [...structured.metrics].sort((a, b) => b.count - a.count);
  return [...new Set(busiest.map(({ toolName }) => toolName))];
};

export const alertIds: Completer = async ({ ask }) => {
  const { structured } = await ask(getActiveAlerts, {});
  return structured.alerts.map(({ alertId }) => alertId);
};
