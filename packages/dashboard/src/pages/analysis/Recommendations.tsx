/** What somebody could do, whichever analysis says so. */
import type { AnalysisDashboard } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';

const MAX_SHOWN = 12;

export function Recommendations({
  recommendations,
}: {
  recommendations: NonNullable<AnalysisDashboard['recommendations']>;
}) {
  return (
    <Panel title="What to do">
      {recommendations.length === 0 && <p class="soft empty">Nothing: no analysis has anything to recommend.</p>}
      <ul class="plain-list">
        {recommendations.slice(0, MAX_SHOWN).map(({ server, tool, what }) => (
          <li key={JSON.stringify([server, tool, what])}>
            <Subject server={server} tool={tool} />
            <p class="soft">{what}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
