/** A dashboard: rows of panels, the variables they share, what is marked in their graphs, and ways to others. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PROMETHEUS_NAME, PROMETHEUS_UID } from './datasources.ts';
import type { RowSpec } from './panelSpec.ts';
import { DATASOURCE, panelOf } from './panels.ts';

export interface DashboardSpec {
  /** At most 40 characters. */
  uid: string;
  title: string;
  description: string;
  tags: readonly string[];
  /** Above all rows. */
  head?: (id: number) => Builder<Panel>;
  rows: readonly RowSpec[];
  links: readonly DashboardLinkBuilder[];
  marks: readonly Mark[];
  /** PromQL whose answer has a label `server`: lets people choose servers. */
  serversOf?: { metric: string };
}

/** What happened, across the graphs: while the expression has an answer, or at the time that it begins to. */
export interface Mark {
  name: string;
  expr: string;
  colour: string;
  /** Labels in double braces are filled in by Grafana. */
  title: string;
  text: string;
}

export function dashboardOf(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([...spec.tags])
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .links([...spec.links])
    .annotations(spec.marks.map(annotation))
    .variables([
      datasourceVariable(),
      ...(spec.serversOf === undefined ? [] : [serverVariable(spec.serversOf.metric)]),
    ]);
  let id = 1;
  if (spec.head !== undefined) builder.withPanel(spec.head(id++));
  for (const { title, panels } of spec.rows) {
    builder.withRow(new RowBuilder(title).id(id++));
    for (const panel of panels) builder.withPanel(panelOf(panel, id++));
  }
  return builder.build();
}

function datasourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus, or what speaks its language, that scrapes the collector')
    .type('prometheus')
    .hide(VariableHide.DontHide)
    .current({ selected: false, text: PROMETHEUS_NAME, value: PROMETHEUS_UID });
}

const ALL_SERVERS = '.+';

function serverVariable(metric: string): QueryVariableBuilder {
  return (
    new QueryVariableBuilder('server')
      .label('Server')
      .description('MCP servers to look at')
      .datasource(DATASOURCE)
      .query({ query: `label_values(${metric}, server)`, refId: 'servers' })
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
      .multi(true)
      .includeAll(true)
      // Not `.*`: that matches what has no label `server` as well, e.g. the `up` of every other target.
      .allValue(ALL_SERVERS)
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

function annotation({ name, expr, colour, title, text }: Mark): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(expr)
    .step('60s')
    .titleFormat(title)
    .textFormat(text)
    .target(new DataqueryBuilder().datasource(DATASOURCE).refId('Anno').expr(expr).range());
}

/** To a page outside Grafana. */
export function linkTo(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon('external link')
    .tooltip('In the collector')
    .url(url)
    .targetBlank(true);
}

/** To all dashboards with a tag, as a list to choose from. */
export function linkToTag(title: string, tag: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Dashboards)
    .icon('dashboard')
    .tooltip('')
    .tags([tag])
    .asDropdown(true)
    .keepTime(true);
}
