/** How things are now: the dashboard, and the alerts that are not resolved. */
import { getActiveAlerts } from '../tools/getActiveAlerts.ts';
import { getPerformanceDashboard } from '../tools/getPerformanceDashboard.ts';
import { defineResource } from './defineResource.ts';

export const dashboard = defineResource({
  name: 'dashboard',
  title: 'Dashboard',
  description: 'Health of every server over the last hour, worst first.',
  uri: 'mcp-vitals://dashboard',
  mimeType: 'application/json',
  read: async (_, { ask }) => JSON.stringify((await ask(getPerformanceDashboard, {})).structured),
});

export const activeAlerts = defineResource({
  name: 'alerts',
  title: 'Active alerts',
  description: 'Alerts that are not resolved, worst first.',
  uri: 'mcp-vitals://alerts',
  mimeType: 'application/json',
  read: async (_, { ask }) => JSON.stringify((await ask(getActiveAlerts, {})).structured),
});
