/** One alert: what, since when, what is known of it, and what can be done with it. */
import { useState } from 'preact/hooks';
import type { Alert } from '../api/client.ts';
import { alertValue } from '../format/alertValue.ts';
import { formatAgo, formatFullTime } from '../format/numbers.ts';
import { AcknowledgeForm } from './AcknowledgeForm.tsx';
import { AlertFeedback } from './AlertFeedback.tsx';
import { Link } from './Link.tsx';
import { SilenceForm } from './SilenceForm.tsx';
import { alertState, conditionWords, SeverityBadge } from './Status.tsx';
import { Subject, subjectAddress } from './Subject.tsx';
import { useMayChange } from './useMayChange.ts';

const HOUR_MS = 3_600_000;

interface AlertCardProps {
  alert: Alert;
  /** Beside other things: with the one sentence that says where to begin. */
  isCompact?: boolean;
}

export function AlertCard({ alert, isCompact = false }: AlertCardProps) {
  const mayChange = useMayChange();
  const [open, setOpen] = useState<'acknowledge' | 'silence'>();
  const isOpen = alert.status !== 'resolved';
  const around = Date.parse(alert.createdAt);
  const chart = subjectAddress(alert.server, alert.tool, {
    from: new Date(around - HOUR_MS).toISOString(),
    to: new Date(Math.min(Date.now(), around + 2 * HOUR_MS)).toISOString(),
  });
  return (
    <article
      class={`alert alert-${alert.clearedAt === null && isOpen ? alert.severity : 'over'}`}
      aria-label={`Alert ${alert.alertId}`}
    >
      <header class="alert-head">
        <SeverityBadge severity={alert.severity} />
        <Subject server={alert.server} tool={alert.tool} />
        <span class="soft alert-since" title={formatFullTime(alert.createdAt)}>
          {formatAgo(alert.createdAt)}
        </span>
      </header>
      <p>
        <bdi>{conditionWords(alert)}</bdi>, at <b>{alertValue(alert)}</b>{' '}
        <span class="soft">({alertState(alert)})</span>
      </p>
      {(isCompact ? alert.evidence.slice(0, 1) : alert.evidence).map((sentence) => (
        <p key={sentence} class="soft">
          <bdi>{sentence}</bdi>
        </p>
      ))}
      {alert.notes !== null && (
        <p class="note">
          <bdi>{alert.notes}</bdi>
        </p>
      )}
      <footer class="actions">
        {alert.server !== '' && <Link href={chart}>Look at it</Link>}
        {mayChange && isOpen && alert.status !== 'acknowledged' && (
          <button
            type="button"
            class="button"
            onClick={() => setOpen(open === 'acknowledge' ? undefined : 'acknowledge')}
          >
            Acknowledge
          </button>
        )}
        {mayChange && isOpen && alert.server !== '' && (
          <button type="button" class="button" onClick={() => setOpen(open === 'silence' ? undefined : 'silence')}>
            Silence
          </button>
        )}
        {mayChange && !isCompact && <AlertFeedback alert={alert} />}
      </footer>
      {open === 'acknowledge' && <AcknowledgeForm alert={alert} onDone={() => setOpen(undefined)} />}
      {open === 'silence' && <SilenceForm alert={alert} onDone={() => setOpen(undefined)} />}
    </article>
  );
}
