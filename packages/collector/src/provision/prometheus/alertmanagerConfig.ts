/**
 * `alertmanager.yml`: everything that fires goes back to the collector, but for what it judges itself, and to the receiver
 * of its severity, which are empty until people fill them in.
 */
import { OWN_SOURCE } from '../../model/alert.ts';
import { withoutSlash } from '../subjects.ts';
import type { PrometheusInput } from './prometheusFiles.ts';

export const WEBHOOK_PATH = '/v1/alertmanager';

/** As many as the webhook takes at a time. */
const MAX_ALERTS = 500;

export function alertmanagerConfig({
  collectorUrl,
  webhookTokenFile,
}: Pick<PrometheusInput, 'collectorUrl' | 'webhookTokenFile'>): object {
  return {
    route: {
      receiver: 'warning',
      group_by: ['alertname', 'server'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      routes: [
        { receiver: 'collector', matchers: [`source!="${OWN_SOURCE}"`], group_wait: '5s', continue: true },
        { receiver: 'critical', matchers: ['severity="critical"'], group_wait: '10s', repeat_interval: '1h' },
      ],
    },
    receivers: [
      {
        name: 'collector',
        webhook_configs: [
          {
            url: `${withoutSlash(collectorUrl)}${WEBHOOK_PATH}`,
            send_resolved: true,
            max_alerts: MAX_ALERTS,
            http_config: { authorization: { type: 'Bearer', credentials_file: webhookTokenFile } },
          },
        ],
      },
      { name: 'critical' },
      { name: 'warning' },
    ],
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ['alertname', 'server', 'tool', 'objective'],
      },
      // Nothing can be said of servers while the collector is away.
      { source_matchers: ['alertname="CollectorDown"'], target_matchers: ['alertname=~"ServerSilent|ServerGone"'] },
    ],
  };
}
