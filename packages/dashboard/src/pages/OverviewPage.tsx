/** The first page: whether anything is wrong, since when, and what to do; then everything at a glance. */
import { useMemo, useState } from 'preact/hooks';
import type { Alert, Overview } from '../api/client.ts';
import { AlertCard } from '../components/AlertCard.tsx';
import { Changes } from '../components/Changes.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Link } from '../components/Link.tsx';
import { Panel } from '../components/Panel.tsx';
import { ServerTile } from '../components/ServerTile.tsx';
import { conditionWords } from '../components/Status.tsx';
import { Subject } from '../components/Subject.tsx';
import { formatCount, formatMs, formatNumber, formatPercent, formatSpan } from '../format/numbers.ts';
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { addressOf } from '../route/route.ts';

/** Alerts that are shown whole; the others have a page. */
const MAX_FIRING = 5;

export function OverviewPage() {
  const now = useObservable(overview);
  if (now === undefined) return <OverviewSkeleton />;
  if (now.servers.length === 0) return <EmptyState />;
  const firing = now.alerts.filter(({ clearedAt }) => clearedAt === null);
  return (
    <div class="overview">
      <h1 class="hidden-visually">Overview</h1>
      <Verdict now={now} firing={firing} />
      <KeyFigures now={now} />
      <div class="overview-columns">
        <div class="overview-main">
          <Servers now={now} />
          <TimeShares now={now} />
        </div>
        <div class="overview-side">
          <Panel
            title="Firing now"
            class="panel-first"
            aside={
              <Link href={addressOf('alerts')}>
                {now.activeAlerts > now.firingAlerts
                  ? `and ${now.activeAlerts - now.firingAlerts} that are over`
                  : 'All alerts'}
              </Link>
            }
          >
            {firing.length === 0 && <p class="soft empty">Nothing. You will see it here first.</p>}
            {firing.slice(0, MAX_FIRING).map((alert) => (
              <AlertCard key={alert.alertId} alert={alert} isCompact />
            ))}
            {now.firingAlerts > MAX_FIRING && (
              <p>
                <Link href={addressOf('alerts')}>{now.firingAlerts - MAX_FIRING} more</Link>
              </p>
            )}
          </Panel>
          <Panel title="What changed">
            <Changes changes={now.changes} />
          </Panel>
        </div>
      </div>
    </div>
  );
}

/** One sentence that answers: is anything wrong, since when, and where to begin. */
function Verdict({ now, firing }: { now: Overview; firing: readonly Alert[] }) {
  const [worst] = firing;
  const troubled = now.servers.filter(({ status }) => status !== 'healthy').length;
  return (
    <section class={`verdict verdict-${now.systemHealth}`} aria-label="State of everything" role="status">
      <p class="verdict-line">
        <b>{verdictOf(now, troubled)}</b>
        {worst && (
          <>
            {' '}
            <Subject server={worst.server} tool={worst.tool} />: <bdi>{conditionWords(worst)}</bdi>, for{' '}
            {formatSpan(Date.parse(now.at) - Date.parse(worst.createdAt))}.
          </>
        )}
      </p>
      <p class="soft">
        {worst ? <bdi>{worst.evidence.at(-1) ?? 'Open it to see what it looks like over time.'}</bdi> : quietFor(now)}
      </p>
    </section>
  );
}

function verdictOf({ systemHealth, servers }: Overview, troubled: number): string {
  if (systemHealth === 'healthy')
    return servers.length === 1 ? 'The server is healthy.' : `All ${servers.length} servers are healthy.`;
  if (troubled === 0) return `Something is ${systemHealth}.`;
  return `${troubled} of ${servers.length} servers ${troubled === 1 ? 'needs' : 'need'} attention.`;
}

function quietFor({ changes, at }: Overview): string {
  const last = changes.find(({ kind }) => kind === 'alert_raised');
  if (last === undefined) return 'No alert in the last 24 hours.';
  return `No alert for ${formatSpan(Date.parse(at) - Date.parse(last.at))}.`;
}

function KeyFigures({ now }: { now: Overview }) {
  const { totals } = now;
  const running = now.servers.filter(({ liveInstances }) => liveInstances > 0).length;
  const figures: [string, string, string][] = [
    ['Calls per minute', formatNumber(now.callsPerMinute), `${formatCount(totals.calls)} in the last hour`],
    [
      'Errors',
      totals.calls === 0 ? '–' : formatPercent(totals.errorRatePercent),
      `${formatCount(totals.errors)} calls failed`,
    ],
    ['Typical call (p50)', totals.calls === 0 ? '–' : formatMs(totals.p50Ms), `mean ${formatMs(totals.avgMs)}`],
    ['Slow calls (p95)', totals.calls === 0 ? '–' : formatMs(totals.p95Ms), `p99 ${formatMs(totals.p99Ms)}`],
    ['Alerts firing', formatCount(now.firingAlerts), `${formatCount(now.activeAlerts)} not resolved`],
    ['Servers running', formatCount(running), `of ${formatCount(now.servers.length)} known`],
  ];
  return (
    <dl class="figures">
      {figures.map(([title, value, more]) => (
        <div key={title} class="figure">
          <dt>{title}</dt>
          <dd>
            <b>{value}</b>
            <span class="soft">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

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

function Servers({ now }: { now: Overview }) {
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

function TimeShares({ now }: { now: Overview }) {
  return (
    <Panel title="Where the time goes" aside={<span class="soft">of all tools, last hour</span>}>
      {now.timeShares.length === 0 && <p class="soft empty">No calls in the last hour.</p>}
      <ol class="shares">
        {now.timeShares.map(({ server, tool, sharePercent, totalMs, p95Ms, calls }) => (
          <li key={JSON.stringify([server, tool])}>
            <span class="share-head">
              <Subject server={server} tool={tool} />
              <span class="soft nowrap">
                {formatCount(calls)} calls, p95 {formatMs(p95Ms)}, {formatMs(totalMs)} in all
              </span>
              <b class="number">{formatPercent(sharePercent)}</b>
            </span>
            <svg class="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="share-rest" width="100" height="4" rx="1" />
              <rect class="share-part" width={sharePercent} height="4" rx="1" />
            </svg>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function OverviewSkeleton() {
  return (
    <div class="overview" aria-busy="true">
      <h1 class="hidden-visually">Overview</h1>
      <div class="verdict skeleton" />
      <div class="figures">
        {Array.from({ length: 6 }, (_, i) => (
          <div key={i} class="figure skeleton" />
        ))}
      </div>
      <div class="overview-columns">
        <div class="overview-main skeleton skeleton-tall" />
        <div class="overview-side skeleton skeleton-tall" />
      </div>
    </div>
  );
}
