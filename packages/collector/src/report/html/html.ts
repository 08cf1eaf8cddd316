/**
 * A report as one HTML page that needs nothing else: no script, no request, charts as SVG; readable in light and dark, on a
 * telephone and on paper. For mail there is a plainer one, which reads well where style and charts are taken out.
 */
import { escapeHtml } from '../../model/escape.ts';
import type { Report } from '../../model/report.ts';
import { healthOf } from '../health.ts';
import { counted } from '../numbers.ts';
import type { Section } from '../sections/block.ts';
import { targetVerdict } from '../sections/executive.ts';
import { periodOf, reportName, reportTitle, sectionsOf } from '../sections/sections.ts';
import { inline, renderBlock } from './blocks.ts';
import { renderCards } from './cards.ts';
import { document, footerOf, mailDocument } from './document.ts';

export { reportCsp } from './style.ts';

export function renderHtml(report: Report): string {
  const sections = sectionsOf(report);
  return document(titleOf(report), [
    header(report),
    contents(sections),
    ...sections.map((section) => renderSection(section, report)),
    footerOf(report.atMs),
  ]);
}

/** Tables and text only. */
export function renderMail(report: Report): string {
  return mailDocument(titleOf(report), [
    `<h1>${inline(reportName(report))}</h1>\n<p>${periodOf(report)}</p>\n${verdict(report)}`,
    ...sectionsOf(report).map((section) => renderSection(section, undefined)),
    footerOf(report.atMs),
  ]);
}

function titleOf(report: Report): string {
  return reportTitle(report).replaceAll('`', '');
}

function header(report: Report): string {
  return `<header>
<h1>${inline(reportName(report))}</h1>
<p class="period">${periodOf(report)}</p>
${verdict(report)}
${renderCards(report)}
</header>`;
}

function verdict(report: Report): string {
  const { health, servers } = report;
  const unwell = servers.filter(({ healthScore }) => healthOf(healthScore) !== 'healthy').length;
  const which = unwell === 0 ? '' : `${unwell} of ${counted(servers.length, 'server')} not healthy. `;
  const state = servers.length === 0 ? '' : `<strong>${health}.</strong> ${which}`;
  return `<p class="verdict ${health}">${state}${escapeHtml(targetVerdict(report))}</p>`;
}

function contents(sections: readonly Section[]): string {
  const links = sections.map(({ title }) => `<li><a href="#${idOf(title)}">${title}</a></li>`);
  return `<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}

function renderSection({ title, blocks }: Section, charted: Report | undefined): string {
  const content = blocks.map((block) => renderBlock(block, charted)).filter((html) => html !== '');
  return [`<section id="${idOf(title)}">`, `<h2>${title}</h2>`, ...content, '</section>'].join('\n');
}

function idOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
