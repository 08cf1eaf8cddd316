/** What `mcp-vitals bench` prints of a run. Names are a stranger's, and escaped here. */
import type { Baseline } from '../../baseline/baseline.ts';
import { summarise, type Targets, type ToolSummary } from '../../baseline/summary.ts';
import { visibleText } from '../../model/visibleText.ts';
import { count, duration, percent, rate } from '../terminal/figures.ts';
import type { PrintStyle } from '../terminal/output.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { shownName } from '../terminal/width.ts';
import { targetWords } from './targets.ts';

const MAX_TEXT = 400;

export function describeBaseline(baseline: Baseline, targets: Targets, style: PrintStyle): string {
  const rows = summarise(baseline, targets);
  return [
    conditionsOf(baseline),
    '',
    ...(rows.length === 0 ? ['Nothing was measured.'] : tableLines(COLUMNS, rows, style)),
    ...notMeasuredLines(baseline),
    '',
    verdictOf(rows, targets),
  ].join('\n');
}

/** E.g. `shop 1.2.0 over stdio, 100 calls of each tool, one at a time; Node 20.20.2, linux x64, 2 x Xeon`. */
export function conditionsOf({ server, environment, load }: Baseline): string {
  const { node, platform, arch, cpu, cpus, transport } = environment;
  const who = visibleText([server.name, server.version].filter(Boolean).join(' '), MAX_TEXT);
  const atATime =
    load.perSecond !== undefined
      ? `${rate(load.perSecond)} a second`
      : load.concurrency === 1
        ? 'one at a time'
        : `${load.concurrency} at a time`;
  const where = visibleText(`Node ${node}, ${platform} ${arch}, ${cpus} x ${cpu}`, MAX_TEXT);
  return `${who} over ${transport}, ${count(load.calls)} calls of each tool, ${atATime}; ${where}`;
}

export function figure(ms: number | null): string {
  return ms === null ? '-' : duration(ms);
}

export const TARGET_LABELS: Readonly<Record<keyof Targets, string>> = {
  p50Ms: 'p50',
  p95Ms: 'p95',
  p99Ms: 'p99',
  errorPercent: 'errors',
};

export function missedWords({ missed }: ToolSummary): string {
  return missed.map((name) => TARGET_LABELS[name]).join(', ');
}

/** Of tools, and of the run as a whole: what is missing, why, and what to do about it. */
export function notMeasuredLines({ notMeasured, tools, endedBecause }: Baseline): string[] {
  const early = tools.filter(({ endedEarly }) => endedEarly !== undefined);
  const lines = [
    ...notMeasured.map(
      ({ tool, reason, advice }) =>
        `${shownName(tool)}: ${visibleText(reason, MAX_TEXT)}. ${visibleText(advice, MAX_TEXT)}`,
    ),
    ...early.map(
      ({ tool, endedEarly }) =>
        `${shownName(tool)}: not all of its calls, because ${visibleText(endedEarly!.because, MAX_TEXT)}.`,
    ),
    ...(endedBecause === undefined ? [] : [`The run ended early: ${visibleText(endedBecause, MAX_TEXT)}.`]),
  ];
  return lines.length === 0 ? [] : ['', 'Not measured:', ...lines.map((line) => `  ${line}`)];
}

function verdictOf(rows: readonly ToolSummary[], targets: Targets): string {
  const missing = rows.filter(({ missed }) => missed.length > 0).length;
  const words = targetWords(targets);
  if (rows.length === 0) return `No tool was held against the targets: ${words}`;
  if (missing === 0) return `Targets met by all that were measured: ${words}`;
  return `Targets missed by ${missing} of ${rows.length} tools: ${words}`;
}

const figureColumn = (title: string, key: 'p50Ms' | 'p95Ms' | 'p99Ms', priority: number): Column<ToolSummary> => ({
  title,
  align: 'right',
  min: 8,
  priority,
  cell: (row) => figure(row[key]),
  style: ({ missed }) => (missed.includes(key) ? 'red' : undefined),
});

const COLUMNS: readonly Column<ToolSummary>[] = [
  { title: 'tool', min: 12, max: 60, priority: 0, cell: ({ tool }) => shownName(tool) },
  { title: 'calls', align: 'right', min: 7, priority: 5, cell: ({ calls }) => count(calls) },
  figureColumn('p50', 'p50Ms', 3),
  figureColumn('p95', 'p95Ms', 1),
  figureColumn('p99', 'p99Ms', 4),
  {
    title: 'errors',
    align: 'right',
    min: 7,
    priority: 2,
    cell: ({ errorPercent }) => percent(errorPercent),
    style: ({ missed }) => (missed.includes('errorPercent') ? 'red' : undefined),
  },
  {
    title: 'targets',
    min: 8,
    max: 40,
    priority: 6,
    cell: (row) => (row.missed.length === 0 ? 'met' : `missed: ${missedWords(row)}`),
    style: ({ missed }) => (missed.length === 0 ? 'green' : 'red'),
  },
];
