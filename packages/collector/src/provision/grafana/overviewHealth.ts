/** Rows 1 and 2 of the specification's overview: System Health, Request Metrics. */
import { COLLECTOR_FAMILIES, errorRatio, increase, type Question, rate, SERVER_FAMILIES } from '../expressions.ts';
import { type Matcher, metric } from '../promql.ts';
import { RANGE, RATE_SPAN, type RowSpec, UNITS } from './panelSpec.ts';

/** The servers that the variable names. */
export const OF_SERVERS: readonly Matcher[] = [['server', '=~', { variable: 'server' }]];

export const perServer: Question = { matchers: OF_SERVERS, span: RATE_SPAN, by: ['server'] };

const { up, healthScore, serverStart, anomalies, alertFiring } = COLLECTOR_FAMILIES;
const { toolRequests, memoryUsage, cpuUsageRatio, activeConnections } = SERVER_FAMILIES;

export const systemHealth: RowSpec = {
  title: 'System Health',
  panels: [
    {
      kind: 'stat',
      title: 'Health score',
      description:
        'Of the worst server, 0 to 100: errors, response times and alerts cost points. From 80 on it is healthy, below 50 critical.',
      unit: UNITS.score,
      width: 4,
      queries: [{ expr: `min(${metric(healthScore, OF_SERVERS)})` }],
      limits: [
        { from: 0, colour: 'red' },
        { from: 50, colour: 'orange' },
        { from: 80, colour: 'green' },
      ],
    },
    {
      kind: 'stat',
      title: 'Firing alerts',
      description: "Tools and servers for which the condition of one of the collector's alerts holds now.",
      unit: UNITS.count,
      width: 4,
      queries: [{ expr: `sum(${metric(alertFiring, OF_SERVERS)})` }],
      limits: [{ from: 1, colour: 'red' }],
      noValue: '0',
    },
    {
      kind: 'stat',
      title: 'Anomalies',
      description: 'What the collector found unlike before, within the last hour.',
      unit: UNITS.count,
      width: 4,
      queries: [{ expr: `sum(${metric(anomalies, OF_SERVERS)})` }],
      limits: [{ from: 1, colour: 'orange' }],
      noValue: '0',
    },
    {
      kind: 'stat',
      title: 'Servers reporting',
      description: 'MCP servers of which a process has reported within the last two minutes.',
      unit: UNITS.count,
      width: 4,
      queries: [{ expr: `sum(max by (server) (${metric(up, OF_SERVERS)}))` }],
      limits: [{ from: 1, colour: 'green' }],
    },
    {
      kind: 'stat',
      title: 'Uptime',
      description: 'Since the oldest process of each server that reports was first seen.',
      unit: UNITS.duration,
      width: 8,
      queries: [{ expr: `time() - min by (server) (${metric(serverStart, OF_SERVERS)})`, legend: '{{server}}' }],
    },
    {
      kind: 'gauge',
      title: 'Active Connections',
      description: 'Open connections by type, as servers count them with the custom metric `active_connections`.',
      unit: UNITS.count,
      width: 6,
      queries: [{ expr: `sum by (type) (${metric(activeConnections, OF_SERVERS)})`, legend: '{{type}}' }],
      noValue: 'not measured',
    },
    {
      kind: 'graph',
      title: 'Memory Usage',
      description: 'Memory of the processes of each server: resident, and where the server tells it, of its heap.',
      unit: UNITS.bytes,
      width: 9,
      queries: [{ expr: `sum by (server, type) (${metric(memoryUsage, OF_SERVERS)})`, legend: '{{server}} {{type}}' }],
    },
    {
      kind: 'graph',
      title: 'CPU Usage',
      description: 'CPU in use by each server; 100 % is one core.',
      unit: UNITS.share,
      width: 9,
      queries: [{ expr: `max by (server) (${metric(cpuUsageRatio, OF_SERVERS)})`, legend: '{{server}}' }],
    },
  ],
};

export const requestMetrics: RowSpec = {
  title: 'Request Metrics',
  panels: [
    {
      kind: 'stat',
      title: 'Total Requests',
      description: 'Tool calls within the range shown.',
      unit: UNITS.count,
      width: 24,
      queries: [
        { expr: increase(toolRequests, { matchers: OF_SERVERS, span: RANGE, by: [] }), legend: 'all' },
        { expr: increase(toolRequests, { matchers: OF_SERVERS, span: RANGE, by: ['status'] }), legend: '{{status}}' },
      ],
    },
    {
      kind: 'graph',
      title: 'Requests/sec',
      description: 'Tool calls that ended, per second.',
      unit: UNITS.perSecond,
      width: 8,
      queries: [{ expr: rate(toolRequests, perServer), legend: '{{server}}' }],
      stacked: true,
    },
    {
      kind: 'graph',
      title: 'Success Rate',
      description: 'Share of the tool calls that did not fail; those that were cancelled are not counted.',
      unit: UNITS.share,
      width: 8,
      queries: [{ expr: `1 - ${errorRatio(perServer)}`, legend: '{{server}}' }],
      max: 1,
    },
    {
      kind: 'graph',
      title: 'Error Rate',
      description: 'Share of the tool calls that failed: errors of tools and of the protocol, and time-outs.',
      unit: UNITS.share,
      width: 8,
      queries: [{ expr: errorRatio(perServer), legend: '{{server}}' }],
    },
  ],
};
