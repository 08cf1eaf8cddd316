/** What `mcp-vitals query` prints. Names are a stranger's, and escaped here. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { UNIT_OF_KIND } from '../model/series.ts';
import { bar, sparkline } from './terminal/bars.ts';
import { bytes, count, duration, percent, plainNumber } from './terminal/figures.ts';
import type { PrintStyle } from './terminal/output.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

export const AGGREGATIONS = ['avg', 'p50', 'p95', 'p99', 'max', 'count', 'sum'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export interface Metric {
  timestamp: string;
  mcpServer: string;
  toolName: string;
  value: number;
  count: number;
}

/** As `get_metrics` answers. */
export interface MetricsAnswer {
  metrics: Metric[];
  summary: {
    totalCalls: number;
    avgResponseTime: number;
    p95ResponseTime: number;
    p99ResponseTime: number;
    errorRate: number;
  };
}

export interface Asked {
  aggregation: Aggregation;
  kind: SeriesKind;
  groupBy?: 'hour' | 'day' | undefined;
}

/** With tabs between, which no shown name contains; figures as they are. What is no row begins with `#`. */
export function metricColumns({ metrics, summary }: MetricsAnswer, { aggregation, kind }: Asked): string {
  const unit = aggregation === 'count' ? '' : UNIT_OF_KIND[kind];
  const titles = ['timestamp', 'server', 'tool', unit === '' ? aggregation : `${aggregation}_${unit}`, 'calls'];
  const rows = metrics.map(({ timestamp, mcpServer, toolName, value, count }) =>
    [timestamp, shownName(mcpServer), shownName(toolName), value, count].join('\t'),
  );
  return [titles.join('\t'), ...rows, `# ${summaryLine(summary, kind)}`].join('\n');
}

/** One row for each tool: with a bar, or with a line through the hours or days. */
export function describeMetrics({ metrics, summary }: MetricsAnswer, asked: Asked, style: PrintStyle): string {
  const last = summaryLine(summary, asked.kind);
  if (metrics.length === 0) return last;
  const rows = rowsOf(metrics);
  const columns = [...nameColumns(), ...(asked.groupBy ? groupedColumns(rows, asked) : singleColumns(rows, asked))];
  const isNarrow = style.available !== undefined && style.available < 100;
  return [...tableLines(columns, rows, { ...style, gap: isNarrow ? 1 : 2 }), '', last].join('\n');
}

/** All there is of one tool, oldest first. */
interface Row {
  newest: Metric;
  points: Metric[];
  calls: number;
  greatest: number;
}

/** The greatest first. */
function rowsOf(metrics: readonly Metric[]): Row[] {
  const tools = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const key = JSON.stringify([metric.mcpServer, metric.toolName]);
    tools.set(key, [...(tools.get(key) ?? []), metric]);
  }
  const rows = [...tools.values()].map((points) => {
    points.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
    const calls = points.reduce((sum, point) => sum + point.count, 0);
    return { points, calls, newest: points.at(-1)!, greatest: Math.max(...points.map(({ value }) => value)) };
  });
  return rows.sort((a, b) => b.greatest - a.greatest);
}

function nameColumns(): Column<Row>[] {
  return [
    { title: 'TOOL', min: 14, max: 48, priority: 0, cell: ({ newest }) => shownName(newest.toolName) },
    { title: 'SERVER', min: 10, max: 32, priority: 2, cell: ({ newest }) => shownName(newest.mcpServer) },
    { title: 'CALLS', align: 'right', min: 7, priority: 3, cell: ({ calls }) => count(calls) },
  ];
}

function singleColumns(rows: readonly Row[], asked: Asked): Column<Row>[] {
  const greatest = Math.max(...rows.map((row) => row.greatest));
  return [
    valueColumn(asked.aggregation.toUpperCase(), 1, (row) => valueText(row.newest.value, asked)),
    picture('', 40, (row, width) => bar(row.newest.value / greatest, width)),
  ];
}

const SPAN_MS = { hour: 3_600_000, day: 86_400_000 } as const;
/** More than any terminal is wide. */
const MAX_STEPS = 10_000;

function groupedColumns(rows: readonly Row[], asked: Asked): Column<Row>[] {
  const spanMs = SPAN_MS[asked.groupBy!];
  const times = rows.flatMap(({ points }) => points.map(({ timestamp }) => Date.parse(timestamp)));
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, time) => Math.max(most, time), 0);
  const steps = Math.min(MAX_STEPS, Math.round((last - first) / spanMs) + 1);
  const lineOf = ({ points }: Row) => {
    const line = Array<number | null>(steps).fill(null);
    for (const { timestamp, value } of points) line[Math.round((Date.parse(timestamp) - first) / spanMs)] = value;
    return line;
  };
  return [
    valueColumn('NEWEST', 1, ({ newest }) => valueText(newest.value, asked)),
    valueColumn('GREATEST', 4, ({ greatest }) => valueText(greatest, asked)),
    picture(
      `${asked.aggregation.toUpperCase()} BY ${asked.groupBy!.toUpperCase()}`,
      Math.max(16, steps),
      (row, width) => sparkline(lineOf(row), width),
    ),
  ];
}

function valueColumn(title: string, priority: number, cell: (row: Row) => string): Column<Row> {
  return { title, align: 'right', min: 8, max: 12, priority, cell };
}

function picture(title: string, max: number, cell: (row: Row, width: number) => string): Column<Row> {
  return { title, min: 12, max, priority: 5, isPicture: true, cell, style: () => 'cyan' };
}

function valueText(value: number, { aggregation, kind }: Asked): string {
  if (aggregation === 'count') return count(value);
  const unit = UNIT_OF_KIND[kind];
  if (unit === 'ms') return duration(value);
  return unit === 'bytes' ? bytes(value) : plainNumber(value);
}

function summaryLine({ totalCalls, errorRate, ...times }: MetricsAnswer['summary'], kind: SeriesKind): string {
  const what = kind === 'tool' ? 'calls' : `samples of kind ${kind}`;
  if (totalCalls === 0) return `No ${what} in this time.`;
  const inUnit = (value: number) => valueText(value, { aggregation: 'avg', kind });
  const { avgResponseTime, p95ResponseTime, p99ResponseTime } = times;
  const spread = `avg ${inUnit(avgResponseTime)}, p95 ${inUnit(p95ResponseTime)}, p99 ${inUnit(p99ResponseTime)}`;
  return `${count(totalCalls)} ${what}, ${percent(errorRate)} errors; ${spread}`;
}
