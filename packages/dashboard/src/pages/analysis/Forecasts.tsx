/** What is coming: the past as a line, the future as a line in its band. */
import type uPlot from 'uplot';
import type { Forecast } from '../../api/client.ts';
import { type ChartLine, TimeChart } from '../../charts/TimeChart.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatNumber } from '../../format/numbers.ts';

/** Charts that are drawn; more would make the page slow and tell nobody anything. */
const MAX_CHARTS = 6;

const LINES: readonly ChartLine[] = [
  { label: 'measured', color: 'chart-p50' },
  { label: 'low', color: 'chart-past', dash: [2, 3] },
  { label: 'high', color: 'chart-past', dash: [2, 3], bandTo: 1 },
  { label: 'forecast', color: 'chart-p95', dash: [5, 4] },
];

export function Forecasts({ forecasts }: { forecasts: readonly Forecast[] }) {
  return (
    <Panel title="Forecasts">
      {forecasts.length === 0 && (
        <p class="soft empty">No data yet: a forecast needs some days of calls to learn from.</p>
      )}
      {forecasts.slice(0, MAX_CHARTS).map((forecast) => (
        <ForecastFigure key={JSON.stringify([forecast.server, forecast.tool, forecast.metric])} forecast={forecast} />
      ))}
      {forecasts.length > MAX_CHARTS && (
        <ul class="plain-list">
          {forecasts.slice(MAX_CHARTS).map(({ server, tool, metric, words }) => (
            <li key={JSON.stringify([server, tool, metric])}>
              <Forecasted server={server} tool={tool} />: {words}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ForecastFigure({ forecast }: { forecast: Forecast }) {
  const { server, tool, metric, unit, words } = forecast;
  const { data, range } = columnsOf(forecast);
  return (
    <figure class="forecast">
      <figcaption>
        <Forecasted server={server} tool={tool} /> <span class="soft">{metric.replaceAll('_', ' ')}</span>
      </figcaption>
      {data[0].length > 1 && (
        <TimeChart
          summary={`Forecast of ${metric}: ${words}`}
          heightPx={200}
          lines={LINES}
          data={data}
          format={(value) => `${formatNumber(value)} ${unit}`.trimEnd()}
          range={range}
        />
      )}
      <p>{words}</p>
    </figure>
  );
}

function Forecasted({ server, tool }: { server: string; tool: string }) {
  return server === '' ? <span>everything</span> : <Subject server={server} tool={tool} />;
}

/** One column of times for the past and the future, so that both stand in one chart. */
function columnsOf({ history, forecast }: Forecast): {
  data: uPlot.AlignedData;
  range: { fromMs: number; toMs: number };
} {
  const none = (count: number) => Array<null>(count).fill(null);
  const [past, future] = [none(history.length), none(forecast.length)];
  const times = [...history, ...forecast].map(({ at }) => Date.parse(at) / 1000);
  const data = [
    times,
    [...history.map(({ value }) => value), ...future],
    [...past, ...forecast.map(({ low }) => low)],
    [...past, ...forecast.map(({ high }) => high)],
    [...past, ...forecast.map(({ value }) => value)],
  ];
  const range = { fromMs: 1000 * (times[0] ?? 0), toMs: 1000 * (times.at(-1) ?? 1) };
  return { data: data as unknown as uPlot.AlignedData, range };
}
