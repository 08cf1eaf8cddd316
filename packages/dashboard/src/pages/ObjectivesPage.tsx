/** Service level objectives: how much of each error budget is left, and how fast it burns. */
import { useState } from 'preact/hooks';
import { answered, api, type Objective } from '../api/client.ts';
import { Failure } from '../components/Failure.tsx';
import { Panel } from '../components/Panel.tsx';
import { useMayChange } from '../components/useMayChange.ts';
import { Waiting } from '../components/Waiting.tsx';
import { useAnswer } from '../live/useAnswer.ts';
import { ObjectiveCard } from './objectives/ObjectiveCard.tsx';
import { ObjectiveForm } from './objectives/ObjectiveForm.tsx';

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
          {data === undefined && <Waiting failure={failure} room="panel skeleton-page" />}
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
