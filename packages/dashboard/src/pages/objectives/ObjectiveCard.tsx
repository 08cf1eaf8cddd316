/** An objective: what was promised, what was kept, and what is left to be broken. */
import { answered, api, type Objective } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { RemoveButton } from '../../components/RemoveButton.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatCount, formatMs, formatNumber, formatPercent } from '../../format/numbers.ts';
import { visibleName } from '../../format/visibleName.ts';

interface ObjectiveCardProps {
  objective: Objective;
  mayChange: boolean;
  onEdit(): void;
  onChanged(): void;
}

export function ObjectiveCard({ objective, mayChange, onEdit, onChanged }: ObjectiveCardProps) {
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
    await answered(api.DELETE('/objectives/{name}', { params: { path: { name } } }));
    onChanged();
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
          <RemoveButton what={`the objective ${visibleName(name)}`} remove={remove}>
            Nothing is told any more of how fast its error budget burns.
          </RemoveButton>
        </div>
      )}
    </Panel>
  );
}
