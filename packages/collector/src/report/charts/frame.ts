/** What all charts over time share: size, axes with ticks and units, grid, legend, and words for those who cannot see them. */
import { scaleUtc } from 'd3-scale';
import { DAY_MS } from '../../model/rollup.ts';
import { element, text } from './svg.ts';

export const WIDTH = 480;
export const PLOT = { left: 50, right: 470, top: 40, bottom: 222 } as const;
const HEIGHT = 250;
const LEGEND_Y = 13;
const LEGEND_CHARACTER_WIDTH = 6.4;

export interface LegendEntry {
  words: string;
  /** Of what is drawn: `line-p50`, `bar-errors`. */
  className: string;
  mark: 'line' | 'box';
}

export interface YScale {
  (value: number): number;
  ticks: readonly number[];
  unit: string;
  format(value: number): string;
}

export type TimeScale = ReturnType<typeof timeScale>;

export function timeScale(fromMs: number, toMs: number) {
  return scaleUtc().domain([fromMs, toMs]).range([PLOT.left, PLOT.right]);
}

/** @param content what is drawn in the plot @param name of the chart, for ids */
export function chartOverTime(
  { name, title, description, legend }: { name: string; title: string; description: string; legend: LegendEntry[] },
  x: TimeScale,
  y: YScale,
  content: readonly string[],
): string {
  return chart({ name, title, description, height: HEIGHT }, [
    drawLegend(legend),
    ...drawYAxis(y),
    ...drawTimeAxis(x),
    ...content,
  ]);
}

/** The outermost element, with what screen readers say. */
export function chart(
  { name, title, description, height }: { name: string; title: string; description: string; height: number },
  content: readonly string[],
): string {
  const [titleId, descriptionId] = [`chart-${name}-title`, `chart-${name}-description`];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'chart',
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'aria-labelledby': `${titleId} ${descriptionId}`,
    },
    element('title', { id: titleId }, text(title)),
    element('desc', { id: descriptionId }, text(description, 1_000)),
    ...content,
  );
}

function drawLegend(entries: readonly LegendEntry[]): string {
  let x: number = PLOT.left;
  const drawn = entries.flatMap(({ words, className, mark }) => {
    const at = x;
    x += 30 + words.length * LEGEND_CHARACTER_WIDTH + 12;
    return [
      mark === 'line'
        ? element('path', { class: className, d: `M${at} ${LEGEND_Y}h22` })
        : element('rect', { class: className, x: at, y: LEGEND_Y - 5, width: 22, height: 10 }),
      element('text', { x: at + 28, y: LEGEND_Y + 4 }, text(words)),
    ];
  });
  return element('g', { class: 'legend' }, ...drawn);
}

function drawYAxis(y: YScale): string[] {
  const ticks = y.ticks.flatMap((tick) => [
    element('path', { class: 'grid', d: `M${PLOT.left} ${Math.round(y(tick)) + 0.5}H${PLOT.right}` }),
    element('text', { class: 'tick end', x: PLOT.left - 6, y: y(tick) + 4 }, text(y.format(tick))),
  ]);
  return [element('text', { class: 'unit end', x: PLOT.left - 6, y: PLOT.top - 12 }, text(y.unit)), ...ticks];
}

function drawTimeAxis(x: TimeScale): string[] {
  const [from, to] = x.domain() as [Date, Date];
  const hasDays = to.getTime() - from.getTime() > DAY_MS;
  const ticks = x
    .ticks(5)
    .flatMap((at) => [
      element('path', { class: 'axis', d: `M${Math.round(x(at)) + 0.5} ${PLOT.bottom}v5` }),
      element('text', { class: 'tick middle', x: x(at), y: PLOT.bottom + 19 }, timeLabel(at, hasDays)),
    ]);
  return [element('path', { class: 'axis', d: `M${PLOT.left} ${PLOT.bottom + 0.5}H${PLOT.right}` }), ...ticks];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** In UTC, as all times. */
function timeLabel(at: Date, hasDays: boolean): string {
  const time = at.toISOString().slice(11, 16);
  return hasDays && time === '00:00' ? `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}` : time;
}
