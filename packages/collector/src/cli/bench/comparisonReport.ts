/** What `mcp-vitals bench --compare` prints. Names are a stranger's, and escaped here. */

import { changeWords, verdictOf } from '../../baseline/compare/changeWords.ts';
import type { BaselineComparison, MetricChange, ToolChange } from '../../baseline/compare/compareBaselines.ts';
import { visibleText } from '../../model/visibleText.ts';
import { duration, percent } from '../terminal/figures.ts';
import type { PrintStyle } from '../terminal/output.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { shownName } from '../terminal/width.ts';

const MAX_TEXT = 400;

export function describeComparison(comparison: BaselineComparison, style: PrintStyle): string {
  const rows = comparison.tools.flatMap(rowsOf);
  return [
    'Against the earlier run',
    '',
    ...(rows.length === 0 ? ['No tool was measured in both.'] : tableLines(COLUMNS, rows, style)),
    ...remarksOf(comparison).flatMap((remark) => ['', remark]),
    '',
    verdictOf(comparison),
  ].join('\n');
}

export function remarksOf({ onlyBefore, onlyNow, warnings }: BaselineComparison): string[] {
  const list = (tools: readonly string[]) => tools.map(shownName).join(', ');
  return [
    ...(onlyBefore.length === 0 ? [] : [`Measured only before: ${list(onlyBefore)}`]),
    ...(onlyNow.length === 0 ? [] : [`Measured only now: ${list(onlyNow)}`]),
    ...(warnings.length === 0
      ? []
      : [`The runs may not compare: ${warnings.map((each) => visibleText(each, MAX_TEXT)).join('; ')}`]),
  ];
}

export interface ChangeRow {
  /** Empty but for the first row of a tool. */
  tool: string;
  change: MetricChange;
}

/** Without errors where there are none. */
export function rowsOf({ tool, metrics }: ToolChange): ChangeRow[] {
  const hasErrors = ({ before, now }: MetricChange) => before > 0 || now > 0;
  return metrics
    .filter((change) => change.metric !== 'errors' || hasErrors(change))
    .map((change, i) => ({ tool: i === 0 ? shownName(tool) : '', change }));
}

export function figureOf({ metric }: MetricChange, value: number): string {
  return metric === 'errors' ? percent(value) : duration(value);
}

const COLUMNS: readonly Column<ChangeRow>[] = [
  { title: 'tool', min: 12, max: 60, priority: 1, cell: ({ tool }) => tool },
  { title: '', min: 6, priority: 0, cell: ({ change }) => change.metric },
  { title: 'before', align: 'right', min: 8, priority: 3, cell: ({ change }) => figureOf(change, change.before) },
  { title: 'now', align: 'right', min: 8, priority: 4, cell: ({ change }) => figureOf(change, change.now) },
  {
    title: 'change',
    min: 20,
    max: 70,
    priority: 2,
    cell: ({ change }) => changeWords(change),
    style: ({ change: { verdict } }) =>
      (({ worse: 'red', better: 'green', same: undefined, unknown: 'dim' }) as const)[verdict],
  },
];
