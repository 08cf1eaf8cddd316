/** New versions that were seen. */
import { Panel } from '../../components/Panel.tsx';
import { formatFullTime, formatTime } from '../../format/numbers.ts';
import type { SubjectData } from './useSubjectData.ts';

export function DeployList({ deploys }: { deploys: SubjectData['deploys'] }) {
  return (
    <Panel title="New versions" aside={<span class="soft">last 30 days</span>}>
      {deploys.length === 0 && <p class="soft empty">No change of version was seen.</p>}
      <ul class="plain-list">
        {deploys.map(({ at, fromVersion, toVersion }) => (
          <li key={at}>
            <time dateTime={at} class="soft" title={formatFullTime(at)}>
              {formatTime(at)}
            </time>{' '}
            <bdi>{fromVersion}</bdi> →{' '}
            <b>
              <bdi>{toVersion}</bdi>
            </b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
