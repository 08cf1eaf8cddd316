/** Contact points and policies for alerts that people make in Grafana; those of Prometheus go through Alertmanager. */
import { withoutSlash } from '../subjects.ts';
import { provisioned } from './provisioned.ts';

const CONTACT_POINT = 'mcp-vitals';

export interface AlertingOptions {
  /** As Grafana reaches it. */
  collectorUrl: URL;
  /** File with a token of scope ingest, as Grafana sees it. */
  webhookTokenFile: string;
  /** Whether to tell Slack as well: Grafana does not start where `SLACK_WEBHOOK_URL` is not set. */
  slack: boolean;
}

export function contactPoints({ collectorUrl, webhookTokenFile, slack }: AlertingOptions): object {
  const toCollector = {
    uid: 'mcp-vitals-collector',
    type: 'webhook',
    settings: {
      url: provisioned(`${withoutSlash(collectorUrl)}/v1/alertmanager`),
      httpMethod: 'POST',
      maxAlerts: '500',
      authorization_scheme: 'Bearer',
      authorization_credentials: `$__file{${provisioned(webhookTokenFile)}}`,
    },
  };
  const toSlack = { uid: 'mcp-vitals-slack', type: 'slack', settings: { url: '$SLACK_WEBHOOK_URL' } };
  return {
    apiVersion: 1,
    contactPoints: [{ orgId: 1, name: CONTACT_POINT, receivers: [toCollector, ...(slack ? [toSlack] : [])] }],
  };
}

export function notificationPolicies(): object {
  return {
    apiVersion: 1,
    policies: [
      {
        orgId: 1,
        receiver: CONTACT_POINT,
        group_by: ['grafana_folder', 'alertname'],
        group_wait: '30s',
        group_interval: '5m',
        repeat_interval: '4h',
      },
    ],
  };
}
