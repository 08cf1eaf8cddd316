/** How the subject of an alert failed lately: classes and codes with their numbers, and the version that runs. */
import type { ServerStats, ToolError } from '../../model/report.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import type { AskContext } from '../askTool.ts';
import { generatePerformanceReport } from '../tools/generatePerformanceReport.ts';

/** What is read of the report's JSON. */
interface ReportJson {
  servers: Pick<ServerStats, 'server' | 'version'>[];
  /** Newest first. */
  newestErrors: (Pick<ToolError, 'server' | 'tool' | 'errorClass' | 'code'> & { at: string })[];
}

export interface ErrorSelection {
  mcpServer: string;
  /** Empty: all of the server. */
  toolName: string;
  startTime: string;
  endTime: string;
}

const MAX_KINDS = 5;

/** Lines of words; names stand in quotes. */
export async function errorLines(
  { mcpServer, toolName, startTime, endTime }: ErrorSelection,
  { ask }: AskContext,
): Promise<string[]> {
  const { structured } = await ask(generatePerformanceReport, { mcpServer, startTime, endTime, format: 'json' });
  const { servers, newestErrors } = JSON.parse(structured.report) as ReportJson;
  const version = servers.find(({ server }) => server === mcpServer)?.version;
  const errors = newestErrors.filter(({ tool }) => toolName === '' || tool === toolName);
  return [
    ...(version ? [`Version that reports: ${quoteUntrusted(version)}.`] : []),
    errors.length === 0 ? 'No errors are kept of that time.' : `Of its newest ${errors.length} errors:`,
    ...kindsOf(errors).slice(0, MAX_KINDS),
  ];
}

/** Most frequent first. */
function kindsOf(errors: ReportJson['newestErrors']): string[] {
  const kinds = new Map<string, { words: string; count: number; newestAt: string }>();
  for (const { errorClass, code, at } of errors) {
    const words = code === '' ? quoteUntrusted(errorClass) : `${quoteUntrusted(errorClass)} ${quoteUntrusted(code)}`;
    const kind = kinds.get(words) ?? { words, count: 0, newestAt: at };
    kinds.set(words, { ...kind, count: kind.count + 1 });
  }
  return [...kinds.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ words, count, newestAt }) => `- ${words}: ${count}, the newest at ${newestAt}`);
}
