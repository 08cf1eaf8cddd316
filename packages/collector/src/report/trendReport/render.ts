/** The analysis of trends in each format of a report. */
import { Steps } from '../../clock.ts';
import { escapeHtml } from '../../model/escape.ts';
import type { ReportFormat } from '../../model/report.ts';
import { type TrendAnalysis, WORDS_OF_METRIC } from '../../model/trends.ts';
import { trendChart } from '../charts/trendChart.ts';
import { inline, renderBlock } from '../html/blocks.ts';
import { footer, htmlPage, POLICY } from '../html/page.ts';
import { sectionMarkdown } from '../markdown.ts';
import type { Block } from '../sections/block.ts';
import { insightSentence, periodWords, TREND_REPORT_NAME, type TrendSection, trendSections } from './trendReport.ts';

const RENDERERS: Record<ReportFormat, (analysis: TrendAnalysis) => string | Promise<string>> = {
  markdown: renderMarkdown,
  html: renderHtml,
  json: renderJson,
};

/** In small steps, with whoever waits in between: there is a chart for each metric of each server. */
export async function renderTrends(analysis: TrendAnalysis, format: ReportFormat): Promise<string> {
  return RENDERERS[format](analysis);
}

function renderMarkdown(analysis: TrendAnalysis): string {
  const parts = [`# ${TREND_REPORT_NAME}`, periodWords(analysis), ...trendSections(analysis).map(sectionMarkdown)];
  return `${parts.join('\n\n')}\n`;
}

async function renderHtml(analysis: TrendAnalysis): Promise<string> {
  const steps = new Steps();
  const sections: string[] = [];
  for (const [index, section] of trendSections(analysis).entries()) {
    sections.push(await sectionHtml(section, index, analysis, steps));
  }
  return htmlPage(TREND_REPORT_NAME, POLICY, [
    `<header>\n<h1>${TREND_REPORT_NAME}</h1>\n<p class="period">${escapeHtml(periodWords(analysis))}</p>\n</header>`,
    ...sections,
    footer(analysis.atMs),
  ]);
}

async function sectionHtml(
  section: TrendSection,
  index: number,
  { fromMs, stepMs }: TrendAnalysis,
  steps: Steps,
): Promise<string> {
  const figures = await steps.map(section.charted.entries(), ([i, charted]) => ({
    caption: WORDS_OF_METRIC[charted.trend.metric],
    svg: trendChart(`trend-${index}-${i}`, charted, fromMs, stepMs),
  }));
  const blocks: Block[] = [{ kind: 'figures', figures }, ...section.blocks];
  const content = blocks.map((block) => renderBlock(block, { isMail: false })).filter((html) => html !== '');
  return ['<section>', `<h2>${inline(section.title)}</h2>`, ...content, '</section>'].join('\n');
}

/** Times in ISO 8601, columns as lists; null where there is no value. A series or a column is a line. */
async function renderJson({ insights, ...analysis }: TrendAnalysis): Promise<string> {
  const steps = new Steps();
  const sentences = insights.map((insight) => ({ severity: insight.severity, text: insightSentence(insight) }));
  const members: string[] = [];
  for (const [key, value] of Object.entries({ insights: sentences, ...analysis })) {
    const [name, member] = named(key, value);
    const json = Array.isArray(member)
      ? `[\n${(await steps.map(member, (each) => JSON.stringify(written(each)))).join(',\n')}\n]`
      : JSON.stringify(written(member));
    members.push(`${JSON.stringify(name)}: ${json}`);
  }
  return `{\n${members.join(',\n')}\n}\n`;
}

const TIMES = new Set(['atMs', 'fromMs', 'toMs', 'startMs', 'earliestMs', 'likelyMs', 'latestMs']);

function named(key: string, value: unknown): [string, unknown] {
  if (!TIMES.has(key) || typeof value !== 'number') return [key, value];
  return [key.slice(0, -'Ms'.length), new Date(value).toISOString()];
}

function written(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
  if (Array.isArray(value) || value instanceof Float64Array) return Array.from<unknown, unknown>(value, written);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const [name, member] = named(key, each);
    return [name, written(member)];
  });
  return Object.fromEntries(entries);
}
