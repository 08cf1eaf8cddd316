/** How every server is: the whole in one line, a tile for each server, and the alerts that wait for somebody. */
import { timeText } from '../format.ts';
import type { Host } from '../host.ts';
import type { Dashboard } from '../results.ts';
import { Status } from '../Status.tsx';
import { Alerts } from './Alerts.tsx';
import { ServerTile } from './ServerTile.tsx';
import { useDashboard } from './useDashboard.ts';

export function DashboardView({ host, first }: { host: Host; first: Dashboard }) {
  const { dashboard, alerts, isBusy, problem, refresh, acknowledge } = useDashboard(host, first);
  const { mcpServers, systemHealth, activeAlerts, recentAnomalies, timestamp } = dashboard;
  const at = timeText(timestamp, new Date(), host.locale, host.timeZone);
  return (
    <main aria-busy={isBusy}>
      <header>
        <div class="headline">
          <h1>MCP servers</h1>
          <Status word={systemHealth} />
        </div>
        <div class="actions">
          <span class="quiet">
            <span class="visually-hidden">Figures of </span>
            <time dateTime={timestamp}>{at}</time>
          </span>
          {host.canCallTools && (
            <button type="button" onClick={() => void refresh()} disabled={isBusy}>
              Refresh
            </button>
          )}
        </div>
      </header>
      {problem !== undefined && (
        <p class="notice" role="alert">
          Not refreshed: {problem}
        </p>
      )}
      <dl class="totals">
        <Total name="Servers" value={mcpServers.length} />
        <Total name="Alerts" value={activeAlerts} />
        <Total name="Anomalies, 1 h" value={recentAnomalies} />
      </dl>
      <section aria-label="Servers">
        {mcpServers.length === 0 && <p class="notice">No server has reported yet.</p>}
        <ul class="tiles">
          {mcpServers.map((server) => (
            <ServerTile key={server.name} server={server} />
          ))}
        </ul>
      </section>
      {alerts && <Alerts host={host} list={alerts} acknowledge={acknowledge} />}
    </main>
  );
}

function Total({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
