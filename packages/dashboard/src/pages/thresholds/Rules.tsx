/** Rules that raise alerts beside the thresholds. */
import { type AlertRule, answered, api } from '../../api/client.ts';
import { Failure } from '../../components/Failure.tsx';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { RemoveButton } from '../../components/RemoveButton.tsx';
import { SeverityBadge } from '../../components/Status.tsx';
import { Table, type TableColumn } from '../../components/Table.tsx';
import { Waiting } from '../../components/Waiting.tsx';
import { formatNumber } from '../../format/numbers.ts';
import { visibleName } from '../../format/visibleName.ts';
import { useAnswer } from '../../live/useAnswer.ts';
import { ThresholdScope } from './ThresholdScope.tsx';

const SYMBOLS: Readonly<Record<string, string>> = { gt: '>', gte: '≥', lt: '<', lte: '≤', eq: '=' };

export function Rules({ mayChange }: { mayChange: boolean }) {
  const { data, failure } = useAnswer(
    'alert-rules',
    async (signal) => (await answered(api.GET('/alert-rules', { signal }))).rules,
    4_000,
  );
  return (
    <Panel title="Rules">
      <Failure failure={failure} />
      {data ? (
        <Table
          caption="Rules"
          columns={mayChange ? [...COLUMNS, REMOVAL] : COLUMNS}
          rows={data}
          keyOf={({ name, isFixed }) => `${isFixed} ${name}`}
          none="None: the tool set_performance_alert and the setting alerts.rules make them."
        />
      ) : (
        <Waiting failure={failure} room="skeleton-page" />
      )}
    </Panel>
  );
}

const COLUMNS: TableColumn<AlertRule>[] = [
  { title: 'Rule', cell: ({ name }) => <Name text={name} />, sortBy: ({ name }) => name },
  {
    title: 'Applies to',
    cell: ({ server, tool }) => (
      <ThresholdScope server={server === '*' ? '' : server} tool={tool === '*' ? '' : tool} />
    ),
    sortBy: ({ server, tool }) => `${server} ${tool}`,
  },
  { title: 'When', cell: conditionOf },
  {
    title: 'Severity',
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
    sortBy: ({ severity }) => severity,
  },
];

const REMOVAL: TableColumn<AlertRule> = {
  title: 'Change',
  cell: ({ name, isFixed }) =>
    isFixed ? (
      <span class="soft">from the settings</span>
    ) : (
      <RemoveButton
        what={`the rule ${visibleName(name)}`}
        remove={() => answered(api.DELETE('/alert-rules/{name}', { params: { path: { name } } }))}
      >
        It raises nothing more; its open alerts end with the next minute.
      </RemoveButton>
    ),
};

function conditionOf({ metric, statistic, operator, threshold, periodMinutes }: AlertRule): string {
  const measured = metric === 'response_time' || metric === 'custom' ? `${metric} ${statistic}` : metric;
  return `${measured} ${SYMBOLS[operator] ?? operator} ${formatNumber(threshold)} over ${periodMinutes} min`;
}
