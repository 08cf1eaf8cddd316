/** The colours of charts, which canvases cannot read from style sheets by themselves. */

export type ChartColor =
  | 'text-soft'
  | 'line'
  | 'chart-p50'
  | 'chart-p95'
  | 'chart-p99'
  | 'chart-band'
  | 'chart-calls'
  | 'chart-errors'
  | 'chart-other'
  | 'chart-past'
  | 'chart-expected'
  | 'chart-anomaly'
  | 'chart-heat'
  | 'warn'
  | 'bad'
  | 'accent';

/** As the theme in force has it. */
export function chartColor(name: ChartColor): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
