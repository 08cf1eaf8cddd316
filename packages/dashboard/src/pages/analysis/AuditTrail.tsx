/** Who changed what. */
import type { AuditEntry } from '../../api/client.ts';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatFullTime, formatTime } from '../../format/numbers.ts';

export function AuditTrail({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <Panel title="Changes">
      {entries.length === 0 && <p class="soft empty">Nobody changed anything in this range.</p>}
      <ul class="plain-list">
        {entries.map(({ entryId, at, by, server, summary }) => (
          <li key={entryId}>
            <p>
              {summary}
              {server !== '' && (
                <>
                  {' '}
                  <Name text={server} />
                </>
              )}
            </p>
            <p class="soft">
              <span title={formatFullTime(at)}>{formatTime(at)}</span>, by <bdi>{by}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
