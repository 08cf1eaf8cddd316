/** Data sources, as Grafana is given them; dashboards know them by these names. */
import { provisioned } from './provisioned.ts';

export const PROMETHEUS_UID = 'mcp-vitals-prometheus';
export const PROMETHEUS_NAME = 'mcp-vitals Prometheus';
const ALERTMANAGER_UID = 'mcp-vitals-alertmanager';

/** That of the generated scrape configuration; Grafana takes rates over four of them at least. */
const SCRAPE_INTERVAL = '15s';

export interface DatasourceOptions {
  /** As Grafana reaches it. */
  prometheusUrl: URL;
  alertmanagerUrl: URL;
  /** Uid of the data source that has the traces, for exemplars to lead there. */
  traceDatasource: string | undefined;
}

export function datasources({ prometheusUrl, alertmanagerUrl, traceDatasource }: DatasourceOptions): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: PROMETHEUS_NAME,
        uid: PROMETHEUS_UID,
        type: 'prometheus',
        access: 'proxy',
        url: provisioned(prometheusUrl.href),
        // Grafana does not start when two are the default one.
        isDefault: false,
        editable: false,
        jsonData: {
          httpMethod: 'POST',
          timeInterval: SCRAPE_INTERVAL,
          prometheusType: 'Prometheus',
          manageAlerts: true,
          alertmanagerUid: ALERTMANAGER_UID,
          ...(traceDatasource !== undefined && {
            exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: provisioned(traceDatasource) }],
          }),
        },
      },
      {
        name: 'mcp-vitals Alertmanager',
        uid: ALERTMANAGER_UID,
        type: 'alertmanager',
        access: 'proxy',
        url: provisioned(alertmanagerUrl.href),
        isDefault: false,
        editable: false,
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
    ],
  };
}
