/** An objective: what was promised, what was kept, and what is left to be broken. */
import { answered, api, type Objective } from '../../api/client.ts';
import { Failure } from '../../components/Failure.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { useAction } from '../../components/useAction.ts';
import { formatCount, formatMs, formatNumber, formatPercent } from '../../format/numbers.ts';

interface ObjectiveCardProps {
  objective: Objective;
  mayChange: boolean;
  onEdit(): void;
  onChanged(): void;
}

export function ObjectiveCard({ objective, mayChange, onEdit, onChanged }: ObjectiveCardProps) {
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
