import { formatNumber } from '../../src/format/numbers.ts';
import { Name } from '../Name.tsx';
import type { ServerHealth } from '../results.ts';
import { Status, toneOf } from '../Status.tsx';

/** One server in the last hour. */
export function ServerTile({ server }: { server: ServerHealth }) {
  const { name, status, healthScore, avgResponseTime, errorRate, activeAlerts } = server;
  return (
    <li class="tile">
      <div class="tile-head">
        <h2>
          <Name text={name} />
        </h2>
        <Status word={status} />
      </div>
      <p class="score">
        <span class="visually-hidden">Health score </span>
        <strong>{healthScore}</strong>
        <span class="quiet"> / 100</span>
      </p>
      <div class={`bar tone-${toneOf(status)}`} aria-hidden="true">
        <span style={{ width: `${Math.min(100, Math.max(0, healthScore))}%` }} />
      </div>
      <dl>
        <Figure name="Avg" value={`${formatNumber(avgResponseTime)} ms`} />
        <Figure name="Errors" value={`${formatNumber(errorRate)} %`} />
        <Figure name="Alerts" value={formatNumber(activeAlerts)} />
      </dl>
    </li>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
