/** What many samples come to: a line per figure, the spans beyond a threshold, and fewer samples where there are too many. */
import type {
  Breach,
  FigureSummary,
  Figures,
  MonitorFigure,
  MonitorMetric,
  MonitorRequest,
  MonitorSample,
} from '../model/monitor.ts';
import { FIGURES_OF_METRIC } from '../model/monitor.ts';

/** More rows than this help nobody; a model pays for each. */
export const MAX_SAMPLES = 600;

/** Figures that are the greatest of what they stand for. */
const GREATEST: ReadonlySet<MonitorFigure> = new Set(['maxMs']);

/** Figures of which nothing is known are left out. */
export function summarise(samples: readonly MonitorSample[], figures: readonly MonitorFigure[]): FigureSummary[] {
  return figures.flatMap((figure) => {
    const values = valuesOf(samples, figure);
    if (values.length === 0) return [];
    const avg = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [{ figure, min: Math.min(...values), avg, max: Math.max(...values), last: values.at(-1)! }];
  });
}

/** At most `MAX_SAMPLES`: so many neighbours as it takes become one, with their mean. */
export function thinned(samples: readonly MonitorSample[]): MonitorSample[] {
  const size = Math.ceil(samples.length / MAX_SAMPLES);
  if (size <= 1) return [...samples];
  const groups = Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    samples.slice(index * size, (index + 1) * size),
  );
  return groups.map((group) => ({ atMs: group.at(-1)!.atMs, figures: merged(group) }));
}

function merged(group: readonly MonitorSample[]): Figures {
  const figures = Object.keys(group[0]!.figures) as MonitorFigure[];
  return Object.fromEntries(
    figures.map((figure) => {
      const values = valuesOf(group, figure);
      if (values.length === 0) return [figure, null];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [figure, GREATEST.has(figure) ? Math.max(...values) : mean];
    }),
  );
}

/** Spans of samples in a row that were above a threshold; for `throughput`, below it. */
export function breachesOf(
  samples: readonly MonitorSample[],
  { thresholds, intervalMs }: Pick<MonitorRequest, 'thresholds' | 'intervalMs'>,
): Breach[] {
  const limits = Object.entries(thresholds) as [MonitorMetric, number][];
  const found = limits.flatMap(([metric, threshold]) => spansBeyond(samples, metric, threshold, intervalMs));
  return found.sort((a, b) => a.fromMs - b.fromMs);
}

function spansBeyond(
  samples: readonly MonitorSample[],
  metric: MonitorMetric,
  threshold: number,
  intervalMs: number,
): Breach[] {
  const isLow = metric === 'throughput';
  const spans: Breach[] = [];
  let open: Breach | undefined;
  for (const { atMs, figures } of samples) {
    const value = figures[FIGURES_OF_METRIC[metric][0]] ?? null;
    const isBeyond = value !== null && (isLow ? value < threshold : value > threshold);
    if (!isBeyond) {
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { metric, threshold, fromMs: atMs - intervalMs, toMs: atMs, samples: 0, worst: value };
      spans.push(open);
    }
    open.toMs = atMs;
    open.samples += 1;
    open.worst = isLow ? Math.min(open.worst, value) : Math.max(open.worst, value);
  }
  return spans;
}

function valuesOf(samples: readonly MonitorSample[], figure: MonitorFigure): number[] {
  return samples.flatMap(({ figures }) => figures[figure] ?? []);
}
