/** What raises alerts: thresholds for everything, those where something else applies, and rules. */
import { answered, api, type Threshold } from '../api/client.ts';
import { Failure } from '../components/Failure.tsx';
import { Panel } from '../components/Panel.tsx';
import { SeverityBadge } from '../components/Status.tsx';
import { Table, type TableColumn } from '../components/Table.tsx';
import { useMayChange } from '../components/useMayChange.ts';
import { Waiting } from '../components/Waiting.tsx';
import { useAnswer } from '../live/useAnswer.ts';
import { AddThreshold } from './thresholds/AddThreshold.tsx';
import { METRICS } from './thresholds/metrics.ts';
import { Proposals } from './thresholds/Proposals.tsx';
import { RemoveThreshold } from './thresholds/RemoveThreshold.tsx';
import { Rules } from './thresholds/Rules.tsx';
import { ThresholdForm } from './thresholds/ThresholdForm.tsx';
import { ThresholdScope } from './thresholds/ThresholdScope.tsx';

const REMOVAL: TableColumn<Threshold> = {
  title: 'Change',
  cell: (threshold) => threshold.isRemovable && <RemoveThreshold threshold={threshold} />,
};

export function ThresholdsPage() {
  const mayChange = useMayChange();
  const { data, failure } = useAnswer(
    'thresholds',
    async (signal) => (await answered(api.GET('/thresholds', { signal }))).thresholds,
    4_000,
  );
  const columns: TableColumn<Threshold>[] = [
    {
      title: 'Applies to',
      cell: (threshold) => <ThresholdScope {...threshold} />,
      sortBy: ({ server, tool }) => `${server} ${tool}`,
    },
    { title: 'Metric', cell: ({ metric }) => METRICS[metric].title, sortBy: ({ metric }) => metric },
    {
      title: 'Severity',
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
      sortBy: ({ severity }) => severity,
    },
    {
      title: 'Above',
      isNumber: true,
      cell: (threshold) => <ThresholdForm threshold={threshold} mayChange={mayChange} />,
    },
    ...(mayChange ? [REMOVAL] : []),
  ];
  return (
    <>
      <h1>Thresholds</h1>
      <p class="soft lead">
        For each metric the most specific one decides: of a tool of a server, of a tool anywhere, of a server, of
        everything.
      </p>
      <Failure failure={failure} />
      <div class="overview-columns">
        <div class="overview-main">
          <Panel title="In force">
            {data ? (
              <Table
                caption="Thresholds in force"
                columns={columns}
                rows={data}
                keyOf={({ thresholdId }) => thresholdId}
                none="None."
              />
            ) : (
              <Waiting failure={failure} room="skeleton-page" />
            )}
          </Panel>
          <Rules mayChange={mayChange} />
        </div>
        <div class="overview-side">
          {mayChange && <AddThreshold />}
          <Proposals mayChange={mayChange} />
        </div>
      </div>
    </>
  );
}
