/** A chart over time: uPlot in the page's colours, with marks, one cursor for all charts, and a drag that zooms. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useObservable } from '../live/observable.ts';
import { theme } from '../live/theme.ts';
import { type ChartColor, chartColor } from './colors.ts';
import { drawMoments, drawSpans, type Marks } from './marks.ts';

export interface ChartLine {
  label: string;
  color: ChartColor;
  dash?: number[];
  /** Bars instead of a line. */
  isBars?: boolean;
  /** Fill down to the axis. */
  isFilled?: boolean;
  /** Index among the lines down to which the space is filled. */
  bandTo?: number;
}

export interface TimeChartProps {
  /** What it shows, for those who do not see it. */
  summary: string;
  heightPx: number;
  lines: readonly ChartLine[];
  /** Epoch seconds, and a column per line. */
  data: uPlot.AlignedData;
  format(value: number): string;
  marks?: Marks;
  isLogarithmic?: boolean;
  /** Shown span, epoch ms. */
  range: { fromMs: number; toMs: number };
  onZoom?(fromMs: number, toMs: number): void;
}

const NO_MARKS: Marks = { spans: [], moments: [] };
/** Less is a click. */
const MIN_ZOOM_PX = 6;

export function TimeChart(props: TimeChartProps) {
  const { summary, heightPx, lines, data, isLogarithmic = false } = props;
  const shownTheme = useObservable(theme);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;

  const shape = JSON.stringify([lines, isLogarithmic, heightPx, shownTheme]);
  useEffect(() => {
    const parent = box.current!;
    const made = new uPlot(optionsOf(latest, parent.clientWidth), latest.current.data, parent);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      if (parent.clientWidth > 0) made.setSize({ width: parent.clientWidth, height: latest.current.heightPx });
    });
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [shape]);

  useEffect(() => {
    chart.current?.setData(data, true);
  }, [data, props.marks, props.range.fromMs, props.range.toMs]);

  return <div class="chart" role="img" aria-label={summary} ref={box} style={{ minHeight: `${heightPx}px` }} />;
}

function optionsOf(latest: { current: TimeChartProps }, width: number): uPlot.Options {
  const { lines, heightPx, isLogarithmic } = latest.current;
  const format = (value: number | null) => (value === null ? '–' : latest.current.format(value));
  const soft = chartColor('text-soft');
  const axis = {
    stroke: soft,
    grid: { stroke: chartColor('line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: heightPx,
    padding: [8, 8, 0, 0],
    cursor: {
      // The others follow where it points, and not what it drags: one drag is one step in the history.
      sync: { key: 'page', filters: { pub: () => true, sub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    legend: { live: true },
    scales: {
      x: { time: true, range: () => [latest.current.range.fromMs / 1000, latest.current.range.toMs / 1000] },
      y: isLogarithmic
        ? { distr: 3 }
        : { range: (_chart, _low, high) => [0, Number.isFinite(high) && high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      { ...axis, space: 64, values: timeLabels },
      { ...axis, size: 62, values: (_chart, values) => values.map((value) => (value === null ? '' : format(value))) },
    ],
    series: [
      {
        value: (_chart, seconds) => (seconds === null ? '–' : new Date(seconds * 1000).toLocaleString('en-GB')),
        label: 'Time',
      },
      ...lines.map((line) => seriesOf(line, format)),
    ],
    bands: lines.flatMap(({ bandTo }, i) =>
      bandTo === undefined ? [] : { series: [i + 1, bandTo + 1] as [number, number], fill: chartColor('chart-band') },
    ),
    hooks: {
      drawClear: [(chart) => drawSpans(chart, (latest.current.marks ?? NO_MARKS).spans)],
      draw: [(chart) => drawMoments(chart, (latest.current.marks ?? NO_MARKS).moments)],
      setSelect: [(chart) => zoom(chart, latest.current.onZoom)],
    },
  };
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_SECONDS = 86_400;

/** The time of day; the day where that is what differs, and at the first label. */
function timeLabels(_chart: uPlot, seconds: number[], _axis: number, _space: number, stepSeconds: number): string[] {
  let last = '';
  return seconds.map((at) => {
    const date = new Date(at * 1000);
    const today = day.format(date);
    if (stepSeconds >= DAY_SECONDS) return today;
    const label = today === last ? clock.format(date) : `${clock.format(date)}\n${today}`;
    last = today;
    return label;
  });
}

function seriesOf(
  { label, color, dash, isBars, isFilled }: ChartLine,
  format: (value: number | null) => string,
): uPlot.Series {
  const stroke = chartColor(color);
  return {
    label,
    stroke,
    width: isBars ? 0 : 1.5,
    value: (_chart, value) => format(value),
    points: { show: false },
    ...(dash && { dash }),
    ...(isBars && { fill: stroke, paths: uPlot.paths.bars!({ size: [0.85, 60], align: 1 }) }),
    ...(isFilled && { fill: chartColor('chart-band') }),
  };
}

function zoom(chart: uPlot, onZoom: TimeChartProps['onZoom']): void {
  const { left, width } = chart.select;
  if (width < MIN_ZOOM_PX) return;
  const [from, to] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom?.(from * 1000, to * 1000);
}
