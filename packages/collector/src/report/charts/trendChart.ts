/** What was and what may come: history as a line, the forecast dashed, in a band that holds 95 of 100 values, and the limit. */
import { area, line } from 'd3-shape';
import { type SeriesTrend, type TrendColumn, UNIT_OF_METRIC, WORDS_OF_METRIC } from '../../model/trends.ts';
import { inUnit } from '../numbers.ts';
import { chartOverTime, type LegendEntry, PLOT, timeScale } from './frame.ts';
import { linearScale } from './scales.ts';
import { element } from './svg.ts';

/** More points than the chart has pixels say nothing more. */
const MAX_POINTS = 400;

interface Point {
  atMs: number;
  low: number;
  middle: number;
  high: number;
}

/** @param name of the chart, for ids @param startMs of the first value */
export function trendChart(
  name: string,
  { trend, column }: { trend: SeriesTrend; column: TrendColumn },
  startMs: number,
  stepMs: number,
): string {
  const { metric, forecast, capacity } = trend;
  const history = pointsOf(column.values, column.values, column.values, startMs, stepMs);
  const ahead =
    forecast === null ? [] : pointsOf(forecast.low95, forecast.middle, forecast.high95, forecast.startMs, stepMs);
  const endMs = Math.max(history.at(-1)?.atMs ?? startMs, ahead.at(-1)?.atMs ?? startMs);
  const x = timeScale(startMs, endMs + stepMs);
  const unit = UNIT_OF_METRIC[metric];
  const highest = [...history, ...ahead].reduce((most, { high }) => Math.max(most, high), 0);
  const limit = capacity !== null && capacity.limit <= LIMIT_REACH * highest ? capacity.limit : undefined;
  const y = linearScale(Math.max(highest, limit ?? 0), unit);
  const lineOf = (points: readonly Point[]) =>
    line<Point>(
      ({ atMs }) => x(atMs),
      ({ middle }) => y(middle),
    )
      .defined(({ middle }) => !Number.isNaN(middle))
      .digits(1)([...points]) ?? '';
  const band = area<Point>(
    ({ atMs }) => x(atMs),
    ({ low }) => y(low),
    ({ high }) => y(high),
  ).digits(1)(ahead);
  return chartOverTime(
    { name, title: WORDS_OF_METRIC[metric], description: describe(trend), legend: legendOf(ahead.length > 0, limit) },
    x,
    y,
    [
      ...(ahead.length > 0 ? [element('path', { class: 'band', d: band ?? '' })] : []),
      ...(limit === undefined
        ? []
        : [element('path', { class: 'line-p99', d: `M${PLOT.left} ${y(limit)}H${PLOT.right}` })]),
      element('path', { class: 'line-p50', d: lineOf(history) }),
      ...(ahead.length > 0 ? [element('path', { class: 'line-before', d: lineOf(ahead) })] : []),
    ],
  );
}

/** A limit that is farther above everything would press all of it to the ground. */
const LIMIT_REACH = 2;

function legendOf(hasForecast: boolean, limit: number | undefined): LegendEntry[] {
  return [
    { words: 'history', className: 'line-p50', mark: 'line' },
    ...(hasForecast
      ? [
          { words: 'forecast', className: 'line-before', mark: 'line' as const },
          { words: '95 %', className: 'band', mark: 'box' as const },
        ]
      : []),
    ...(limit === undefined ? [] : [{ words: 'limit', className: 'line-p99', mark: 'line' as const }]),
  ];
}

function describe({ metric, median, forecast }: SeriesTrend): string {
  const unit = UNIT_OF_METRIC[metric];
  const usual = `Usually ${inUnit(median, unit)}`;
  if (forecast === null) return `${usual}; without a forecast.`;
  const last = forecast.middle.length - 1;
  return `${usual}; at the end of the forecast ${inUnit(forecast.middle[last]!, unit)}, between ${inUnit(forecast.low95[last]!, unit)} and ${inUnit(forecast.high95[last]!, unit)}.`;
}

/** Means of several steps where there are more than can be seen; the widest of their edges. */
function pointsOf(
  low: Float64Array,
  middle: Float64Array,
  high: Float64Array,
  startMs: number,
  stepMs: number,
): Point[] {
  const width = Math.ceil(middle.length / MAX_POINTS);
  return Array.from({ length: Math.ceil(middle.length / width) }, (_, i) => {
    const [from, to] = [i * width, Math.min(middle.length, (i + 1) * width)];
    const known = middle.subarray(from, to).filter((value) => !Number.isNaN(value));
    return {
      atMs: startMs + ((from + to) / 2) * stepMs,
      low: Math.min(...low.subarray(from, to)),
      middle: known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length,
      high: Math.max(...high.subarray(from, to).filter((value) => !Number.isNaN(value))),
    };
  });
}
