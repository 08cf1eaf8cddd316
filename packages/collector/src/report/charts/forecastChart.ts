/** What a figure was, as a line, and what it will be: a dashed line in the band that holds it 19 times of 20. */
import { area, line } from 'd3-shape';
import type { ForecastPoint, ShownForecast } from '../../model/analysisDashboard.ts';
import { inUnit } from '../numbers.ts';
import { chartOverTime, timeScale } from './frame.ts';
import { linearScale } from './scales.ts';
import { element } from './svg.ts';

type Known = ShownForecast['history'][number];

/**
 * @param id of the chart among those of a page
 * @returns undefined where there is no forecast
 */
export function forecastChart(
  { history, forecast, metric, unit, words }: ShownForecast,
  id: number,
): string | undefined {
  const [first, last] = [history[0] ?? forecast[0], forecast.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const highest = [...history.map(({ value }) => value ?? 0), ...forecast.map(({ high }) => high)];
  const x = timeScale(first.atMs, last.atMs);
  const y = linearScale(
    highest.reduce((max, value) => Math.max(max, value), 0),
    unit,
  );
  const known = line<Known>(
    ({ atMs }) => x(atMs),
    ({ value }) => y(value ?? 0),
  ).defined(({ value }) => value !== null);
  const expected = line<ForecastPoint>(
    ({ atMs }) => x(atMs),
    ({ value }) => y(value),
  );
  const band = area<ForecastPoint>(
    ({ atMs }) => x(atMs),
    ({ low }) => y(Math.max(0, low)),
    ({ high }) => y(high),
  );
  return chartOverTime(
    {
      name: `forecast-${id}`,
      title: `Forecast of ${metric}`,
      description: `${words} At the end of the forecast: ${inUnit(last.value, unit)}, between ${inUnit(last.low, unit)} and ${inUnit(last.high, unit)}.`,
      legend: [
        { words: 'measured', className: 'line-p50', mark: 'line' },
        { words: 'forecast', className: 'line-p99', mark: 'line' },
        { words: '95 %', className: 'band', mark: 'box' },
      ],
    },
    x,
    y,
    [
      element('path', { class: 'band', d: band.digits(1)(forecast) ?? '' }),
      element('path', { class: 'line-p50', d: known.digits(1)(history) ?? '' }),
      element('path', { class: 'line-p99', d: expected.digits(1)(forecast) ?? '' }),
    ],
  );
}
