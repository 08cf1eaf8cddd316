/** What `mcp-vitals bench --compare` prints. Names are a stranger's, and escaped here. */
import type { BaselineComparison, MetricChange, ToolChange } from '../../baseline/compare/compareBaselines.ts';
import { visibleText } from '../../model/visibleText.ts';
import { count, duration, percent } from '../terminal/figures.ts';
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

/** E.g. `12.3 % slower (8.1 to 16.4 %), 99.9 % sure`. */
export function changeWords(change: MetricChange): string {
  const { metric, verdict, leastShown, callsMissing } = change;
  const unit = metric === 'errors' ? 'points' : '%';
  if (verdict === 'unknown') return `too few calls to tell: about ${roughly(callsMissing ?? 1)} more needed`;
  if (verdict === 'same') return `no change; ${leastShown!.toFixed(0)} ${unit} more would have shown`;
  const words = metric === 'errors' ? ['fewer', 'more'] : ['faster', 'slower'];
  const size = Math.abs(change.change).toFixed(1);
  return `${size} ${unit} ${words[Number(change.change > 0)]}${between(change, unit)}, ${sureness(change)} % sure`;
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

export function verdictOf({ tools, isWorse }: BaselineComparison): string {
  const verdicts = tools.flatMap(({ metrics }) => metrics.map(({ verdict }) => verdict));
  if (isWorse) return 'Worse than before.';
  const isUntold = verdicts.length === 0 || tools.every(({ metrics }) => metrics[0]!.verdict === 'unknown');
  if (isUntold) return 'Too few calls to tell.';
  const untold = verdicts.filter((verdict) => verdict === 'unknown').length;
  const reservation =
    untold === 0 ? '' : ` Of ${untold} of ${verdicts.length} figures there are too few calls to tell.`;
  return `Not worse than before${verdicts.includes('better') ? ', and in part better' : ''}.${reservation}`;
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

function between({ change, changeInterval: [low, high] }: MetricChange, unit: string): string {
  if (low === null || high === null) return '';
  const ends = change > 0 ? [low, high] : [-high, -low];
  return ` (${ends.map((end) => end.toFixed(1)).join(' to ')} ${unit})`;
}

/** Never 100. */
function sureness({ confidencePercent }: MetricChange): string {
  const sure = confidencePercent!;
  return sure > 99.99 ? 'more than 99.99' : (Math.floor(sure * 100) / 100).toString();
}

/** Two digits; more would claim too much. */
function roughly(calls: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(calls)) - 1);
  return count(Math.ceil(calls / step) * step);
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
