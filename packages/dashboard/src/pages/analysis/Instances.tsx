/** How many instances servers need, and why. */
import type { ReplicaAdvice } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatNumber, formatPercent } from '../../format/numbers.ts';

const VERDICTS = {
  add: ['more', 'warn'],
  remove: ['fewer', 'info'],
  keep: ['as it is', 'good'],
  would_not_help: ['more would not help', 'info'],
  not_enough_data: ['not enough data', 'info'],
} as const;

export function Instances({ advice }: { advice: readonly ReplicaAdvice[] }) {
  return (
    <Panel title="Instances">
      {advice.length === 0 && <p class="soft empty">No data yet.</p>}
      <ul class="plain-list">
        {advice.map((one) => (
          <li key={one.server}>
            <p>
              <Subject server={one.server} tool="" />{' '}
              <span class={`badge badge-${VERDICTS[one.verdict][1]}`}>{VERDICTS[one.verdict][0]}</span>{' '}
              <b>{figuresOf(one)}</b>
            </p>
            <p class="soft">{one.reasons.join(' ')}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function figuresOf({ instances, recommended, peakPerSecond, now }: ReplicaAdvice): string {
  return [
    `${instances} now`,
    recommended === null ? '' : `${recommended.value} needed`,
    peakPerSecond === null ? '' : `peak ${formatNumber(peakPerSecond.value)} calls/s`,
    now === null ? '' : `${formatPercent(now.utilisationPercent)} of a core at it`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}
