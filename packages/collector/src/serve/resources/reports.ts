/** Reports as documents: of the last day, of the last week, of any period. */
import { DAY_MS } from '../../model/rollup.ts';
import type { AskContext } from '../askTool.ts';
import { serverNames } from '../knownNames.ts';
import { isoTime, parseTimeRange } from '../params.ts';
import { generatePerformanceReport } from '../tools/generatePerformanceReport.ts';
import { defineResource } from './defineResource.ts';

const mimeType = 'text/markdown';

export const dailyReport = defineResource({
  name: 'daily_report',
  title: 'Report of the last 24 hours',
  description: 'Targets, metrics, anomalies, alerts, bottlenecks, recommendations and trends of the last 24 hours.',
  uri: 'mcp-vitals://report/daily',
  mimeType,
  read: (_, context) => lastReport(DAY_MS, context),
});

export const weeklyReport = defineResource({
  name: 'weekly_report',
  title: 'Report of the last 7 days',
  description: 'Targets, metrics, anomalies, alerts, bottlenecks, recommendations and trends of the last 7 days.',
  uri: 'mcp-vitals://report/weekly',
  mimeType,
  read: (_, context) => lastReport(7 * DAY_MS, context),
});

export const reportOfPeriod = defineResource({
  name: 'report',
  title: 'Report of a period',
  description: 'The report between two times in ISO 8601; of one server, if it is named.',
  uri: 'mcp-vitals://report/{from}/{to}{?server}',
  mimeType,
  complete: { server: serverNames },
  async read({ from, to, server }, { ask }) {
    const { fromMs, toMs } = parseTimeRange(from, to);
    const args = {
      startTime: isoTime(fromMs),
      endTime: isoTime(toMs),
      ...(server !== undefined && { mcpServer: server }),
    };
    return (await ask(generatePerformanceReport, args)).structured.report;
  },
});

async function lastReport(spanMs: number, { ask, nowMs }: AskContext): Promise<string> {
  const toMs = nowMs();
  const args = { startTime: isoTime(toMs - spanMs), endTime: isoTime(toMs) };
  return (await ask(generatePerformanceReport, args)).structured.report;
}
