/** The first page: whether anything is wrong, since when, and what to do; then everything at a glance. */
import { AlertCard } from '../components/AlertCard.tsx';
import { Changes } from '../components/Changes.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Link } from '../components/Link.tsx';
import { Panel } from '../components/Panel.tsx';
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { addressOf } from '../route/route.ts';
import { KeyFigures } from './overview/KeyFigures.tsx';
import { OverviewSkeleton } from './overview/OverviewSkeleton.tsx';
import { Servers } from './overview/Servers.tsx';
import { TimeShares } from './overview/TimeShares.tsx';
import { Verdict } from './overview/Verdict.tsx';

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
