/** The analysis of trends in each format of a report. */
import { escapeHtml } from '../../model/escape.ts';
import type { ReportFormat } from '../../model/report.ts';
import { type TrendAnalysis, WORDS_OF_METRIC } from '../../model/trends.ts';
import { trendChart } from '../charts/trendChart.ts';
import { inline, renderBlock } from '../html/blocks.ts';
import { footer, htmlPage, POLICY } from '../html/page.ts';
import { sectionMarkdown } from '../markdown.ts';
import type { Block } from '../sections/block.ts';
import { insightSentence, periodWords, TREND_REPORT_NAME, type TrendSection, trendSections } from './trendReport.ts';

const RENDERERS: Record<ReportFormat, (analysis: TrendAnalysis) => string> = {
  markdown: renderMarkdown,
  html: renderHtml,
  json: renderJson,
};

export function renderTrends(analysis: TrendAnalysis, format: ReportFormat): string {
  return RENDERERS[format](analysis);
}

function renderMarkdown(analysis: TrendAnalysis): string {
  const parts = [`# ${TREND_REPORT_NAME}`, periodWords(analysis), ...trendSections(analysis).map(sectionMarkdown)];
  return `${parts.join('\n\n')}\n`;
}

function renderHtml(analysis: TrendAnalysis): string {
  const sections = trendSections(analysis);
  return htmlPage(TREND_REPORT_NAME, POLICY, [
    `<header>\n<h1>${TREND_REPORT_NAME}</h1>\n<p class="period">${escapeHtml(periodWords(analysis))}</p>\n</header>`,
    ...sections.map((section, index) => sectionHtml(section, index, analysis)),
    footer(analysis.atMs),
  ]);
}

function sectionHtml(section: TrendSection, index: number, { fromMs, stepMs }: TrendAnalysis): string {
  const figures = section.charted.map((charted, i) => ({
    caption: WORDS_OF_METRIC[charted.trend.metric],
    svg: trendChart(`trend-${index}-${i}`, charted, fromMs, stepMs),
  }));
  const blocks: Block[] = [{ kind: 'figures', figures }, ...section.blocks];
  const content = blocks.map((block) => renderBlock(block, { isMail: false })).filter((html) => html !== '');
  return ['<section>', `<h2>${inline(section.title)}</h2>`, ...content, '</section>'].join('\n');
}

/** Times in ISO 8601, columns as lists; null where there is no value. */
function renderJson({ insights, ...analysis }: TrendAnalysis): string {
  const sentences = insights.map((insight) => ({ severity: insight.severity, text: insightSentence(insight) }));
  return `${JSON.stringify({ insights: sentences, ...(written(analysis) as object) }, null, 2)}\n`;
}

const TIMES = new Set(['atMs', 'fromMs', 'toMs', 'startMs', 'earliestMs', 'likelyMs', 'latestMs']);

function written(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
  if (Array.isArray(value) || value instanceof Float64Array) return Array.from<unknown, unknown>(value, written);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) =>
    TIMES.has(key) && typeof each === 'number'
      ? [key.slice(0, -'Ms'.length), new Date(each).toISOString()]
      : [key, written(each)],
  );
  return Object.fromEntries(entries);
}
