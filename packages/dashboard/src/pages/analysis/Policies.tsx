/** What the collector has servers do, and the way back. */
import type { PolicyInForce } from '../../api/client.ts';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { useMayChange } from '../../components/useMayChange.ts';
import { formatTime } from '../../format/numbers.ts';
import { UndoPolicy } from './UndoPolicy.tsx';

interface PoliciesProps {
  policies: readonly PolicyInForce[];
  onChanged(): void;
}

export function Policies({ policies, onChanged }: PoliciesProps) {
  return (
    <Panel title="Policies in force">
      {policies.length === 0 && <p class="soft empty">None: all servers behave as written.</p>}
      <ul class="plain-list">
        {policies.map((policy) => (
          <PolicyItem key={JSON.stringify([policy.server, policy.version])} policy={policy} onChanged={onChanged} />
        ))}
      </ul>
    </Panel>
  );
}

function PolicyItem({ policy, onChanged }: { policy: PolicyInForce; onChanged(): void }) {
  const mayChange = useMayChange();
  const { server, version, state, appliedAt, appliedBy, expiresAt, why, controls } = policy;
  return (
    <li>
      <p>
        <Name text={server} /> <span class="soft">version {version}</span>{' '}
        <span class={`badge badge-${state === 'kept' ? 'good' : 'info'}`}>{state}</span>
      </p>
      <p>{why}</p>
      <ul class="plain-list">
        {controls.map(({ tool, control, settings }) => (
          <li key={JSON.stringify([tool, control])}>
            {tool === '*' ? 'other tools' : <Name text={tool} />}: {control}{' '}
            <span class="soft">
              {Object.entries(settings)
                .map(([name, value]) => `${name} ${value}`)
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
      <p class="soft">
        since {formatTime(appliedAt)}, by <bdi>{appliedBy}</bdi>; until {formatTime(expiresAt)}
      </p>
      {mayChange && <UndoPolicy server={server} onDone={onChanged} />}
    </li>
  );
}
