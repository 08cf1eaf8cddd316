/** The samples as CSV: a time and a number per figure, empty where nothing is known; no text from outside. */
import type { MonitorFigure, MonitorRun } from '../model/monitor.ts';

export function toCsv({ samples }: MonitorRun): string {
  const figures = Object.keys(samples[0]?.figures ?? {}) as MonitorFigure[];
  const rows = samples.map(({ atMs, figures: values }) => [
    new Date(atMs).toISOString(),
    ...figures.map((figure) => shown(values[figure] ?? null)),
  ]);
  return `${[['time', ...figures], ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

/** Three digits after the point are more than is measured. */
function shown(value: number | null): string {
  return value === null ? '' : String(Math.round(value * 1000) / 1000);
}
