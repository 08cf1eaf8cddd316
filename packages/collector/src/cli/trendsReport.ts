/** What `mcp-vitals trends` prints: insights, and a row for each metric. Names are a stranger's, and escaped here. */
import { plainNumber } from './terminal/figures.ts';
import type { PrintStyle } from './terminal/output.ts';
import type { Style } from './terminal/style.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

interface Series {
  mcpServer: string;
  toolName: string;
  metric: string;
  unit: string;
  median: number;
  latest: number;
  slope: { perDay: number; direction: string } | null;
  forecast: { at: string; value: number; low95: number; high95: number }[];
  limit: { limit: number; outcome: string; likely: string | null } | null;
  note: string;
}

/** As `analyze_performance_trends` answers. */
export interface TrendsAnswer {
  from: string;
  to: string;
  stepHours: number;
  insights: { severity: string; mcpServer: string; toolName: string; text: string }[];
  series: Series[];
  moreSeries: number;
  report?: string;
}

const STYLE_OF: Readonly<Record<string, Style>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'cyan' };

export function describeTrends({ from, to, insights, series, moreSeries }: TrendsAnswer, style: PrintStyle): string {
  const title = `${from.slice(0, 16).replace('T', ' ')} to ${to.slice(0, 16).replace('T', ' ')} UTC`;
  const lines = insights.map(
    ({ severity, text, ...about }) =>
      `${style.paint(STYLE_OF[severity], severity.padEnd(8))} ${subjectOf(about)}: ${shownName(text)}`,
  );
  const isNarrow = style.available !== undefined && style.available < 100;
  const notes = [...new Set(series.map(({ note }) => note).filter((note) => note !== ''))];
  const more = moreSeries === 0 ? [] : ['', `And ${moreSeries} more; --report has all of them.`];
  return [
    style.paint('bold', title),
    '',
    ...(lines.length === 0 ? ['Nothing moves.'] : lines),
    '',
    ...tableLines(columns(), series, { ...style, gap: isNarrow ? 1 : 2 }),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...more,
  ].join('\n');
}

function subjectOf({ mcpServer, toolName }: { mcpServer: string; toolName: string }): string {
  if (mcpServer === '') return 'everything';
  return toolName === '' ? shownName(mcpServer) : `${shownName(toolName)} of ${shownName(mcpServer)}`;
}

function columns(): Column<Series>[] {
  const figure = (title: string, priority: number, cell: (row: Series) => string): Column<Series> => ({
    title,
    align: 'right',
    min: 10,
    max: 22,
    priority,
    cell,
  });
  return [
    { title: 'SUBJECT', min: 14, max: 48, priority: 0, cell: subjectOf },
    { title: 'METRIC', min: 10, max: 16, priority: 0, cell: ({ metric }) => metric },
    figure('MEDIAN', 2, ({ median, unit }) => inUnit(median, unit)),
    figure('LATEST', 1, ({ latest, unit }) => inUnit(latest, unit)),
    figure('PER DAY', 3, ({ slope, unit }) => (slope === null ? '' : inUnit(slope.perDay, unit))),
    { title: '', min: 7, priority: 4, cell: ({ slope }) => slope?.direction ?? '' },
    figure('IN THE END', 2, ({ forecast, unit }) =>
      forecast.length === 0 ? '' : inUnit(forecast.at(-1)!.value, unit),
    ),
    figure('95 %', 5, ({ forecast }) => intervalOf(forecast.at(-1))),
    figure('LIMIT', 3, ({ limit }) => limitCell(limit)),
  ];
}

function inUnit(value: number, unit: string): string {
  return `${plainNumber(value)} ${unit}`;
}

function intervalOf(last: Series['forecast'][number] | undefined): string {
  return last === undefined ? '' : `${plainNumber(last.low95)}-${plainNumber(last.high95)}`;
}

function limitCell(limit: Series['limit']): string {
  if (limit === null) return '';
  return limit.outcome === 'reached' ? `on ${limit.likely!.slice(0, 10)}` : limit.outcome;
}
