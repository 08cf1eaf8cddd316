/** Says who is on it, with a note for the others. */
import { useState } from 'preact/hooks';
import { type Alert, callTool } from '../api/client.ts';
import { Failure } from './Failure.tsx';
import { PersonField, usePerson } from './PersonField.tsx';
import { useAction } from './useAction.ts';

interface AcknowledgeFormProps {
  alert: Alert;
  onDone(): void;
}

export function AcknowledgeForm({ alert, onDone }: AcknowledgeFormProps) {
  const action = useAction();
  const person = usePerson();
  const [notes, setNotes] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    person.remember();
    const args = { alertId: alert.alertId, acknowledgedBy: person.name, ...(notes !== '' && { notes }) };
    if (await action.run(() => callTool('acknowledge_alert', args))) onDone();
  };
  return (
    <form class="form" onSubmit={submit}>
      <PersonField person={person} />
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
