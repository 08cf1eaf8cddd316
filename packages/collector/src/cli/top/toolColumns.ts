/** What is said of a tool: the last hour, by the time that it took. */
import { bar } from '../terminal/bars.ts';
import { count, duration, percent } from '../terminal/figures.ts';
import type { Column } from '../terminal/table.ts';
import { shownName } from '../terminal/width.ts';
import type { ToolRow } from './rowSets.ts';
import { errorStyle } from './serverColumns.ts';

/** @param isOfAll whether tools of several servers stand in one table */
export function toolColumns(isOfAll: boolean): Column<ToolRow>[] {
  const server: Column<ToolRow> = {
    title: 'SERVER',
    min: 10,
    max: 32,
    priority: 4,
    cell: ({ server }) => shownName(server),
  };
  return [
    { title: 'TOOL', min: 14, max: 48, priority: 0, cell: ({ tool }) => shownName(tool) },
    ...(isOfAll ? [server] : []),
    { title: 'CALLS', ...number(7, 2), cell: ({ calls }) => count(calls) },
    { title: 'ERRORS', ...number(7, 1), cell: (row) => percent(row.errorRatePercent), style: errorStyle },
    { title: 'AVG', ...number(8, 9), cell: ({ avgMs }) => duration(avgMs) },
    { title: 'P50', ...number(8, 5), cell: ({ p50Ms }) => duration(p50Ms) },
    { title: 'P95', ...number(8, 3), cell: ({ p95Ms }) => duration(p95Ms) },
    { title: 'P99', ...number(8, 6), cell: ({ p99Ms }) => duration(p99Ms) },
    { title: 'MAX', ...number(8, 10), cell: ({ maxMs }) => duration(maxMs) },
    { title: 'TIME', ...number(6, 7), cell: ({ sharePercent }) => percent(sharePercent) },
    {
      title: '',
      min: 6,
      max: 40,
      priority: 8,
      isPicture: true,
      cell: ({ sharePercent }, width) => bar(sharePercent / 100, width),
      style: () => 'cyan',
    },
  ];
}

function number(min: number, priority: number) {
  return { align: 'right', min, priority } as const;
}
