/** How many instances servers need. */
import type { ReplicaAdvice } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { Table, type TableColumn } from '../../components/Table.tsx';
import { formatNumber, formatPercent } from '../../format/numbers.ts';

const VERDICTS = {
  add: ['more', 'warn'],
  remove: ['fewer', 'info'],
  keep: ['as it is', 'good'],
  would_not_help: ['more would not help', 'info'],
  not_enough_data: ['not enough data', 'info'],
} as const;

const COLUMNS: readonly TableColumn<ReplicaAdvice>[] = [
  {
    title: 'Server',
    cell: ({ server }) => <Subject server={server} tool="" />,
    sortBy: ({ server }) => server,
  },
  {
    title: 'Instances',
    cell: ({ verdict }) => <span class={`badge badge-${VERDICTS[verdict][1]}`}>{VERDICTS[verdict][0]}</span>,
    sortBy: ({ verdict }) => verdict,
  },
  { title: 'Now', isNumber: true, cell: ({ instances }) => instances, sortBy: ({ instances }) => instances },
  {
    title: 'Needed',
    isNumber: true,
    cell: ({ recommended }) => recommended?.value ?? '–',
    sortBy: ({ recommended }) => recommended?.value ?? -1,
  },
  {
    title: 'Peak calls/s',
    isNumber: true,
    cell: ({ peakPerSecond }) => (peakPerSecond === null ? '–' : formatNumber(peakPerSecond.value)),
    sortBy: ({ peakPerSecond }) => peakPerSecond?.value ?? -1,
  },
  {
    title: 'Use at peak',
    isNumber: true,
    cell: ({ now }) => (now === null ? '–' : formatPercent(now.utilisationPercent)),
    sortBy: ({ now }) => now?.utilisationPercent ?? -1,
  },
  { title: 'Why', cell: ({ reasons }) => <span class="soft">{reasons.join(' ')}</span> },
];

export function Instances({ advice }: { advice: readonly ReplicaAdvice[] }) {
  return (
    <Panel title="Instances">
      <Table
        caption="Instances that servers need"
        columns={COLUMNS}
        rows={advice}
        keyOf={({ server }) => server}
        none="No data yet."
      />
    </Panel>
  );
}
