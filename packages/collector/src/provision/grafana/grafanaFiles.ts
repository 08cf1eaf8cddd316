/** All that `mcp-vitals grafana` writes: dashboards, and what has Grafana find them. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { type Files, yamlFile } from '../files.ts';
import { fileStem, stableId, type ToolName, withoutSlash } from '../subjects.ts';
import type { ThresholdInForce } from '../thresholds.ts';
import { type AlertingOptions, contactPoints, notificationPolicies } from './alerting.ts';
import { type DatasourceOptions, datasources } from './datasources.ts';
import { overviewDashboard } from './overview.ts';
import { provisioned } from './provisioned.ts';
import { toolDashboard, toolTitle } from './toolDashboard.ts';

export interface GrafanaInput extends DatasourceOptions, AlertingOptions {
  tools: readonly ToolName[];
  thresholds: readonly ThresholdInForce[];
  /** Where people reach the collector's page. */
  pageUrl: URL;
  /** The directory `dashboards` that is written, as Grafana sees it. */
  dashboardsPath: string;
}

const GENERATED = 'Written by `mcp-vitals grafana`. A file that is changed by hand is not written over.';

export function grafanaFiles(input: GrafanaInput): Files {
  const provisioning = (path: string, content: object, comment = GENERATED): [string, string] => [
    `provisioning/${path}`,
    yamlFile(comment, content),
  ];
  return new Map([
    ...dashboards(input),
    provisioning('datasources/prometheus.yaml', datasources(input)),
    provisioning('dashboards/mcp-vitals.yaml', dashboardProvider(input.dashboardsPath)),
    provisioning('alerting/contact-points.yaml', contactPoints(input)),
    provisioning(
      'alerting/notification-policies.yaml',
      notificationPolicies(),
      `${GENERATED}\nIt takes the place of all notification policies that Grafana has: leave it out where there are others.`,
    ),
  ]);
}

function dashboards({ tools, thresholds, pageUrl }: GrafanaInput): [string, string][] {
  const page = withoutSlash(pageUrl);
  const titles = uniqueTitles(tools);
  return [
    ['dashboards/overview.json', jsonFile(overviewDashboard(page))],
    ...tools.map((name, i): [string, string] => [
      `dashboards/tools/${fileStem(name)}.json`,
      jsonFile(toolDashboard({ name, title: titles[i]!, pageUrl: page, thresholds })),
    ]),
  ];
}

/** What looks the same, or begins the same, is told apart by its id: older versions of Grafana refuse a title twice. */
function uniqueTitles(tools: readonly ToolName[]): string[] {
  const titles = tools.map(toolTitle);
  const counts = new Map<string, number>();
  for (const title of titles) counts.set(title.toLowerCase(), (counts.get(title.toLowerCase()) ?? 0) + 1);
  return titles.map((title, i) =>
    counts.get(title.toLowerCase()) === 1 ? title : `${title} (${stableId(tools[i]!).slice(0, 8)})`,
  );
}

function jsonFile(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function dashboardProvider(path: string): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'mcp-vitals',
        orgId: 1,
        folder: 'mcp-vitals',
        type: 'file',
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: provisioned(path) },
      },
    ],
  };
}
