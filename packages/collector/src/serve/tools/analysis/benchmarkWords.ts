/** A benchmark in words, for a person or a model. Names are a stranger's: they stand in quotes as data. */
import type {
  BenchmarkComparison,
  BenchmarkFigures,
  BenchmarkReport,
  BenchmarkResources,
  QuantileFigure,
} from '../../../model/benchmark.ts';
import { significant } from '../../../model/significant.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';

export function benchmarkText(report: BenchmarkReport): string {
  const { figures, saturation, resources, comparison, endedBecause, warnings, savedAs } = report;
  return [
    headline(report),
    ...(endedBecause === null ? [] : [`It ended early: ${endedBecause}.`]),
    ...(figures === null ? [] : figureLines(figures)),
    ...(saturation === null ? [] : [saturation.words]),
    ...(resources === null ? [] : [resourceWords(resources)]),
    ...(comparison === null ? [] : comparisonLines(comparison)),
    ...warnings.map((warning) => `Take care: ${quoteUntrusted(warning, 300)}.`),
    ...(savedAs === null ? [] : [`Saved as baseline ${quoteUntrusted(savedAs)}.`]),
  ].join('\n');
}

/** E.g. `"search" of "shop" (shop 1.2.0): 4 calls at a time (normal).` */
export function headline({
  tool,
  target,
  server,
  profile,
  callers,
  offeredPerSecond,
  saturation,
}: BenchmarkReport): string {
  const who = `${quoteUntrusted(tool)} of ${quoteUntrusted(target)}, which is ${quoteUntrusted(`${server.name} ${server.version}`.trim())}`;
  if (saturation !== null) return `${who}: looked for where it saturates.`;
  const load =
    offeredPerSecond === null ? `${callers} callers at a time` : `${number(offeredPerSecond)} calls begun a second`;
  return `${who}: ${load} (${profile}).`;
}

function figureLines({ calls, perSecond, errors, errorPercent, errorsByKind, durations }: BenchmarkFigures): string[] {
  const kinds = Object.entries(errorsByKind).map(([kind, count]) => `${count} ${kind.replace('_', ' ')}`);
  const failed = errors === 0 ? 'no errors' : `${number(errorPercent)} % errors (${kinds.join(', ')})`;
  const missing = durations.filter(({ ms }) => ms === null);
  const needs = missing.map(({ name, callsNeeded }) => `${name} takes about ${callsNeeded.toLocaleString('en')}`);
  return [
    `${calls.toLocaleString('en')} calls, ${number(perSecond)} answered a second, ${failed}.`,
    durations
      .filter(({ ms }) => ms !== null)
      .map(quantileWords)
      .join(', ') || 'No call succeeded often enough for durations.',
    ...(needs.length === 0 ? [] : [`Too few calls for more: ${needs.join(', ')}.`]),
  ];
}

/** E.g. `p95 23.2 ms (22.8 to 24.0)`. */
function quantileWords({ name, ms, lowMs, highMs }: QuantileFigure): string {
  return `${name} ${number(ms!)} ms (${number(lowMs!)} to ${number(highMs!)})`;
}

export function resourceWords({
  source,
  cpuPercent,
  cpuMsPerCall,
  memoryMb,
  eventLoopDelayMs,
}: BenchmarkResources): string {
  const parts = [
    `${number(cpuPercent)} % of a core`,
    ...(cpuMsPerCall === null ? [] : [`${number(cpuMsPerCall)} ms of it a call`]),
    `${number(memoryMb)} MB at most`,
    ...(eventLoopDelayMs === null ? [] : [`event loop delayed by ${number(eventLoopDelayMs)} ms at most`]),
  ];
  return `The server used ${parts.join(', ')}${source === 'monitoring' ? ', as it reported itself' : ''}.`;
}

function comparisonLines({ baseline, measuredAt, words, changes }: BenchmarkComparison): string[] {
  return [
    `Against baseline ${quoteUntrusted(baseline)} of ${measuredAt}: ${words}`,
    ...changes
      .filter(({ metric, before, now }) => metric !== 'errors' || before > 0 || now > 0)
      .map(({ metric, words: each }) => `- ${metric}: ${each}`),
  ];
}

/** Three digits; more are noise. */
export function number(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : significant(value);
}
