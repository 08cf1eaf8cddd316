/** Analysis: what makes servers slow, what is coming, what it costs, what was changed about it. */
import { answered, api } from '../api/client.ts';
import { withWorkspace } from '../api/workspace.ts';
import { ChoiceButtons } from '../components/ChoiceButtons.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Failure } from '../components/Failure.tsx';
import { Panel } from '../components/Panel.tsx';
import { ServerSelect } from '../components/ServerSelect.tsx';
import { Waiting } from '../components/Waiting.tsx';
import { useAnswer } from '../live/useAnswer.ts';
import { choiceOf } from '../route/choice.ts';
import { AuditTrail } from './analysis/AuditTrail.tsx';
import { Benchmarks } from './analysis/Benchmarks.tsx';
import { CostPanel } from './analysis/CostPanel.tsx';
import { Findings } from './analysis/Findings.tsx';
import { Forecasts } from './analysis/Forecasts.tsx';
import { Instances } from './analysis/Instances.tsx';
import { Policies } from './analysis/Policies.tsx';
import { Recommendations } from './analysis/Recommendations.tsx';

const RANGES = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' } as const;
type RangeName = keyof typeof RANGES;

/** An analysis takes its time, and what it says changes slowly. */
const REFRESH_MS = 60_000;

export function AnalysisPage({ query }: { query: URLSearchParams }) {
  const range = choiceOf<RangeName>(query.get('range'), RANGES, 'day');
  const server = query.get('server') ?? undefined;
  const { data, failure, isLoading, again } = useAnswer(
    `analysis ${range} ${server}`,
    (signal) => {
      const params = { query: { type: 'detailed', range, server } } as const;
      return answered(api.GET('/analysis/dashboard', { params, signal }));
    },
    REFRESH_MS,
  );
  if (data?.servers.length === 0) return <EmptyState />;
  return (
    <>
      <h1>Analysis</h1>
      <Choices range={range} server={server} />
      <Failure failure={failure} />
      <div class="overview-columns" aria-busy={isLoading}>
        <div class="overview-main">
          {data === undefined && <Waiting failure={failure} room="panel skeleton-page" />}
          {data?.findings && <Findings findings={data.findings} />}
          {data?.forecasts && <Forecasts forecasts={data.forecasts} />}
          {data?.cost && <CostPanel cost={data.cost} />}
          {data?.replicas && <Instances advice={data.replicas} />}
        </div>
        <div class="overview-side">
          {data?.recommendations && <Recommendations recommendations={data.recommendations} />}
          {data?.policies && <Policies policies={data.policies} onChanged={again} />}
          {data?.benchmarks && <Benchmarks benchmarks={data.benchmarks} />}
          {data?.audit && <AuditTrail entries={data.audit} />}
          {data !== undefined && data.missing.length > 0 && <Missing missing={data.missing} />}
        </div>
      </div>
    </>
  );
}

function Choices({ range, server }: { range: RangeName; server: string | undefined }) {
  const params = new URLSearchParams({ type: 'detailed', range, ...(server !== undefined && { server }) });
  return (
    <div class="toolbar">
      <ChoiceButtons label="How far back" parameter="range" chosen={range} choices={RANGES} />
      <ServerSelect server={server} />
      <a class="button" href={withWorkspace(`/api/v1/analysis/document?${params}`)} download="mcp-vitals-analysis.html">
        Download html
      </a>
    </div>
  );
}

function Missing({ missing }: { missing: readonly { part: string; reason: string }[] }) {
  return (
    <Panel title="Not told">
      <ul class="plain-list">
        {missing.map(({ part, reason }) => (
          <li key={part}>
            <p>
              {part}: <bdi>{reason}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
