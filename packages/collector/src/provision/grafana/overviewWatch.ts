/** Two rows beyond the specification's: what the collector watches, and how the collector itself does. */
import { COLLECTOR_FAMILIES, quantile, rate, SERVER_FAMILIES } from '../expressions.ts';
import { metric } from '../promql.ts';
import { OF_SERVERS, perServer } from './overviewHealth.ts';
import { RATE_SPAN, type RowSpec, UNITS } from './panelSpec.ts';

const { alertFiring, anomalies, objectiveBudgetLeft, objectiveBurnRate, batches, httpDuration } = COLLECTOR_FAMILIES;

export const alertsAndObjectives: RowSpec = {
  title: 'Alerts and Objectives',
  panels: [
    {
      kind: 'table',
      title: 'Firing Alerts',
      description: 'Alerts of the collector whose condition holds now. An empty tool stands for the whole server.',
      unit: UNITS.count,
      width: 12,
      queries: [
        {
          expr: `max by (server, tool, severity, condition) (${metric(alertFiring, OF_SERVERS)}) == 1`,
        },
      ],
      columns: { severity: 'Severity', server: 'Server', tool: 'Tool', condition: 'Condition' },
      noValue: 'none',
    },
    {
      kind: 'graph',
      title: 'Anomalies',
      description: 'What the collector found unlike before, within the last hour, by type.',
      unit: UNITS.count,
      width: 12,
      queries: [{ expr: `sum by (server, type) (${metric(anomalies, OF_SERVERS)})`, legend: '{{server}} {{type}}' }],
    },
    {
      kind: 'graph',
      title: 'Error Budget Left',
      description: 'Of each objective; 100 % is all of it, below 0 more than all is used.',
      unit: UNITS.share,
      width: 12,
      min: -1,
      max: 1,
      queries: [
        {
          expr: `min by (server, objective) (${metric(objectiveBudgetLeft, OF_SERVERS)})`,
          legend: '{{server}} {{objective}}',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Burn Rate',
      description: 'How many times as fast as it may the budget is used, over the last hour, six hours and three days.',
      unit: UNITS.count,
      width: 12,
      queries: [
        {
          expr: `max by (server, objective, window) (${metric(objectiveBurnRate, OF_SERVERS)})`,
          legend: '{{server}} {{objective}} {{window}}',
        },
      ],
    },
  ],
};

export const collectorItself: RowSpec = {
  title: 'The Collector',
  panels: [
    {
      kind: 'graph',
      title: 'Batches/sec',
      description: 'Batches of measurements that arrived, by what became of them.',
      unit: UNITS.perSecond,
      width: 8,
      queries: [{ expr: rate(batches, { matchers: [], span: RATE_SPAN, by: ['result'] }), legend: '{{result}}' }],
    },
    {
      kind: 'graph',
      title: 'HTTP p95',
      description: "Requests to the collector's API and page, by route.",
      unit: UNITS.seconds,
      width: 8,
      queries: [
        {
          expr: quantile(0.95, httpDuration, { matchers: [], span: RATE_SPAN, by: ['method', 'route'] }),
          legend: '{{method}} {{route}}',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Lost Samples/sec',
      description: 'Samples that a server could not send or keep. Anything but nothing is worth a look.',
      unit: UNITS.perSecond,
      width: 8,
      queries: [
        {
          expr: rate(SERVER_FAMILIES.droppedSamples, { ...perServer, by: ['server', 'reason'] }),
          legend: '{{server}} {{reason}}',
        },
      ],
    },
  ],
};
