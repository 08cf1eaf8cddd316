/** One sentence that answers: is anything wrong, since when, and where to begin. */
import type { Alert, Overview } from '../../api/client.ts';
import { conditionWords } from '../../components/Status.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatSpan } from '../../format/numbers.ts';

export function Verdict({ now, firing }: { now: Overview; firing: readonly Alert[] }) {
  const [worst] = firing;
  const troubled = now.servers.filter(({ status }) => status !== 'healthy').length;
  return (
    <section class={`verdict verdict-${now.systemHealth}`} aria-label="State of everything" role="status">
      <p class="verdict-line">
        <b>{verdictOf(now, troubled)}</b>
        {worst && (
          <>
            {' '}
            <Subject server={worst.server} tool={worst.tool} />: <bdi>{conditionWords(worst)}</bdi>, for{' '}
            {formatSpan(Date.parse(now.at) - Date.parse(worst.createdAt))}.
          </>
        )}
      </p>
      <p class="soft">
        {worst ? <bdi>{worst.evidence.at(-1) ?? 'Open it to see what it looks like over time.'}</bdi> : quietFor(now)}
      </p>
    </section>
  );
}

function verdictOf({ systemHealth, servers }: Overview, troubled: number): string {
  if (systemHealth === 'healthy')
    return servers.length === 1 ? 'The server is healthy.' : `All ${servers.length} servers are healthy.`;
  if (troubled === 0) return `Something is ${systemHealth}.`;
  return `${troubled} of ${servers.length} servers ${troubled === 1 ? 'needs' : 'need'} attention.`;
}

function quietFor({ changes, at }: Overview): string {
  const last = changes.find(({ kind }) => kind === 'alert_raised');
  if (last === undefined) return 'No alert in the last 24 hours.';
  return `No alert for ${formatSpan(Date.parse(at) - Date.parse(last.at))}.`;
}
