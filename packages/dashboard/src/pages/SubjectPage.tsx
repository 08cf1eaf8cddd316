/** A server, or one tool of it, over time. */
import { AlertCard } from '../components/AlertCard.tsx';
import { Failure } from '../components/Failure.tsx';
import { Panel } from '../components/Panel.tsx';
import { RangePicker } from '../components/RangePicker.tsx';
import { readRange } from '../route/range.ts';
import { AnomalyList } from './subject/AnomalyList.tsx';
import { ChartSkeletons, Charts } from './subject/Charts.tsx';
import { ComparisonPicker } from './subject/ComparisonPicker.tsx';
import { DeployList } from './subject/DeployList.tsx';
import { DistributionPanel } from './subject/DistributionPanel.tsx';
import { ErrorList } from './subject/ErrorList.tsx';
import { Outcomes } from './subject/Outcomes.tsx';
import { ResourcePanels } from './subject/ResourcePanels.tsx';
import { SubjectHead } from './subject/SubjectHead.tsx';
import { shownRange, zoomTo } from './subject/shownRange.ts';
import { ToolTable } from './subject/ToolTable.tsx';
import { useSubjectData } from './subject/useSubjectData.ts';

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
        data.failure === undefined && <ChartSkeletons />
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
