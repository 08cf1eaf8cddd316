/** Thresholds that would fit the last week, on demand: a week of every tool is read for them. */
import { useState } from 'preact/hooks';
import { answered, api } from '../../api/client.ts';
import { Failure } from '../../components/Failure.tsx';
import { Panel } from '../../components/Panel.tsx';
import { useAction } from '../../components/useAction.ts';
import { formatNumber } from '../../format/numbers.ts';
import { useAnswer } from '../../live/useAnswer.ts';
import { METRICS, setThreshold } from './metrics.ts';
import { ThresholdScope } from './ThresholdScope.tsx';

export function Proposals({ mayChange }: { mayChange: boolean }) {
  const action = useAction();
  const [wanted, setWanted] = useState(false);
  const { data, failure, isLoading } = useAnswer(`proposals ${wanted}`, async (signal) =>
    wanted ? (await answered(api.GET('/threshold-proposals', { signal }))).proposals : undefined,
  );
  return (
    <Panel title="Proposals" aside={<span class="soft">from the last week</span>}>
      {!wanted && (
        <button type="button" class="button" onClick={() => setWanted(true)}>
          Look for thresholds that fit better
        </button>
      )}
      {wanted && isLoading && <p class="soft empty">Reading a week of every tool…</p>}
      {data?.length === 0 && <p class="soft empty">None: what is set fits.</p>}
      <ul class="plain-list">
        {data?.map((proposal) => {
          const { server, tool, metric, severity, current, proposed, hours, hoursAboveCurrent, hoursAboveProposed } =
            proposal;
          return (
            <li key={JSON.stringify([server, tool, metric, severity])}>
              <p>
                <ThresholdScope server={server} tool={tool} />: {METRICS[metric].title}, {severity}
              </p>
              <p class="soft">
                {current === null ? 'off' : formatNumber(current)} → {formatNumber(proposed)} {METRICS[metric].unit}
                {', '}
                above in {hoursAboveCurrent} → {hoursAboveProposed} of {hours} hours
              </p>
              {mayChange && (
                <button
                  type="button"
                  class="button"
                  disabled={action.isRunning}
                  onClick={() => action.run(() => setThreshold({ server, tool, metric, severity }, proposed, true))}
                >
                  Set it
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <Failure failure={failure ?? action.failure} />
    </Panel>
  );
}
