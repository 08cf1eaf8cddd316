/** What was seen live, for a person: a line per figure with a picture of how it went, and what was beyond a threshold. */
import type { Breach, FigureSummary, MonitorFigure } from '../model/monitor.ts';
import { sparkline } from './terminal/bars.ts';
import { bytes, clockTime, count, duration, percent, plainNumber, rate } from './terminal/figures.ts';
import type { PrintStyle } from './terminal/output.ts';
import { type Column, tableLines } from './terminal/table.ts';

const KB = 1024;

/** As `monitor_performance` answers. */
export interface MonitorAnswer {
  startTime: string;
  endTime: string;
  cancelled: boolean;
  calls: number;
  errors: number;
  /** `time`, then the figures. */
  columns: string[];
  samples: [time: string, ...values: (number | null)[]][];
  summary: SummaryRow[];
  breaches: (Pick<Breach, 'metric' | 'threshold' | 'worst'> & { from: string; to: string })[];
  notes: string[];
}

type SummaryRow = Omit<FigureSummary, 'usual'> & { usualAvg?: number; usualLow?: number; usualHigh?: number };

export function describeMonitor(answer: MonitorAnswer, style: PrintStyle): string {
  const { startTime, endTime, calls, errors, summary, breaches, notes } = answer;
  const seconds = (Date.parse(endTime) - Date.parse(startTime)) / 1_000;
  return [
    `${clockTime(startTime)} to ${clockTime(endTime)}, ${rate(seconds)} s: ${count(calls)} calls, ${count(errors)} failed`,
    ...(summary.length === 0 ? [] : ['', ...tableLines(columnsOf(answer), summary, style)]),
    ...(breaches.length === 0 ? [] : ['', ...breaches.map(breachLine)]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n');
}

function columnsOf({ columns, samples, summary }: MonitorAnswer): Column<SummaryRow>[] {
  const value = (
    title: string,
    priority: number,
    pick: (row: SummaryRow) => number | undefined,
  ): Column<SummaryRow> => ({
    ...{ title, align: 'right', min: 8, max: 12, priority },
    cell: (row) => shown(row.figure, pick(row)),
  });
  const isUsualKnown = summary.some(({ usualAvg }) => usualAvg !== undefined);
  return [
    { title: 'FIGURE', min: 18, max: 20, priority: 0, cell: ({ figure }) => figure },
    value('NEWEST', 1, ({ last }) => last),
    value('MEAN', 2, ({ avg }) => avg),
    value('LEAST', 4, ({ min }) => min),
    value('GREATEST', 3, ({ max }) => max),
    ...(isUsualKnown ? [value('USUALLY', 5, ({ usualAvg }) => usualAvg)] : []),
    {
      ...{ title: 'OVER TIME', min: 12, max: Math.max(12, samples.length), priority: 6, isPicture: true },
      cell: ({ figure }, width) => sparkline(valuesOf(samples, columns.indexOf(figure)), width),
      style: () => 'cyan',
    },
  ];
}

function valuesOf(samples: MonitorAnswer['samples'], column: number): (number | null)[] {
  return samples.map((row) => row[column] as number | null);
}

function breachLine({ metric, threshold, worst, from, to }: MonitorAnswer['breaches'][number]): string {
  return `${metric} was beyond ${plainNumber(threshold)} from ${clockTime(from)} to ${clockTime(to)}, at worst ${plainNumber(worst)}`;
}

/** In the unit that its name ends with. */
function shown(figure: MonitorFigure, value: number | undefined): string {
  if (value === undefined) return '';
  if (figure.endsWith('Ms')) return duration(value);
  if (figure.endsWith('Percent')) return percent(value);
  if (figure === 'memoryMb') return bytes(value * KB * KB);
  if (figure.endsWith('KbPerSecond')) return `${bytes(value * KB)}/s`;
  return figure === 'callsPerSecond' ? `${rate(value)}/s` : rate(value);
}
