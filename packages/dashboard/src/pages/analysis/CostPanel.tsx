/** What calls cost, the dearest first, and what could be saved. */
import type { CostReport, ToolCost } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { Table, type TableColumn } from '../../components/Table.tsx';
import { formatCount, formatMs, formatNumber, formatPercent, formatTime } from '../../format/numbers.ts';

export function CostPanel({ cost }: { cost: CostReport }) {
  const { total, tools, dearestCalls } = cost;
  return (
    <Panel title="Cost">
      <p class="soft">
        {total.measuredPercent === 0
          ? 'Results are not measured, so nothing is known of tokens.'
          : `About ${formatCount(total.tokens)} tokens in the results of ${formatPercent(total.measuredPercent)} of calls.`}{' '}
        CPU and tokens are estimates.
      </p>
      <Table
        caption="Cost by tool"
        columns={columnsOf(cost)}
        rows={tools}
        keyOf={({ server, tool }) => JSON.stringify([server, tool])}
        none="No data yet: no tool was called in this range."
      />
      {dearestCalls.length > 0 && (
        <details>
          <summary>The dearest calls</summary>
          <ul class="plain-list">
            {dearestCalls.map(({ server, tool, from, unit, value }) => (
              <li key={JSON.stringify([server, tool, from, unit])}>
                <b>{unit === 'ms' ? formatMs(value) : `${formatCount(value)} tokens`}</b>{' '}
                <Subject server={server} tool={tool} /> <span class="soft">{formatTime(from)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Savings cost={cost} />
    </Panel>
  );
}

function columnsOf({ total, currency }: CostReport): TableColumn<ToolCost>[] {
  const number = (title: string, of: (tool: ToolCost) => number | undefined, format: (value: number) => string) => ({
    title,
    isNumber: true,
    cell: (tool: ToolCost) => {
      const value = of(tool);
      return value === undefined ? '–' : format(value);
    },
    sortBy: (tool: ToolCost) => of(tool) ?? -1,
  });
  const seconds = (value: number) => formatMs(1000 * value);
  return [
    {
      title: 'Tool',
      cell: ({ server, tool }) => <Subject server={server} tool={tool} />,
      sortBy: ({ tool }) => tool,
    },
    number('Calls', ({ calls }) => calls, formatCount),
    number('Time', ({ totalMs }) => totalMs, formatMs),
    number('CPU', ({ cpu }) => cpu?.seconds, seconds),
    number('CPU per call', ({ cpu }) => cpu?.msPerCall, formatMs),
    number('Tokens', ({ results }) => results?.tokens, formatCount),
    number('Per call', ({ results }) => results?.tokensPerCall, formatCount),
    ...Object.keys(total.prices).map((model) =>
      number(`${model} (${currency})`, ({ results }) => results?.prices[model], formatNumber),
    ),
  ];
}

function Savings({ cost: { savings } }: { cost: CostReport }) {
  if (savings.length === 0) return null;
  return (
    <details>
      <summary>What could be saved ({savings.length})</summary>
      <ul class="plain-list">
        {savings.map(({ kind, server, tool, tokens, cpuSeconds, totalMs, assumption, action }) => (
          <li key={JSON.stringify([kind, server, tool])}>
            <p>
              <Subject server={server} tool={tool} />{' '}
              <b>
                {[
                  tokens > 0 ? `${formatCount(tokens)} tokens` : '',
                  totalMs > 0 ? `${formatMs(totalMs)} of time` : '',
                  cpuSeconds > 0 ? `${formatMs(1000 * cpuSeconds)} of CPU` : '',
                ]
                  .filter((text) => text !== '')
                  .join(', ')}
              </b>
            </p>
            <p class="soft">
              {assumption} {action}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
