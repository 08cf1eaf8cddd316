/** Horizontal bars, each with its name before it and its value in words behind it. */
import { scaleLinear } from 'd3-scale';
import { chart } from './frame.ts';
import { element, text } from './svg.ts';

export interface Bar {
  /** Name from outside; cut in the chart, whole in its tooltip. */
  label: string;
  value: number;
  words: string;
  className: string;
}

const ROW_HEIGHT = 24;
const BAR_HEIGHT = 14;
const BARS_LEFT = 164;
const BARS_RIGHT = 358;
/** What fits before the bars, of wide letters too. */
const MAX_LABEL = 20;
const TOP = 4;

/** @param max what the longest possible bar stands for */
export function barChart(
  head: { name: string; title: string; description: string },
  bars: readonly Bar[],
  max: number,
): string {
  const x = scaleLinear([0, max > 0 ? max : 1], [0, BARS_RIGHT - BARS_LEFT]);
  const height = TOP + bars.length * ROW_HEIGHT + 4;
  return chart({ ...head, height }, [
    ...bars.map((bar, index) => drawBar(bar, TOP + index * ROW_HEIGHT, Math.max(0, x(bar.value)))),
    element('path', { class: 'axis', d: `M${BARS_LEFT + 0.5} ${TOP}V${height - 4}` }),
  ]);
}

function drawBar({ label, words, className }: Bar, y: number, width: number): string {
  const baseline = y + ROW_HEIGHT / 2 + 4;
  return element(
    'g',
    {},
    element('title', {}, text(`${label}: ${words}`)),
    element('text', { class: 'end', x: BARS_LEFT - 8, y: baseline }, text(label, MAX_LABEL)),
    element('rect', { class: 'track', x: BARS_LEFT, y: y + 5, width: BARS_RIGHT - BARS_LEFT, height: BAR_HEIGHT }),
    element('rect', { class: className, x: BARS_LEFT, y: y + 5, width, height: BAR_HEIGHT }),
    element('text', { x: BARS_RIGHT + 8, y: baseline }, text(words)),
  );
}
