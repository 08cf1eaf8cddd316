/** The tools of a server within the range, each a link to its page. */
import type { ToolStats } from '../../api/client.ts';
import { Link } from '../../components/Link.tsx';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { subjectAddress } from '../../components/Subject.tsx';
import { Table, type TableColumn } from '../../components/Table.tsx';
import { formatCount, formatMs, formatPercent } from '../../format/numbers.ts';

export function ToolTable({ tools, query }: { tools: readonly ToolStats[]; query: URLSearchParams }) {
  const kept = ['range', 'from', 'to', 'against'].map((name) => [name, query.get(name) ?? undefined] as const);
  const columns: TableColumn<ToolStats>[] = [
    {
      title: 'Tool',
      cell: ({ server, tool }) => (
        <Link href={subjectAddress(server, tool, Object.fromEntries(kept))}>
          <Name text={tool} />
        </Link>
      ),
      sortBy: ({ tool }) => tool,
    },
    { title: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls), sortBy: ({ calls }) => calls },
    {
      title: 'Errors',
      isNumber: true,
      cell: ({ errorRatePercent }) => (
        <span class={errorRatePercent > 1 ? 'is-bad' : ''}>{formatPercent(errorRatePercent)}</span>
      ),
      sortBy: ({ errorRatePercent }) => errorRatePercent,
    },
    { title: 'p50', isNumber: true, cell: ({ p50Ms }) => formatMs(p50Ms), sortBy: ({ p50Ms }) => p50Ms },
    {
      title: 'p95',
      isNumber: true,
      cell: ({ p95Ms }) => <span class={p95Ms > 500 ? 'is-bad' : ''}>{formatMs(p95Ms)}</span>,
      sortBy: ({ p95Ms }) => p95Ms,
    },
    { title: 'p99', isNumber: true, cell: ({ p99Ms }) => formatMs(p99Ms), sortBy: ({ p99Ms }) => p99Ms },
    { title: 'Slowest', isNumber: true, cell: ({ maxMs }) => formatMs(maxMs), sortBy: ({ maxMs }) => maxMs },
    {
      title: 'Share of time',
      isNumber: true,
      cell: ({ sharePercent }) => formatPercent(sharePercent),
      sortBy: ({ sharePercent }) => sharePercent,
    },
  ];
  return (
    <Panel title={`Tools (${tools.length})`}>
      <Table
        caption="Tools of this server"
        columns={columns}
        rows={tools}
        keyOf={({ tool }) => tool}
        sortedBy="Share of time"
        none="No tool was called in this range."
      />
    </Panel>
  );
}
