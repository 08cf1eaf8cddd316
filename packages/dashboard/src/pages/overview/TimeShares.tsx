/** Which tools take the time. */
import type { Overview } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatCount, formatMs, formatPercent } from '../../format/numbers.ts';

export function TimeShares({ now }: { now: Overview }) {
  return (
    <Panel title="Where the time goes" aside={<span class="soft">of all tools, last hour</span>}>
      {now.timeShares.length === 0 && <p class="soft empty">No calls in the last hour.</p>}
      <ol class="shares">
        {now.timeShares.map(({ server, tool, sharePercent, totalMs, p95Ms, calls }) => (
          <li key={JSON.stringify([server, tool])}>
            <span class="share-head">
              <Subject server={server} tool={tool} />
              <span class="soft nowrap">
                {formatCount(calls)} calls, p95 {formatMs(p95Ms)}, {formatMs(totalMs)} in all
              </span>
              <b class="number">{formatPercent(sharePercent)}</b>
            </span>
            <svg class="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="share-rest" width="100" height="4" rx="1" />
              <rect class="share-part" width={sharePercent} height="4" rx="1" />
            </svg>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
