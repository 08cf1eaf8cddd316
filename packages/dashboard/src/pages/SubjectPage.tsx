/** A server, or one tool of it, over time. */
import { useState } from 'preact/hooks';
import type { Timeline } from '../api/client.ts';
import { Heatmap } from '../charts/Heatmap.tsx';
import { CallsChart, LatencyChart } from '../charts/subjectCharts.tsx';
import { AlertCard } from '../components/AlertCard.tsx';
import { Failure } from '../components/Failure.tsx';
import { Link } from '../components/Link.tsx';
import { Name } from '../components/Name.tsx';
import { Panel } from '../components/Panel.tsx';
import { RangePicker, showRange } from '../components/RangePicker.tsx';
import { HealthBadge } from '../components/Status.tsx';
import { formatAgo, formatCount, formatMs, formatPercent } from '../format/numbers.ts';
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { type Range, readRange } from '../route/range.ts';
import { addressOf, changeQuery } from '../route/route.ts';
import { ComparisonPicker } from './subject/ComparisonPicker.tsx';
import { DistributionPanel } from './subject/DistributionPanel.tsx';
import { marksOf } from './subject/marksOf.ts';
import { AnomalyList, DeployList, ErrorList, Outcomes, ResourcePanels, ToolTable } from './subject/panels.tsx';
import { type SubjectData, useSubjectData } from './subject/useSubjectData.ts';

interface SubjectPageProps {
  server: string;
  /** Empty: the whole server. */
  tool: string;
  query: URLSearchParams;
}

export function SubjectPage({ server, tool, query }: SubjectPageProps) {
  const range = readRange(query);
  const data = useSubjectData({ server, tool, range, against: query.get('against') ?? '' });
  const { timeline } = data;
  return (
    <div class="subject-page">
      <SubjectHead server={server} tool={tool} />
      <div class="toolbar">
        <RangePicker range={range} />
        <ComparisonPicker against={query.get('against') ?? ''} hasDeploy={data.deploys.length > 0} />
      </div>
      <Failure failure={data.failure} />
      {timeline === undefined ? (
        <ChartSkeletons />
      ) : (
        <Charts data={data} timeline={timeline} range={range} isStale={data.isLoading} />
      )}
      <div class="columns">
        <DistributionPanel server={server} tool={tool} range={range} against={query.get('against') ?? ''} data={data} />
        <Outcomes timeline={timeline} />
      </div>
      {tool === '' && <ToolTable tools={data.tools} query={query} />}
      <div class="columns">
        <Panel title={`Alerts (${data.alerts.length})`}>
          {data.alerts.length === 0 && <p class="soft empty">None in this range.</p>}
          {data.alerts.slice(0, 10).map((alert) => (
            <AlertCard key={alert.alertId} alert={alert} />
          ))}
        </Panel>
        <AnomalyList anomalies={data.anomalies} />
      </div>
      <div class="columns">
        <ErrorList errors={data.errors} />
        <DeployList deploys={data.deploys} />
      </div>
      <ResourcePanels resources={data.resources} range={shownRange(timeline, range)} onZoom={zoomTo} />
    </div>
  );
}

function zoomTo(fromMs: number, toMs: number): void {
  // Nothing is kept finer than a minute.
  const middleMs = (fromMs + toMs) / 2;
  const halfMs = Math.max(5 * 60_000, toMs - fromMs) / 2;
  showRange({ kind: 'fixed', fromMs: Math.round(middleMs - halfMs), toMs: Math.round(middleMs + halfMs) });
}

/** What the charts' axes reach over: what was asked for, and no empty step after now. */
function shownRange(timeline: Timeline | undefined, range: Range): { fromMs: number; toMs: number } {
  if (range.kind === 'fixed') return range;
  const toMs = timeline ? Math.min(Date.now(), Date.parse(timeline.to)) : Date.now();
  return { fromMs: toMs - range.minutes * 60_000, toMs };
}

function SubjectHead({ server, tool }: { server: string; tool: string }) {
  const now = useObservable(overview);
  const info = now?.servers.find(({ name }) => name === server);
  return (
    <header class="subject-head">
      <nav aria-label="Where this is" class="soft">
        <Link href={addressOf('overview')}>Overview</Link>
        {tool !== '' && (
          <>
            {' / '}
            <Link href={addressOf('server', { name: server })}>
              <Name text={server} />
            </Link>
          </>
        )}
      </nav>
      <h1>
        <Name text={tool === '' ? server : tool} />
        {info && tool === '' && <HealthBadge status={info.status} score={info.healthScore} />}
      </h1>
      <p class="soft">
        {info
          ? `${info.version === '' ? 'no version' : `version ${info.version}`}, ${info.liveInstances} running, last seen ${formatAgo(info.lastSeenAt)}`
          : now
            ? 'Not seen yet.'
            : '\u00a0'}
      </p>
    </header>
  );
}

interface ChartsProps {
  data: SubjectData;
  timeline: Timeline;
  range: Range;
  isStale: boolean;
}

function Charts({ data, timeline, range, isStale }: ChartsProps) {
  const [isLogarithmic, setLogarithmic] = useState(false);
  const { summary } = timeline;
  const shown = shownRange(timeline, range);
  const common = { timeline, past: data.past, marks: marksOf(data), range: shown, onZoom: zoomTo };
  const scale = (
    <span class="controls">
      {range.kind === 'fixed' && (
        <button type="button" class="button" onClick={() => changeQuery({ from: undefined, to: undefined })}>
          Back to now
        </button>
      )}
      <button type="button" class="button" aria-pressed={isLogarithmic} onClick={() => setLogarithmic(!isLogarithmic)}>
        Logarithmic
      </button>
    </span>
  );
  return (
    <>
      <dl class="figures figures-small">
        {(
          [
            ['Calls', formatCount(summary.calls)],
            ['Errors', summary.calls === 0 ? '–' : formatPercent(summary.errorRatePercent)],
            ['Mean', summary.calls === 0 ? '–' : formatMs(summary.avgMs)],
            ['p50', summary.calls === 0 ? '–' : formatMs(summary.p50Ms)],
            ['p95', summary.calls === 0 ? '–' : formatMs(summary.p95Ms)],
            ['p99', summary.calls === 0 ? '–' : formatMs(summary.p99Ms)],
            ['Slowest', summary.calls === 0 ? '–' : formatMs(summary.maxMs)],
          ] as const
        ).map(([title, value]) => (
          <div key={title} class="figure">
            <dt>{title}</dt>
            <dd>
              <b>{value}</b>
            </dd>
          </div>
        ))}
      </dl>
      <Panel title="Response time" aside={scale} isStale={isStale}>
        <LatencyChart {...common} isLogarithmic={isLogarithmic} />
        <p class="soft hint">
          Drag over a chart to look closer. Shaded: an anomaly, with what was expected in green; dashed: a new version.
        </p>
      </Panel>
      <Panel title="Calls and errors" isStale={isStale}>
        <CallsChart {...common} />
      </Panel>
      <Panel title="Calls by duration" isStale={isStale}>
        <Heatmap timeline={timeline} />
      </Panel>
    </>
  );
}

function ChartSkeletons() {
  return (
    <div aria-busy="true">
      <div class="figures figures-small skeleton skeleton-figures" />
      {['chart', 'calls', 'heat'].map((name) => (
        <div key={name} class={`panel skeleton skeleton-${name}`} />
      ))}
    </div>
  );
}
