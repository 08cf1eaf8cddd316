/** A benchmark as a Markdown document, to be kept. Names are a stranger's, and escaped here. */
import type { BenchmarkFigures, BenchmarkReport, Saturation } from '../../../model/benchmark.ts';
import { escapeMarkdown } from '../../../model/escape.ts';
import { headline, number, resourceWords } from './benchmarkWords.ts';

export function benchmarkMarkdown(report: BenchmarkReport): string {
  const { figures, iterations, saturation, resources, comparison, endedBecause, warnings, startedAt } = report;
  const lines = [
    '# Benchmark',
    '',
    `${escapeMarkdown(headline(report))} ${startedAt}.`,
    ...remarks([...(endedBecause === null ? [] : [`It ended early: ${endedBecause}.`]), ...warnings]),
    ...(figures === null ? [] : figureSection(figures)),
    ...(iterations.length === 0 ? [] : iterationSection(iterations)),
    ...(saturation === null ? [] : saturationSection(saturation)),
    ...(resources === null ? [] : ['', '## Resources', '', escapeMarkdown(resourceWords(resources))]),
    ...(comparison === null ? [] : comparisonSection(comparison)),
  ];
  return `${lines.join('\n')}\n`;
}

function remarks(texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : ['', ...texts.map((text) => `- ${escapeMarkdown(text)}`)];
}

function figureSection({ calls, perSecond, errorPercent, durations }: BenchmarkFigures): string[] {
  const rows = durations.map(({ name, ms, lowMs, highMs, callsNeeded }) =>
    ms === null
      ? [name, '-', `takes about ${callsNeeded} calls`]
      : [name, `${number(ms)} ms`, `${number(lowMs!)} to ${number(highMs!)} ms`],
  );
  return [
    '',
    '## Figures',
    '',
    `${calls} calls, ${number(perSecond)} answered a second, ${number(errorPercent)} % errors.`,
    '',
    ...table(['Quantile', 'Duration', 'Between (95 %)'], rows),
  ];
}

function iterationSection(iterations: BenchmarkReport['iterations']): string[] {
  const ms = (value: number | null) => (value === null ? '-' : `${number(value)} ms`);
  const rows = iterations.map(({ calls, errors, perSecond, p50Ms, p95Ms }, i) => {
    return [String(i + 1), String(calls), number(perSecond), ms(p50Ms), ms(p95Ms), String(errors)];
  });
  return ['', '## Iterations', '', ...table(['', 'Calls', 'Answered/s', 'p50', 'p95', 'Errors'], rows)];
}

function saturationSection({ words, steps }: Saturation): string[] {
  const rows = steps.map(({ offeredPerSecond, answeredPerSecond, p50Ms, p95Ms, broken }) => [
    number(offeredPerSecond),
    number(answeredPerSecond),
    p50Ms === null ? '-' : `${number(p50Ms)} ms`,
    p95Ms === null ? '-' : `${number(p95Ms)} ms`,
    broken === null ? 'held' : escapeMarkdown(broken),
  ]);
  const titles = ['Offered/s', 'Answered/s', 'p50', 'p95', ''];
  return ['', '## Saturation', '', escapeMarkdown(words), '', ...table(titles, rows)];
}

function comparisonSection({
  baseline,
  measuredAt,
  words,
  changes,
}: NonNullable<BenchmarkReport['comparison']>): string[] {
  const rows = changes.map(({ metric, before, now, words: each }) => {
    const unit = metric === 'errors' ? '%' : 'ms';
    return [metric, `${number(before)} ${unit}`, `${number(now)} ${unit}`, escapeMarkdown(each)];
  });
  return [
    '',
    '## Against the baseline',
    '',
    `${escapeMarkdown(baseline)} of ${measuredAt}: ${escapeMarkdown(words)}`,
    '',
    ...table(['', 'Before', 'Now', 'Change'], rows),
  ];
}

/** @param rows of Markdown */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)];
}
