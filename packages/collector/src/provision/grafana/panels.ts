/** Panels of Grafana from what they show. */
import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AxisPlacement,
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Gauge } from '@grafana/grafana-foundation-sdk/gauge';
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Limit, PanelQuery, PanelSpec } from './panelSpec.ts';

/** The one that the variable `datasource` names. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by Grafana
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

const HEIGHTS: Readonly<Record<PanelSpec['kind'], number>> = {
  stat: 4,
  gauge: 8,
  graph: 8,
  bars: 10,
  table: 8,
  heatmap: 9,
};

type Of<Kind extends PanelSpec['kind']> = Extract<PanelSpec, { kind: Kind }>;

/** What all kinds of panels have. */
interface AnyPanel<Self> extends Builder<Panel> {
  id(id: number): Self;
  title(title: string): Self;
  description(description: string): Self;
  unit(unit: string): Self;
  span(width: number): Self;
  height(height: number): Self;
  datasource(datasource: DataSourceRef): Self;
  targets(targets: DataqueryBuilder[]): Self;
}

export function panelOf(spec: PanelSpec, id: number): Builder<Panel> {
  switch (spec.kind) {
    case 'stat':
      return stat(spec, id);
    case 'gauge':
      return gauge(spec, id);
    case 'graph':
      return graph(spec, id);
    case 'bars':
      return bars(spec, id);
    case 'table':
      return table(spec, id);
    case 'heatmap':
      return heatmap(spec, id);
  }
}

function common<Self extends AnyPanel<Self>>(
  panel: Self,
  { kind, title, description, unit, width, queries }: PanelSpec,
  id: number,
  queryOf: (query: PanelQuery) => DataqueryBuilder,
): Self {
  return panel
    .id(id)
    .title(title)
    .description(description)
    .unit(unit)
    .span(width)
    .height(HEIGHTS[kind])
    .datasource(DATASOURCE)
    .targets(queries.map((query, i) => queryOf(query).refId(String.fromCharCode(65 + i))));
}

function prometheusQuery({ expr, legend = '' }: PanelQuery): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATASOURCE).expr(expr).legendFormat(legend);
}

const overTime = (query: PanelQuery): DataqueryBuilder => prometheusQuery(query).range();
const now = (query: PanelQuery): DataqueryBuilder => prometheusQuery(query).instant();
const rowsNow = (query: PanelQuery): DataqueryBuilder => now(query).format(PromQueryFormat.Table);

function stat(spec: Of<'stat'>, id: number): Stat {
  const panel = common(new Stat(), spec, id, now)
    .colorMode(spec.limits === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .thresholds(steps(spec.limits ?? []));
  return spec.noValue === undefined ? panel : panel.noValue(spec.noValue);
}

function gauge(spec: Of<'gauge'>, id: number): Gauge {
  const panel = common(new Gauge(), spec, id, now)
    .min(0)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
  return spec.noValue === undefined ? panel : panel.noValue(spec.noValue);
}

function graph(spec: Of<'graph'>, id: number): Timeseries {
  const panel = common(new Timeseries(), spec, id, (query) => overTime(query).exemplar(spec.exemplars ?? false))
    .min(spec.min ?? 0)
    .lineWidth(1)
    .fillOpacity(spec.stacked ? 30 : 8)
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(spec.stacked ? StackingMode.Normal : StackingMode.None))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.limits === undefined || spec.limits.length === 0) return panel;
  return panel
    .thresholds(steps(spec.limits))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

function bars(spec: Of<'bars'>, id: number): BarChart {
  return common(new BarChart(), spec, id, rowsNow)
    .min(0)
    .xField(spec.label)
    .orientation(VizOrientation.Horizontal)
    .showValue(VisibilityMode.Auto)
    .axisPlacement(AxisPlacement.Auto)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(false)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .withTransformation(organised({ Time: false }));
}

function table(spec: Of<'table'>, id: number): Table {
  const value = spec.value === undefined ? { Value: false as const } : { Value: spec.value };
  const panel = common(new Table(), spec, id, rowsNow).withTransformation(
    organised({ Time: false, ...spec.columns, ...value }),
  );
  return spec.noValue === undefined ? panel : panel.noValue(spec.noValue);
}

function heatmap(spec: Of<'heatmap'>, id: number): Heatmap {
  return common(new Heatmap(), spec, id, (query) => overTime(query).format(PromQueryFormat.Heatmap))
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').exponent(0.5).steps(64))
    .yAxis(new YAxisConfigBuilder().unit(spec.unit).axisPlacement(AxisPlacement.Left))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true).showColorScale(true));
}

/** Columns by the name they have in the answer: in this order, renamed, or (`false`) left out. */
function organised(columns: Readonly<Record<string, string | false>>): DataTransformerConfig {
  const names = Object.keys(columns);
  const shown = names.filter((name) => columns[name] !== false);
  return {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(names.filter((name) => columns[name] === false).map((name) => [name, true])),
      indexByName: Object.fromEntries(shown.map((name, i) => [name, i])),
      renameByName: Object.fromEntries(shown.map((name) => [name, columns[name]])),
    },
  };
}

function steps(limits: readonly Limit[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: 'green' }, ...limits.map(({ from, colour }) => ({ value: from, color: colour }))]);
}
