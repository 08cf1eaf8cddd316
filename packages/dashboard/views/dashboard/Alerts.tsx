/** The alerts that are not resolved, each with the button that stops its notifications. */
import { useRef, useState } from 'preact/hooks';
import { alertValue } from '../../src/format/alertValue.ts';
import { visibleName } from '../../src/format/visibleName.ts';
import { timeText } from '../format.ts';
import type { Host } from '../host.ts';
import { Name } from '../Name.tsx';
import type { Alert, AlertList } from '../results.ts';
import { Status } from '../Status.tsx';

interface AlertsProps {
  host: Host;
  list: AlertList;
  acknowledge(alertId: string): Promise<void>;
}

export function Alerts({ host, list, acknowledge }: AlertsProps) {
  const { alerts, summary } = list;
  const rest = summary.totalActive - alerts.length;
  const [said, setSaid] = useState('');
  const acknowledgeAndSay = async (alertId: string) => {
    await acknowledge(alertId);
    setSaid(`${alertId} is acknowledged.`);
  };
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">Active alerts</h2>
      {alerts.length === 0 && <p class="quiet">None.</p>}
      <ul class="alerts">
        {alerts.map((alert) => (
          <AlertRow key={alert.alertId} host={host} alert={alert} acknowledge={acknowledgeAndSay} />
        ))}
      </ul>
      {rest > 0 && <p class="quiet">And {rest} more.</p>}
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </section>
  );
}

type RowState = { kind: 'idle' } | { kind: 'asking' } | { kind: 'refused'; reason: string };

function AlertRow({ host, alert, acknowledge }: { host: Host; alert: Alert; acknowledge(id: string): Promise<void> }) {
  const [state, setState] = useState<RowState>({ kind: 'idle' });
  const row = useRef<HTMLLIElement>(null);
  const onClick = () => {
    setState({ kind: 'asking' });
    acknowledge(alert.alertId).then(
      () => {
        setState({ kind: 'idle' });
        // The button is gone; without this the focus would start over at the top.
        row.current?.focus();
      },
      (error: Error) => setState({ kind: 'refused', reason: error.message }),
    );
  };
  const canAcknowledge = host.canCallTools && alert.status !== 'acknowledged';
  return (
    <li class="alert" ref={row} tabIndex={-1}>
      <div class="alert-words">
        <p class="alert-subject">
          <Status word={alert.severity} />
          <Subject alert={alert} />
        </p>
        <p>
          {visibleName(alert.condition)} <span class="quiet">now {alertValue(alert)}</span>
        </p>
        <p class="quiet">
          since {timeText(alert.timestamp, new Date(), host.locale, host.timeZone)} · {alert.alertId} ·{' '}
          {statusText(alert)}
        </p>
        {state.kind === 'refused' && <p role="alert">{state.reason}</p>}
      </div>
      {canAcknowledge && (
        <button type="button" onClick={onClick} disabled={state.kind === 'asking'}>
          Acknowledge<span class="visually-hidden"> {alert.alertId}</span>
        </button>
      )}
    </li>
  );
}

function Subject({ alert: { mcpServer, toolName } }: { alert: Alert }) {
  if (toolName === '') return <Name text={mcpServer} />;
  return (
    <span>
      <Name text={toolName} /> <span class="quiet">of</span> <Name text={mcpServer} />
    </span>
  );
}

function statusText({ status, acknowledgedBy }: Alert): string {
  return acknowledgedBy === undefined ? status : `${status} by ${visibleName(acknowledgedBy)}`;
}
