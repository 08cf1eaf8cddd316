/** All resources, in the order in which they are listed. */
import { activeAlerts, dashboard } from './current.ts';
import type { ResourceDefinition } from './defineResource.ts';
import { dailyReport, reportOfPeriod, weeklyReport } from './reports.ts';
import { series, seriesList } from './series.ts';
import { matchUri } from './uriTemplate.ts';
import { dashboardView, reportView } from './views.ts';

export const RESOURCES: readonly ResourceDefinition[] = [
  dashboard,
  activeAlerts,
  dailyReport,
  weeklyReport,
  seriesList,
  reportOfPeriod,
  series,
  dashboardView,
  reportView,
];

export interface FoundResource {
  resource: ResourceDefinition;
  variables: Record<string, string>;
}

export function findResource(uri: string): FoundResource | undefined {
  for (const resource of RESOURCES) {
    const variables = matchUri(resource.uri, uri);
    if (variables) return { resource, variables };
  }
  return undefined;
}
