/** One alert: what, since when, what is known of it, and what can be done with it. */
import { useState } from 'preact/hooks';
import { type Alert, answered, api, callTool } from '../api/client.ts';
import { formatAgo, formatFullTime, formatNumber } from '../format/numbers.ts';
import { Failure } from './Failure.tsx';
import { Link } from './Link.tsx';
import { rememberedPerson, rememberPerson } from './person.ts';
import { alertState, conditionWords, SeverityBadge } from './Status.tsx';
import { Subject, subjectAddress } from './Subject.tsx';
import { useAction } from './useAction.ts';
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
        <bdi>{conditionWords(alert)}</bdi>, at <b>{formatNumber(alert.currentValue)}</b>{' '}
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
        {mayChange && !isCompact && <Feedback alert={alert} />}
      </footer>
      {open === 'acknowledge' && <AcknowledgeForm alert={alert} onDone={() => setOpen(undefined)} />}
      {open === 'silence' && <SilenceForm alert={alert} onDone={() => setOpen(undefined)} />}
    </article>
  );
}

interface FormProps {
  alert: Alert;
  onDone(): void;
}

function AcknowledgeForm({ alert, onDone }: FormProps) {
  const action = useAction();
  const [by, setBy] = useState(rememberedPerson());
  const [notes, setNotes] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    rememberPerson(by);
    const args = { alertId: alert.alertId, acknowledgedBy: by, ...(notes !== '' && { notes }) };
    if (await action.run(() => callTool('acknowledge_alert', args))) onDone();
  };
  return (
    <form class="form" onSubmit={submit}>
      <label>
        Your name <input required maxLength={100} value={by} onInput={(event) => setBy(event.currentTarget.value)} />
      </label>
      <label>
        Note for the others{' '}
        <input maxLength={500} value={notes} onInput={(event) => setNotes(event.currentTarget.value)} />
      </label>
      <button type="submit" class="button button-main" disabled={action.isRunning}>
        Acknowledge: I am on it
      </button>
      <Failure failure={action.failure} />
    </form>
  );
}

function SilenceForm({ alert, onDone }: FormProps) {
  const action = useAction();
  const [by, setBy] = useState(rememberedPerson());
  const [minutes, setMinutes] = useState('60');
  const submit = async (event: Event) => {
    event.preventDefault();
    rememberPerson(by);
    const { server, tool } = alert;
    const body = { server, tool: tool === '' ? '*' : tool, minutes: Number(minutes), by, reason: alert.alertId };
    if (await action.run(() => answered(api.POST('/silences', { body })))) onDone();
  };
  return (
    <form class="form" onSubmit={submit}>
      <label>
        Your name <input required maxLength={100} value={by} onInput={(event) => setBy(event.currentTarget.value)} />
      </label>
      <label>
        Send nothing of it for{' '}
        <select value={minutes} onChange={(event) => setMinutes(event.currentTarget.value)}>
          <option value="60">1 hour</option>
          <option value="240">4 hours</option>
          <option value="1440">a day</option>
          <option value="10080">a week</option>
        </select>
      </label>
      <button type="submit" class="button button-main" disabled={action.isRunning}>
        Silence
      </button>
      <Failure failure={action.failure} />
    </form>
  );
}

function Feedback({ alert }: { alert: Alert }) {
  const action = useAction();
  const judge = (feedback: 'useful' | 'false') =>
    action.run(() =>
      answered(api.POST('/alerts/{id}/feedback', { params: { path: { id: alert.alertId } }, body: { feedback } })),
    );
  return (
    <span class="feedback" role="group" aria-label="Was this alert worth it?">
      <button
        type="button"
        class="button button-quiet"
        aria-pressed={alert.feedback === 'useful'}
        onClick={() => judge('useful')}
      >
        Useful
      </button>
      <button
        type="button"
        class="button button-quiet"
        aria-pressed={alert.feedback === 'false'}
        onClick={() => judge('false')}
      >
        False alarm
      </button>
      <Failure failure={action.failure} />
    </span>
  );
}
