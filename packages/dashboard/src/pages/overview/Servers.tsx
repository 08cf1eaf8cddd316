/** A tile per server, in the order and by the name that are asked for. */
import { useMemo, useState } from 'preact/hooks';
import type { Overview } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { ServerTile } from '../../components/ServerTile.tsx';

const ORDERS = ['health', 'name', 'calls', 'errors', 'p95'] as const;
type Order = (typeof ORDERS)[number];
type Server = Overview['servers'][number];

const COMPARE: Record<Order, (a: Server, b: Server) => number> = {
  health: (a, b) => a.healthScore - b.healthScore || a.name.localeCompare(b.name),
  name: (a, b) => a.name.localeCompare(b.name),
  calls: (a, b) => b.callsPerMinute - a.callsPerMinute,
  errors: (a, b) => b.errorRatePercent - a.errorRatePercent,
  p95: (a, b) => b.p95Ms - a.p95Ms,
};

export function Servers({ now }: { now: Overview }) {
  const [order, setOrder] = useState<Order>('health');
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => {
    const wanted = filter.toLowerCase();
    return now.servers.filter(({ name }) => name.toLowerCase().includes(wanted)).sort(COMPARE[order]);
  }, [now.servers, order, filter]);
  const minute = Math.floor(Date.parse(now.at) / 60_000);
  const aside = (
    <span class="controls">
      <label>
        <span class="hidden-visually">Filter servers</span>
        <input
          type="search"
          placeholder="Filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      <label>
        <span class="hidden-visually">Order of servers</span>
        <select value={order} onChange={(event) => setOrder(event.currentTarget.value as Order)}>
          {ORDERS.map((each) => (
            <option key={each} value={each}>
              by {each}
            </option>
          ))}
        </select>
      </label>
    </span>
  );
  return (
    <Panel title={`Servers (${now.servers.length})`} aside={aside} class="panel-bare">
      <div class="tiles">
        {shown.map((server) => (
          <ServerTile key={server.name} server={server} minute={minute} />
        ))}
      </div>
      {shown.length === 0 && <p class="soft empty">No server of this name.</p>}
    </Panel>
  );
}
