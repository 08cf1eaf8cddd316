/** An analysis of bottlenecks as a document. */
import type { Bottleneck, BottleneckAnalysis } from '../model/bottleneck.ts';
import type { ReportFormat } from '../model/report.ts';
import { inline } from './html/blocks.ts';
import { contents, footer, htmlPage, POLICY, renderSection } from './html/page.ts';
import { markdownDocument } from './markdown.ts';
import { code } from './names.ts';
import { count, counted, dateTime, inUnit, percent } from './numbers.ts';
import { type Block, heading, paragraph, type Section, table } from './sections/block.ts';

const TITLE = 'Bottlenecks';

/** @param atMs when it is made */
export function renderBottlenecks(analysis: BottleneckAnalysis, format: ReportFormat, atMs: number): string {
  if (format === 'json') return `${JSON.stringify(written(analysis), null, 2)}\n`;
  const sections = sectionsOf(analysis);
  const period = `${dateTime(analysis.fromMs)} to ${dateTime(analysis.toMs)} UTC`;
  if (format === 'markdown') return markdownDocument(`${TITLE}, ${period}`, sections);
  return htmlPage(`${TITLE}, ${period}`, POLICY, [
    `<header>\n<h1>${inline(TITLE)}</h1>\n<p class="period">${period}</p>\n</header>`,
    contents(sections),
    ...sections.map((section) => renderSection(section, { isMail: false })),
    footer(atMs),
  ]);
}

/** Times in ISO 8601. */
function written({ fromMs, toMs, ...rest }: BottleneckAnalysis): object {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), ...rest };
}

function sectionsOf(analysis: BottleneckAnalysis): Section[] {
  const { findings, notJudged } = analysis;
  const gaps = notJudged.map(({ server, reason }) => [code(server), reason]);
  return [
    { title: 'Summary', blocks: summary(analysis) },
    ...(findings.length === 0 ? [] : [{ title: 'Findings', blocks: findings.flatMap(findingBlocks) }]),
    ...(gaps.length === 0 ? [] : [{ title: 'Not judged', blocks: table(['Server', 'Why'], gaps, '') }]),
  ];
}

function summary({ findings, calls, servers }: BottleneckAnalysis): Block[] {
  if (calls === 0) return [paragraph('No call was recorded: there is nothing to analyse.')];
  const looked = `Looked at ${counted(calls, 'call')} of ${counted(servers.length, 'server')}.`;
  const rows = findings.map(({ severity, title, server, tools, shareOfTimePercent, confidence }) => [
    severity,
    title,
    code(server),
    tools.map(code).join(', '),
    shareOfTimePercent === null ? '' : percent(shareOfTimePercent),
    inUnit(confidence, ''),
  ]);
  const head = ['Severity', 'What', 'Server', 'Tools', 'Share of time', 'Confidence'];
  return [paragraph(looked), ...table(head, rows, 'Nothing was found.')];
}

function findingBlocks(finding: Bottleneck, index: number): Block[] {
  const { title, server, tools, instances, clients, evidence, advice, consequences } = finding;
  const where = tools.length === 0 ? code(server) : `${tools.map(code).join(', ')} of ${code(server)}`;
  return [
    heading(`${count(index + 1)}. ${title}`),
    paragraph(`About ${where}.`),
    ...(instances.length === 0 ? [] : [paragraph(`Only in ${instances.map(code).join(', ')}.`)]),
    ...(clients.length === 0 ? [] : [paragraph(`Only for ${clients.map(code).join(', ')}.`)]),
    ...table(
      ['Evidence', 'Value'],
      evidence.map(({ name, value, unit }) => [name, inUnit(value, unit)]),
      '',
    ),
    ...(advice.length === 0 ? [] : [{ kind: 'list', items: advice } as const]),
    ...(consequences.length === 0
      ? []
      : [paragraph(`Follows from it: ${consequences.join(', ').replaceAll('_', ' ')}.`)]),
  ];
}
