/** What is drawn into a chart beside its lines: spans of incidents with the expected band, and moments that matter. */
import type uPlot from 'uplot';
import { chartColor } from './colors.ts';

/** Times in epoch ms. */
export interface SpanMark {
  fromMs: number;
  /** Null while it goes on. */
  toMs: number | null;
  /** In the unit of the chart. */
  expected: { low: number; high: number } | undefined;
}

export interface MomentMark {
  atMs: number;
  kind: 'deploy' | 'alert';
  label: string;
}

export interface Marks {
  spans: readonly SpanMark[];
  moments: readonly MomentMark[];
}

const LABEL_FONT_PX = 11;
const MAX_LABEL = 24;

/** Behind the lines. */
export function drawSpans(chart: uPlot, spans: readonly SpanMark[]): void {
  const { ctx, bbox } = chart;
  for (const { fromMs, toMs, expected } of spans) {
    const left = clamp(chart.valToPos(fromMs / 1000, 'x', true), bbox.left, bbox.left + bbox.width);
    const right = clamp(
      toMs === null ? Number.POSITIVE_INFINITY : chart.valToPos(toMs / 1000, 'x', true),
      left,
      bbox.left + bbox.width,
    );
    // A minute is less than a pixel of a year.
    const width = Math.max(2 * devicePixelRatio, right - left);
    if (left >= bbox.left + bbox.width || right <= bbox.left) continue;
    ctx.fillStyle = chartColor('chart-anomaly');
    ctx.fillRect(left, bbox.top, width, bbox.height);
    if (expected !== undefined) drawBand(chart, left, width, expected);
  }
}

function drawBand(
  { ctx, bbox, valToPos }: uPlot,
  left: number,
  width: number,
  { low, high }: { low: number; high: number },
) {
  const bottom = bbox.top + bbox.height;
  const top = clamp(valToPos(high, 'y', true), bbox.top, bottom);
  ctx.fillStyle = chartColor('chart-expected');
  ctx.fillRect(left, top, width, clamp(valToPos(low, 'y', true), bbox.top, bottom) - top);
}

/** Over the lines. */
export function drawMoments(chart: uPlot, moments: readonly MomentMark[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.font = `${LABEL_FONT_PX * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const { atMs, kind, label } of [...moments].sort((a, b) => a.atMs - b.atMs)) {
    const x = Math.round(chart.valToPos(atMs / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const color = chartColor(kind === 'deploy' ? 'accent' : 'bad');
    ctx.strokeStyle = color;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash(kind === 'deploy' ? [4 * devicePixelRatio, 3 * devicePixelRatio] : []);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const text = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL)}…` : label;
    const { width } = ctx.measureText(text);
    const isAtEnd = x + width > bbox.left + bbox.width;
    if (x < freeFrom || kind !== 'deploy') continue;
    ctx.fillStyle = color;
    ctx.textAlign = isAtEnd ? 'right' : 'left';
    ctx.fillText(text, x + (isAtEnd ? -4 : 4) * devicePixelRatio, bbox.top + 2 * devicePixelRatio);
    freeFrom = x + width + 12 * devicePixelRatio;
  }
  ctx.restore();
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
