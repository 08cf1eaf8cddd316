/** How calls ended, in words and numbers. */
import type { Timeline } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { formatCount, formatPercent } from '../../format/numbers.ts';

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  ok: 'succeeded',
  tool_error: 'the tool reported an error',
  protocol_error: 'the call was refused or failed',
  timeout: 'took too long and were given up',
  cancelled: 'cancelled by the client',
  input_required: 'asked the client for more',
  task_created: 'went on as a task',
};

export function Outcomes({ timeline }: { timeline: Timeline | undefined }) {
  const totals = Object.entries(timeline?.outcomes ?? {}).map(
    ([outcome, counts]) => [outcome, counts.reduce((sum, count) => sum + count, 0)] as const,
  );
  const all = Math.max(
    1,
    totals.reduce((sum, [, count]) => sum + count, 0),
  );
  return (
    <Panel title="How calls ended">
      {totals.length === 0 && <p class="soft empty">No calls in this range.</p>}
      <dl class="outcomes">
        {totals.map(([outcome, count]) => (
          <div key={outcome}>
            <dt>
              <code>{outcome}</code> <span class="soft">{OUTCOME_WORDS[outcome]}</span>
            </dt>
            <dd class="number">
              {formatCount(count)} <span class="soft">{formatPercent((100 * count) / all)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
