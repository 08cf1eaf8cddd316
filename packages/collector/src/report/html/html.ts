/**
 * A report as one HTML page that needs nothing else: no script, no request, charts as SVG; readable in light and dark, on a
 * telephone and on paper. For mail there is a plainer one, which reads well where style and charts are taken out.
 */
import { escapeHtml } from '../../model/escape.ts';
import type { Report } from '../../model/report.ts';
import { healthOf } from '../health.ts';
import { counted } from '../numbers.ts';
import { targetVerdict } from '../sections/executive.ts';
import { periodOf, reportName, reportTitle, sectionsOf } from '../sections/sections.ts';
import { inline } from './blocks.ts';
import { cardsOf, renderCards } from './cards.ts';
import { contents, footer, htmlPage, POLICY, renderSection } from './page.ts';

export { reportCsp } from './style.ts';

export function renderHtml(report: Report): string {
  const sections = sectionsOf(report);
  return htmlPage(reportTitle(report), POLICY, [
    header(report),
    contents(sections),
    ...sections.map((section) => renderSection(section, { isMail: false, report })),
    footer(report.atMs),
  ]);
}

/** Tables and text only. */
export function renderMail(report: Report): string {
  return htmlPage(reportTitle(report), '', [
    `<h1>${inline(reportName(report))}</h1>\n<p>${periodOf(report)}</p>\n${verdict(report)}`,
    ...sectionsOf(report).map((section) => renderSection(section, { isMail: true })),
    footer(report.atMs),
  ]);
}

function header(report: Report): string {
  return `<header>
<h1>${inline(reportName(report))}</h1>
<p class="period">${periodOf(report)}</p>
${verdict(report)}
${renderCards(cardsOf(report))}
</header>`;
}

function verdict(report: Report): string {
  const { health, servers } = report;
  const unwell = servers.filter(({ healthScore }) => healthOf(healthScore) !== 'healthy').length;
  const which = unwell === 0 ? '' : `${unwell} of ${counted(servers.length, 'server')} not healthy. `;
  const state = servers.length === 0 ? '' : `<strong>${health}.</strong> ${which}`;
  return `<p class="verdict ${health}">${state}${escapeHtml(targetVerdict(report))}</p>`;
}
