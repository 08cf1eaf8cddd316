/** Calls by time and duration: what a line hides, two kinds of calls for instance, shows as two stripes. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Timeline } from '../api/client.ts';
import { formatCount, formatFullTime, formatMs } from '../format/numbers.ts';
import { useObservable } from '../live/observable.ts';
import { theme } from '../live/theme.ts';
import { chartColor } from './colors.ts';

const HEIGHT_PX = 180;
const LABELS = 4;

interface HeatmapProps {
  timeline: Timeline;
}

export function Heatmap({ timeline }: HeatmapProps) {
  const shownTheme = useObservable(theme);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState<string>();
  const { heatmap } = timeline;

  useEffect(() => {
    const element = canvas.current;
    if (!element || !heatmap) return;
    const draw = () => drawCells(element, heatmap);
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    draw();
    return () => observer.disconnect();
  }, [heatmap, shownTheme]);

  if (!heatmap || heatmap.boundsMs.length === 0) return <p class="soft empty-chart">No calls in this range.</p>;
  const { boundsMs } = heatmap;
  const labels = Array.from(
    { length: LABELS },
    (_, i) => boundsMs[Math.round(((boundsMs.length - 1) * i) / (LABELS - 1))]!,
  );
  return (
    <figure class="heatmap">
      <div class="heatmap-labels" aria-hidden="true">
        {labels.reverse().map((bound) => (
          <span key={bound}>{formatMs(bound)}</span>
        ))}
      </div>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Calls by duration, from ${formatMs(boundsMs[0]!)} to ${formatMs(boundsMs.at(-1)!)}; darker is more`}
        onMouseMove={(event) => setHovered(describeCell(event, timeline))}
        onMouseLeave={() => setHovered(undefined)}
      />
      <figcaption class="soft">{hovered ?? 'Calls by duration; the darker, the more.'}</figcaption>
    </figure>
  );
}

type Cells = NonNullable<Timeline['heatmap']>;

function drawCells(element: HTMLCanvasElement, { boundsMs, steps }: Cells): void {
  const [width, height] = [element.clientWidth * devicePixelRatio, HEIGHT_PX * devicePixelRatio];
  element.width = width;
  element.height = height;
  const context = element.getContext('2d')!;
  const most = Math.max(1, ...steps.map((rows) => Math.max(...rows)));
  const color = chartColor('chart-heat');
  const [cellWidth, cellHeight] = [width / steps.length, height / boundsMs.length];
  for (const [step, rows] of steps.entries()) {
    for (const [row, calls] of rows.entries()) {
      if (calls === 0) continue;
      // By the root, so that what is rare can be seen beside what is usual.
      context.fillStyle = `rgba(${color}, ${0.08 + 0.92 * Math.sqrt(calls / most)})`;
      const y = height - (row + 1) * cellHeight;
      context.fillRect(Math.floor(step * cellWidth), Math.floor(y), Math.ceil(cellWidth), Math.ceil(cellHeight));
    }
  }
}

function describeCell(event: MouseEvent, { from, stepSeconds, heatmap }: Timeline): string {
  const { boundsMs, steps } = heatmap!;
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const step = Math.min(steps.length - 1, Math.floor(((event.clientX - box.left) / box.width) * steps.length));
  const row = Math.max(0, boundsMs.length - 1 - Math.floor(((event.clientY - box.top) / box.height) * boundsMs.length));
  const calls = steps[step]?.[row] ?? 0;
  const low = row === 0 ? 0 : boundsMs[row - 1]!;
  const at = Date.parse(from) + step * stepSeconds * 1000;
  return `${formatFullTime(at)}: ${formatCount(calls)} calls of ${formatMs(low)} to ${formatMs(boundsMs[row] ?? 0)}`;
}
