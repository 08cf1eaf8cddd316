/** Another objective, or another promise of one that there is. */
import { useState } from 'preact/hooks';
import { answered, api, type Objective } from '../../api/client.ts';
import { Failure } from '../../components/Failure.tsx';
import { Panel } from '../../components/Panel.tsx';
import { SubjectFields } from '../../components/SubjectFields.tsx';
import { useAction } from '../../components/useAction.ts';

export function ObjectiveForm({ edited, onDone }: { edited: Objective | undefined; onDone(): void }) {
  const action = useAction();
  const [name, setName] = useState(edited?.name ?? '');
  const [subject, setSubject] = useState({ server: edited?.server ?? '', tool: edited?.tool ?? '' });
  const [percent, setPercent] = useState(String(edited?.objectivePercent ?? 99.5));
  const [within, setWithin] = useState(edited?.withinMs === undefined ? '' : String(edited.withinMs));
  const [days, setDays] = useState(String(edited?.windowDays ?? 30));
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = {
      server: subject.server,
      ...(subject.tool !== '' && { tool: subject.tool }),
      objectivePercent: Number(percent),
      ...(within !== '' && { withinMs: Number(within) }),
      windowDays: Number(days),
    };
    const isSet = await action.run(() => answered(api.PUT('/objectives/{name}', { params: { path: { name } }, body })));
    if (!isSet) return;
    setName('');
    onDone();
  };
  return (
    <Panel title={edited ? `Edit ${edited.name}` : 'Set one'}>
      <form class="form" onSubmit={submit}>
        <label>
          Name{' '}
          <input
            required
            maxLength={60}
            disabled={edited !== undefined}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <SubjectFields value={subject} onChange={setSubject} needsServer />
        <label>
          Good calls, %{' '}
          <input
            type="number"
            required
            min="0.1"
            max="99.999"
            step="any"
            value={percent}
            onInput={(event) => setPercent(event.currentTarget.value)}
          />
        </label>
        <label>
          Within, ms (empty: it does not fail){' '}
          <input
            type="number"
            min="0.001"
            step="any"
            value={within}
            onInput={(event) => setWithin(event.currentTarget.value)}
          />
        </label>
        <label>
          Over days{' '}
          <input
            type="number"
            required
            min="1"
            max="90"
            value={days}
            onInput={(event) => setDays(event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="submit" class="button button-main" disabled={action.isRunning}>
            Set
          </button>
          {edited && (
            <button type="button" class="button" onClick={onDone}>
              Cancel
            </button>
          )}
        </div>
        <Failure failure={action.failure} />
      </form>
    </Panel>
  );
}
