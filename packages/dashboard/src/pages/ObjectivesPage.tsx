/** Service level objectives: how much of each error budget is left, and how fast it burns. */
import { useState } from 'preact/hooks';
import { answered, api, type Objective } from '../api/client.ts';
import { Failure } from '../components/Failure.tsx';
import { Panel } from '../components/Panel.tsx';
import { Subject } from '../components/Subject.tsx';
import { SubjectFields } from '../components/SubjectFields.tsx';
import { useAction } from '../components/useAction.ts';
import { useMayChange } from '../components/useMayChange.ts';
import { formatCount, formatMs, formatNumber, formatPercent } from '../format/numbers.ts';
import { useAnswer } from '../live/useAnswer.ts';

export function ObjectivesPage() {
  const mayChange = useMayChange();
  const [edited, setEdited] = useState<Objective>();
  const { data, failure, again } = useAnswer(
    'objectives',
    async (signal) => (await answered(api.GET('/objectives', { signal }))).objectives,
    30_000,
  );
  const done = () => {
    setEdited(undefined);
    again();
  };
  return (
    <>
      <h1>Objectives</h1>
      <p class="soft lead">What share of calls is to be good, and how much of what may go wrong is used up.</p>
      <Failure failure={failure} />
      <div class="overview-columns">
        <div class="overview-main">
          {data === undefined && <div class="panel skeleton skeleton-page" />}
          {data?.length === 0 && (
            <Panel title="None yet">
              <p class="soft empty">An objective says what good enough is; alerts then tell when it is in danger.</p>
            </Panel>
          )}
          {data?.map((objective) => (
            <ObjectiveCard
              key={objective.name}
              objective={objective}
              mayChange={mayChange && !objective.isFixed}
              onEdit={() => setEdited(objective)}
              onChanged={done}
            />
          ))}
        </div>
        <div class="overview-side">
          {mayChange && <ObjectiveForm key={edited?.name ?? ''} edited={edited} onDone={done} />}
        </div>
      </div>
    </>
  );
}

interface ObjectiveCardProps {
  objective: Objective;
  mayChange: boolean;
  onEdit(): void;
  onChanged(): void;
}

function ObjectiveCard({ objective, mayChange, onEdit, onChanged }: ObjectiveCardProps) {
  const action = useAction();
  const {
    name,
    server,
    tool,
    objectivePercent,
    withinMs,
    windowDays,
    calls,
    goodPercent,
    budgetLeftPercent,
    burnRates,
  } = objective;
  const left = Math.max(0, Math.min(100, budgetLeftPercent));
  const tone = budgetLeftPercent <= 0 ? 'bad' : budgetLeftPercent < 25 ? 'warn' : 'good';
  const remove = async () => {
    if (await action.run(() => answered(api.DELETE('/objectives/{name}', { params: { path: { name } } })))) onChanged();
  };
  return (
    <Panel title={name} aside={<Subject server={server} tool={tool} />}>
      <p>
        {formatNumber(objectivePercent)} % of calls{' '}
        {withinMs === undefined ? 'succeed' : `within ${formatMs(withinMs)}`}, over {windowDays} days.{' '}
        <b>{goodPercent === null ? 'No calls yet' : `${goodPercent.toFixed(3)} % were`}</b>{' '}
        <span class="soft">of {formatCount(calls)}</span>
      </p>
      <p>
        <span class={`is-${tone}`}>
          <b>{formatPercent(budgetLeftPercent)}</b> of the error budget is left
        </span>
      </p>
      <svg class="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="share-rest" width="100" height="4" rx="1" />
        <rect class={`budget-${tone}`} width={left} height="4" rx="1" />
      </svg>
      <p class="soft">
        Burns{' '}
        {Object.entries(burnRates)
          .map(([window, rate]) => `${formatNumber(rate)}x in ${window}`)
          .join(', ')}
        ; 1x uses it up exactly.
      </p>
      {objective.isFixed && <p class="soft">Comes from the settings, which only their file changes.</p>}
      {mayChange && (
        <div class="actions">
          <button type="button" class="button" onClick={onEdit}>
            Edit
          </button>
          <button type="button" class="button" disabled={action.isRunning} onClick={remove}>
            Remove
          </button>
        </div>
      )}
      <Failure failure={action.failure} />
    </Panel>
  );
}

function ObjectiveForm({ edited, onDone }: { edited: Objective | undefined; onDone(): void }) {
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
