/** What the report says of a period in sentences: its recommendations, and the trends within it that are for the worse. */
import type { Trend } from '../../model/report.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import type { AskContext } from '../askTool.ts';
import { isoTime } from '../params.ts';
import { generatePerformanceReport } from '../tools/generatePerformanceReport.ts';
import { rounded } from '../tools/rounded.ts';

interface Period {
  server: string | undefined;
  fromMs: number;
  toMs: number;
}

const MAX_TRENDS = 10;

/** Lines with a headline before them; none where the report has nothing to say. */
export async function reportFindings({ server, fromMs, toMs }: Period, { ask }: AskContext): Promise<string[]> {
  const { structured } = await ask(generatePerformanceReport, {
    startTime: isoTime(fromMs),
    endTime: isoTime(toMs),
    format: 'json',
    ...(server !== undefined && { mcpServer: server }),
  });
  const { trends } = JSON.parse(structured.report) as { trends: Trend[] };
  const worse = trends.filter(({ direction }) => direction === 'degrading').slice(0, MAX_TRENDS);
  return [
    ...section('For the worse within the window, its first half against its second:', worse.map(trendLine)),
    ...section(
      'What the report recommends:',
      structured.recommendations.map((words) => `- ${words}`),
    ),
  ];
}

function section(headline: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', headline, ...lines];
}

function trendLine({ server, tool, metric, before, after }: Trend): string {
  const [what, unit] = metric === 'error_rate' ? ['error rate', '%'] : ['p95', 'ms'];
  return `- ${subject(server, tool)}: ${what} ${rounded(before)} ${unit} to ${rounded(after)} ${unit}`;
}

function subject(server: string, tool: string): string {
  if (server === '') return 'Everything';
  return tool === '' ? quoteUntrusted(server) : `${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
}
