/** What happened, marked in the graphs, from metrics alone. */
import { COLLECTOR_FAMILIES } from '../expressions.ts';
import { type Matcher, metric } from '../promql.ts';
import type { Mark } from './dashboardOf.ts';

/**
 * A server that was there five minutes ago has another version now. It is news for as long, since over weeks no more than a
 * point every few minutes is asked for.
 */
export function deployMark(ofServer: readonly Matcher[]): Mark {
  const { serverInfo } = COLLECTOR_FAMILIES;
  const info = metric(serverInfo, ofServer);
  const before = `${info} offset 5m`;
  return {
    name: 'Deploys',
    expr: `max by (server, version) (${info} unless on (server, version) ${before}) and on (server) ${before}`,
    colour: 'blue',
    title: '{{server}} {{version}}',
    text: 'A new version of {{server}} reports: {{version}}',
  };
}

/** While the condition of an alert holds. */
export function alertMark(ofSubject: readonly Matcher[]): Mark {
  return {
    name: 'Alerts',
    expr: `max by (server, tool, severity, condition) (${metric(COLLECTOR_FAMILIES.alertFiring, ofSubject)}) == 1`,
    colour: 'red',
    title: '{{condition}}',
    text: '{{severity}}: {{server}} {{tool}}',
  };
}
