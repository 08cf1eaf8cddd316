/** A report: its figures, what it recommends, and the document. */
import { formatNumber } from '../../src/format/numbers.ts';
import { periodText } from '../format.ts';
import type { Host } from '../host.ts';
import { Name } from '../Name.tsx';
import type { ReportAnswer } from '../results.ts';
import { Document } from './Document.tsx';
import { parseInline, parseReport, plain, type Section } from './parseMarkdown.ts';
import { useMarkdown } from './useMarkdown.ts';
import { Words } from './Words.tsx';

const RECOMMENDATIONS = 'Recommendations';

/** Without the list of recommendations, which stands above; what else is in that section has a heading of its own. */
function unrepeated(sections: readonly Section[]): Section[] {
  return sections
    .map((section) =>
      plain(section.title) === RECOMMENDATIONS
        ? promoted({ ...section, blocks: section.blocks.filter(({ kind }) => kind !== 'list') })
        : section,
    )
    .filter(({ blocks }) => blocks.length > 0);
}

export function ReportView({ host, answer }: { host: Host; answer: ReportAnswer }) {
  const { summary, recommendations } = answer;
  const server = host.args().mcpServer;
  const document = useMarkdown(host, answer);
  const parsed = document.markdown === undefined ? undefined : parseReport(document.markdown);
  return (
    <main>
      <header>
        <div class="headline">
          <h1>
            Performance report
            {typeof server === 'string' && (
              <>
                {' of '}
                <Name text={server} />
              </>
            )}
          </h1>
          <span class="quiet">{periodText(summary.period)}</span>
        </div>
      </header>
      <dl class="totals">
        <Total name="Calls" value={formatNumber(summary.totalCalls)} />
        <Total name="Average" value={`${formatNumber(summary.avgResponseTime)} ms`} />
        <Total name="Errors" value={`${formatNumber(summary.errorRate)} %`} />
        <Total name="Anomalies" value={formatNumber(summary.anomaliesDetected)} />
        <Total name="Alerts" value={formatNumber(summary.alertsTriggered)} />
      </dl>
      <Recommendations items={recommendations} />
      {document.isLoading && <p class="quiet">Asking for the document…</p>}
      {document.note !== undefined && <p class="notice">{document.note}</p>}
      {parsed && <Document sections={unrepeated(parsed.sections)} />}
    </main>
  );
}

function promoted(section: Section): Section {
  const [first, ...rest] = section.blocks;
  return first?.kind === 'heading' ? { title: first.text, blocks: rest } : section;
}

function Recommendations({ items }: { items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="recommendations">
      <h2 id="recommendations">Recommendations</h2>
      <ul class="words">
        {items.map((item) => (
          <li key={item}>
            <Words parts={parseInline(item)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Total({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
