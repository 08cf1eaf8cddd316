/** Has nothing sent of what an alert is about, for a while. */
import { useState } from 'preact/hooks';
import { type Alert, answered, api } from '../api/client.ts';
import { Failure } from './Failure.tsx';
import { PersonField, usePerson } from './PersonField.tsx';
import { useAction } from './useAction.ts';

interface SilenceFormProps {
  alert: Alert;
  onDone(): void;
}

export function SilenceForm({ alert, onDone }: SilenceFormProps) {
  const action = useAction();
  const person = usePerson();
  const [minutes, setMinutes] = useState('60');
  const submit = async (event: Event) => {
    event.preventDefault();
    person.remember();
    const { server, tool } = alert;
    const body = {
      server,
      tool: tool === '' ? '*' : tool,
      minutes: Number(minutes),
      by: person.name,
      reason: alert.alertId,
    };
    if (await action.run(() => answered(api.POST('/silences', { body })))) onDone();
  };
  return (
    <form class="form" onSubmit={submit}>
      <PersonField person={person} />
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
