/** What a dashboard asks Prometheus, with its variables filled in. */
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

export interface AskedQuery {
  /** Panel, variable or annotation. */
  where: string;
  expr: string;
  isInstant: boolean;
  /** Labels that a legend, a table or a bar shows. */
  labels: string[];
}

interface Target {
  expr: string;
  instant?: boolean;
  legendFormat?: string;
}

export function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.filter((panel): panel is Panel => !isRow(panel));
}

export function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

export function panelQueries(dashboard: Dashboard): AskedQuery[] {
  const filledIn = filledInFor(dashboard);
  return panelsOf(dashboard).flatMap((panel) =>
    ((panel.targets ?? []) as unknown as Target[]).map(({ expr, instant = false, legendFormat = '' }) => ({
      where: `${dashboard.title}: ${panel.title}`,
      expr: filledIn(expr),
      isInstant: instant,
      labels: [...braces(legendFormat), ...columnsOf(panel)],
    })),
  );
}

export function annotationQueries(dashboard: Dashboard): AskedQuery[] {
  const { title, annotations } = dashboard;
  const filledIn = filledInFor(dashboard);
  return (annotations.list ?? []).map(({ name, expr = '', titleFormat = '', textFormat = '' }) => ({
    where: `${title}: ${name}`,
    expr: filledIn(expr),
    isInstant: false,
    labels: [...braces(titleFormat), ...braces(textFormat)],
  }));
}

/** Metric and label of each `label_values(metric, label)`. */
export function variableQueries({ templating }: Dashboard): { metric: string; label: string }[] {
  const texts = (templating.list ?? []).flatMap(({ query }) =>
    typeof query === 'object' ? [query.query as string] : [],
  );
  return texts.map((text) => {
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(text) ?? [];
    if (metric === undefined || label === undefined) throw new Error(`${text}: not understood`);
    return { metric, label };
  });
}

/** As Grafana does for a range of five minutes and all servers. */
function filledInFor({ templating }: Dashboard): (expr: string) => string {
  const allServers = (templating.list ?? []).find(({ name }) => name === 'server')?.allValue ?? '$server';
  return (expr) => {
    const filled = expr
      .replaceAll('$__rate_interval', '1m')
      .replaceAll('$__range', '5m')
      .replaceAll('$server', allServers);
    if (filled.includes('$')) throw new Error(`${expr}: a variable that nobody fills in`);
    return filled;
  };
}

const braces = (format: string): string[] => [...format.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);

/** Of what the answer becomes columns or bars. */
function columnsOf({ transformations = [] }: Panel): string[] {
  return transformations
    .flatMap(({ options }) => Object.keys((options as { indexByName: Record<string, number> }).indexByName))
    .filter((column) => column !== 'Value');
}
