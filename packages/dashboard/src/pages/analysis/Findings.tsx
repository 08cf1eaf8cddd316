/** What makes servers slow: how sure, by which numbers, what to do. */
import type { Finding } from '../../api/client.ts';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatNumber, formatPercent } from '../../format/numbers.ts';

const TONE = { low: 'info', medium: 'warn', high: 'bad', critical: 'bad' } as const;

export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <Panel title={`Bottlenecks (${findings.length})`}>
      {findings.length === 0 && <p class="soft empty">Nothing found: nothing makes these servers slow.</p>}
      {findings.map((finding) => (
        <FindingCard
          key={JSON.stringify([finding.cause, finding.server, finding.tools, finding.clients])}
          finding={finding}
        />
      ))}
    </Panel>
  );
}

function FindingCard({ finding }: { finding: Finding }) {
  const { severity, title, server, tools, clients, confidence, sharePercent, evidence, action } = finding;
  return (
    <article class={`alert alert-${TONE[severity] === 'bad' ? 'critical' : 'warning'}`} aria-label={title}>
      <header class="alert-head">
        <span class={`badge badge-${TONE[severity]}`}>{severity}</span>
        <Subject server={server} tool={tools[0] ?? ''} />
        {tools.length > 1 && <span class="soft">and {tools.length - 1} more</span>}
        {clients.map((client) => (
          <span key={client}>
            <span class="soft">for </span>
            <Name text={client} />
          </span>
        ))}
        <span class="soft alert-since">{formatPercent(100 * confidence)} sure</span>
      </header>
      <p>
        <b>{title}</b>
        {sharePercent !== null && <span class="soft"> {formatPercent(sharePercent)} of all time</span>}
      </p>
      <dl class="evidence">
        {evidence.map(({ name, value, unit }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="number">{`${formatNumber(value)} ${unit}`.trimEnd()}</dd>
          </div>
        ))}
      </dl>
      <p>{action}</p>
    </article>
  );
}
