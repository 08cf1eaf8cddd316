/** The table of a baseline as Markdown, to be kept with the server. */
import type { Baseline } from '../../baseline/baseline.ts';
import { changeWords, verdictOf } from '../../baseline/compare/changeWords.ts';
import type { BaselineComparison } from '../../baseline/compare/compareBaselines.ts';
import { summarise, type Targets, type ToolSummary } from '../../baseline/summary.ts';
import { escapeMarkdown } from '../../model/escape.ts';
import { count, percent } from '../terminal/figures.ts';
import { shownName } from '../terminal/width.ts';
import { figureOf, remarksOf, rowsOf } from './comparisonReport.ts';
import { conditionsOf, figure, missedWords, notMeasuredLines } from './report.ts';
import { targetWords } from './targets.ts';

export function baselineMarkdown(
  baseline: Baseline,
  targets: Targets,
  comparison: BaselineComparison | undefined,
): string {
  const lines = [
    '# Performance baseline',
    '',
    `${escapeMarkdown(conditionsOf(baseline))}. ${baseline.createdAt}.`,
    '',
    ...table(['Tool', 'p50', 'p95', 'p99', 'Target Met', 'Calls', 'Errors'], summarise(baseline, targets).map(rowOf)),
    '',
    `Targets: ${escapeMarkdown(targetWords(targets))}`,
    ...listOf(notMeasuredLines(baseline)),
    ...(comparison === undefined ? [] : comparisonLines(comparison)),
  ];
  return `${lines.join('\n')}\n`;
}

function rowOf(summary: ToolSummary): string[] {
  const { tool, p50Ms, p95Ms, p99Ms, missed, calls, errorPercent } = summary;
  const met = missed.length === 0 ? '✅' : `⚠️ ${missedWords(summary)}`;
  return [
    escapeMarkdown(shownName(tool)),
    figure(p50Ms),
    figure(p95Ms),
    figure(p99Ms),
    met,
    count(calls),
    percent(errorPercent),
  ];
}

/** Indented lines are items. */
function listOf(lines: readonly string[]): string[] {
  return lines
    .map((line) => (line.startsWith('  ') ? `- ${escapeMarkdown(line.trim())}` : escapeMarkdown(line)))
    .flatMap((line) => (line.endsWith(':') ? [line, ''] : [line]));
}

function comparisonLines(comparison: BaselineComparison): string[] {
  const rows = comparison.tools
    .flatMap(rowsOf)
    .map(({ tool, change }) => [
      escapeMarkdown(tool),
      change.metric,
      figureOf(change, change.before),
      figureOf(change, change.now),
      changeWords(change),
    ]);
  return [
    '',
    '## Against the earlier run',
    '',
    ...table(['Tool', '', 'Before', 'Now', 'Change'], rows),
    ...remarksOf(comparison).flatMap((remark) => ['', escapeMarkdown(remark)]),
    '',
    verdictOf(comparison),
  ];
}

/** @param rows of Markdown */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)];
}
