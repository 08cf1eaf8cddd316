/** Gives a server back what was before its policy, in somebody's name. */
import { useState } from 'preact/hooks';
import { answered, api } from '../../api/client.ts';
import { Failure } from '../../components/Failure.tsx';
import { PersonField, usePerson } from '../../components/PersonField.tsx';
import { useAction } from '../../components/useAction.ts';

interface UndoPolicyProps {
  server: string;
  onDone(): void;
}

export function UndoPolicy({ server, onDone }: UndoPolicyProps) {
  const [isOpen, setOpen] = useState(false);
  const action = useAction();
  const person = usePerson();
  const submit = async (event: Event) => {
    event.preventDefault();
    person.remember();
    const body = { server, by: person.name };
    if (await action.run(() => answered(api.POST('/optimizations/undo', { body })))) onDone();
  };
  return (
    <>
      <button type="button" class="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Undo
      </button>
      {isOpen && (
        <form class="form" onSubmit={submit}>
          <PersonField person={person} />
          <button type="submit" class="button button-main" disabled={action.isRunning}>
            Give back what was before
          </button>
          <Failure failure={action.failure} />
        </form>
      )}
    </>
  );
}
