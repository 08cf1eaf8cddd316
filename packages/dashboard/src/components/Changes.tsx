/** What became different, newest first. */
import type { Change } from '../api/client.ts';
import { formatFullTime, formatTime } from '../format/numbers.ts';
import { Subject } from './Subject.tsx';

const WORDS: Record<Change['kind'], string> = {
  deploy: 'New version',
  server_new: 'First seen',
  anomaly_began: 'Anomaly began',
  anomaly_ended: 'Anomaly ended',
  alert_raised: 'Alert',
  alert_acknowledged: 'Acknowledged',
  alert_resolved: 'Resolved',
};

const TONES: Record<Change['kind'], string> = {
  deploy: 'info',
  server_new: 'info',
  anomaly_began: 'bad',
  anomaly_ended: 'good',
  alert_raised: 'bad',
  alert_acknowledged: 'warn',
  alert_resolved: 'good',
};

const FIRST = 12;

export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p class="soft empty">Nothing in the last 24 hours.</p>;
  return (
    <ol class="changes">
      {changes.slice(0, FIRST).map((change) => (
        <li
          key={`${change.at} ${change.kind} ${change.server} ${change.tool} ${change.id}`}
          class={`change change-${TONES[change.kind]}`}
        >
          <time class="soft" dateTime={change.at} title={formatFullTime(change.at)}>
            {formatTime(change.at)}
          </time>
          <span>
            {WORDS[change.kind]}: <Subject server={change.server} tool={change.tool} />
            {change.detail !== '' && (
              <span class="soft">
                , <bdi>{change.detail}</bdi>
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
