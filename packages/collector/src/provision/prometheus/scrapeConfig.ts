/** `prometheus.yml`: the collector as the one target, the rules beside it, and Alertmanager. */
import type { PrometheusInput } from './prometheusFiles.ts';

/** Rules tell the collector by it. */
export const SCRAPE_JOB = 'mcp-vitals';

/** The specification's. */
const INTERVAL = '15s';

export function scrapeConfig({
  collectorUrl,
  readTokenFile,
  alertmanagerUrl,
}: Pick<PrometheusInput, 'collectorUrl' | 'readTokenFile' | 'alertmanagerUrl'>): object {
  return {
    global: { scrape_interval: INTERVAL, evaluation_interval: INTERVAL },
    rule_files: ['rules/mcp-vitals-*.yml'],
    alerting: {
      alertmanagers: [
        {
          scheme: schemeOf(alertmanagerUrl),
          ...(alertmanagerUrl.pathname !== '/' && { path_prefix: alertmanagerUrl.pathname }),
          static_configs: [{ targets: [hostPort(alertmanagerUrl)] }],
        },
      ],
    },
    scrape_configs: [
      {
        job_name: SCRAPE_JOB,
        scheme: schemeOf(collectorUrl),
        metrics_path: `${collectorUrl.pathname.replace(/\/+$/, '')}/metrics`,
        scrape_timeout: '10s',
        ...(readTokenFile !== undefined && { authorization: { type: 'Bearer', credentials_file: readTokenFile } }),
        static_configs: [{ targets: [hostPort(collectorUrl)] }],
      },
    ],
  };
}

const schemeOf = ({ protocol }: URL): string => protocol.replace(':', '');

/** A URL leaves out the port that is usual for its scheme; a target must have one. */
function hostPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
