/** The analysis dashboard as one page, in the style of reports. */
import { Steps } from '../../clock.ts';
import type { AnalysisDashboard, DashboardType } from '../../model/analysisDashboard.ts';
import { inline } from '../html/blocks.ts';
import { type Card, renderCards } from '../html/cards.ts';
import { contents, footer, htmlPage, POLICY, renderSection } from '../html/page.ts';
import { code } from '../names.ts';
import { count, counted, dateTime, inUnit, milliseconds, percent } from '../numbers.ts';
import { analysisSections } from './sections.ts';

const NAMES: Readonly<Record<DashboardType, string>> = {
  overview: 'Analysis',
  detailed: 'Analysis in detail',
  automation: 'Analysis by tool',
  system: 'Analysis by server',
};

export async function renderAnalysis(dashboard: AnalysisDashboard): Promise<string> {
  const { type, server, fromMs, toMs, atMs } = dashboard;
  const name = `${NAMES[type]}${server === undefined ? '' : ` of ${code(server)}`}`;
  const period = `${dateTime(fromMs)} to ${dateTime(toMs)} UTC`;
  const sections = await analysisSections(dashboard);
  const rendered = await new Steps().map(sections, (section) => renderSection(section, { isMail: false }));
  return htmlPage(`${name}, ${period}`, POLICY, [
    `<header>\n<h1>${inline(name)}</h1>\n<p class="period">${period}</p>\n${verdict(dashboard)}\n${cards(dashboard)}\n</header>`,
    contents(sections),
    ...rendered,
    footer(atMs),
  ]);
}

function verdict({ health, servers, findings = [], overall }: AnalysisDashboard): string {
  if (servers.length === 0) return '<p class="verdict">No server has reported yet.</p>';
  const serious = findings.filter(({ severity }) => severity === 'high' || severity === 'critical').length;
  const words = overall.calls === 0 ? 'Nothing was called.' : `${counted(serious, 'serious bottleneck')}.`;
  return `<p class="verdict ${health}"><strong>${health}.</strong> ${words}</p>`;
}

function cards({ overall, servers, findings, cost, policies }: AnalysisDashboard): string {
  const { calls, callsPerSecond, errorRatePercent, errors, p50Ms, p95Ms, p99Ms } = overall;
  const times: Card[] =
    calls === 0
      ? []
      : [
          ['Error rate', percent(errorRatePercent), counted(errors, 'error')],
          ['p95', milliseconds(p95Ms), `p50 ${milliseconds(p50Ms)}, p99 ${milliseconds(p99Ms)}`],
        ];
  return renderCards([
    ['Calls', count(calls), `${inUnit(callsPerSecond, 'calls/s')} of ${counted(servers.length, 'server')}`],
    ...times,
    ...(findings ? [['Bottlenecks', count(findings.length), ''] as Card] : []),
    ...(cost && cost.total.measuredPercent > 0
      ? [['Tokens', count(cost.total.tokens), 'in results, estimated'] as Card]
      : []),
    ...(policies ? [['Policies in force', count(policies.length), ''] as Card] : []),
  ]);
}
