/** A server in the space of a card. */
import { memo } from 'preact/compat';
import type { ServerOverview } from '../api/client.ts';
import { Sparkline } from '../charts/Sparkline.tsx';
import { formatAgo, formatMs, formatNumber, formatPercent } from '../format/numbers.ts';
import { addressOf } from '../route/route.ts';
import { Link } from './Link.tsx';
import { ServerName } from './ServerName.tsx';
import { HealthBadge } from './Status.tsx';

interface ServerTileProps {
  server: ServerOverview;
  /** The minute now: what is shown changes with it. */
  minute: number;
}

function Tile({ server }: ServerTileProps) {
  const { name, version, status, healthScore, callsPerMinute, errorRatePercent, p95Ms, calls } = server;
  return (
    <Link href={addressOf('server', { name })} class={`tile tile-${status}`}>
      <span class="tile-head">
        <span class="cut">
          <ServerName server={name} />
        </span>
        <HealthBadge status={status} score={healthScore} />
      </span>
      <Sparkline spark={server.spark} />
      <dl class="tile-figures">
        <div>
          <dt>calls/min</dt>
          <dd>{formatNumber(callsPerMinute)}</dd>
        </div>
        <div>
          <dt>errors</dt>
          <dd class={errorRatePercent > 1 ? 'is-bad' : ''}>{calls === 0 ? '–' : formatPercent(errorRatePercent)}</dd>
        </div>
        <div>
          <dt>p95</dt>
          <dd class={p95Ms > 500 ? 'is-bad' : ''}>{calls === 0 ? '–' : formatMs(p95Ms)}</dd>
        </div>
      </dl>
      <span class="tile-foot soft">
        <span class="cut">{version === '' ? 'no version' : <bdi>{version}</bdi>}</span>
        <span class="nowrap">{presence(server)}</span>
      </span>
    </Link>
  );
}

/** Whether it runs, and when it was last heard of: what was heard within a minute is now. */
function presence({ liveInstances, lastSeenAt }: ServerOverview): string {
  const isNow = Date.now() - Date.parse(lastSeenAt) < 60_000;
  const seen = isNow ? 'seen now' : `last seen ${formatAgo(lastSeenAt)}`;
  return liveInstances > 0 ? `${liveInstances} running, ${seen}` : seen;
}

/** Of five hundred, most show the same as before: what a tile shows is compared rather than drawn. */
export const ServerTile = memo(Tile, (before, after) => {
  const [a, b] = [before.server, after.server];
  return (
    before.minute === after.minute &&
    a.name === b.name &&
    a.version === b.version &&
    a.healthScore === b.healthScore &&
    a.calls === b.calls &&
    a.callsPerMinute === b.callsPerMinute &&
    a.p95Ms === b.p95Ms &&
    a.errorRatePercent === b.errorRatePercent &&
    a.liveInstances === b.liveInstances
  );
});
