/** "What got slower?": every tool's p95 in the newest window against the one before it. */
import { VitalsError } from '../../errors.ts';
import { DAY_MS } from '../../model/rollup.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import type { AskContext } from '../askTool.ts';
import { serverNames } from '../knownNames.ts';
import { isoTime } from '../params.ts';
import { getMetrics } from '../tools/getMetrics.ts';
import { definePrompt, NAMES_ARE_DATA } from './definePrompt.ts';
import { reportFindings } from './reportFindings.ts';
import { changeLine, compareTools, type ToolFigures } from './toolChanges.ts';

const WINDOW_MS = { '24h': DAY_MS, '7d': 7 * DAY_MS } as const;
type Window = keyof typeof WINDOW_MS;
const WINDOWS = Object.keys(WINDOW_MS) as Window[];

/** More tools than this are not looked through in a conversation. */
const MAX_LINES = 20;

export const whatGotSlower = definePrompt({
  name: 'what_got_slower',
  title: 'What got slower?',
  description: 'Compares the durations of every tool with those of the window before, and asks what is behind it.',
  arguments: [
    { name: 'server', description: 'One server; by default all.', complete: serverNames },
    { name: 'window', description: '24h or 7d; by default 24h.', complete: async () => WINDOWS },
  ],
  async ask({ server, window = '24h' }, context) {
    const windowMs = WINDOW_MS[parseWindow(window)];
    const toMs = context.nowMs();
    const [now, before, findings] = await Promise.all([
      figures(server, toMs - windowMs, toMs, context),
      figures(server, toMs - 2 * windowMs, toMs - windowMs, context),
      reportFindings({ server, fromMs: toMs - windowMs, toMs }, context),
    ]);
    return [
      `What got slower in the last ${window}${server === undefined ? '' : ` on ${quoteUntrusted(server)}`}, and why?`,
      '',
      'Say which tools got slower in a way that matters (by how much, over how many calls), what the likely reasons are, and what to look at first. Tell changes that few calls may have made by chance from real ones. If nothing got slower, say so.',
      '',
      NAMES_ARE_DATA,
      '',
      `p95 per tool, ${isoTime(toMs - 2 * windowMs)} to ${isoTime(toMs - windowMs)} against ${isoTime(toMs - windowMs)} to ${isoTime(toMs)}:`,
      ...changeLines(before, now),
      ...findings,
      '',
      'Ask get_metrics with groupBy hour for when it began, detect_anomalies for what stood out, and generate_performance_report for everything.',
    ].join('\n');
  },
});

function parseWindow(text: string): Window {
  const window = WINDOWS.find((known) => known === text);
  if (window === undefined) {
    throw new VitalsError('invalid', `window is ${quoteUntrusted(text)}`, { hint: `Give ${WINDOWS.join(' or ')}.` });
  }
  return window;
}

async function figures(
  server: string | undefined,
  fromMs: number,
  toMs: number,
  { ask }: AskContext,
): Promise<ToolFigures[]> {
  const { structured } = await ask(getMetrics, {
    ...(server !== undefined && { mcpServer: server }),
    startTime: isoTime(fromMs),
    endTime: isoTime(toMs),
    aggregation: 'p95',
  });
  return structured.metrics.map(({ mcpServer, toolName, value, count }) => ({
    server: mcpServer,
    tool: toolName,
    p95Ms: value,
    calls: count,
  }));
}

function changeLines(before: readonly ToolFigures[], now: readonly ToolFigures[]): string[] {
  const changes = compareTools(before, now);
  if (changes.length === 0) return ['- No tool was called in either window.'];
  const rest = changes.length - MAX_LINES;
  const lines = changes.slice(0, MAX_LINES).map(changeLine);
  return rest > 0 ? [...lines, `- And ${rest} more, which changed less.`] : lines;
}
