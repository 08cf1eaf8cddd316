/** The report of a period, as a document and in figures. */
import { z } from 'zod';
import { REPORT_FORMATS } from '../../model/report.ts';
import { isoTime, nameParam, parseTimeRange, timeParam } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { REPORT_VIEW_URI } from '../viewUris.ts';
import { defineTool } from './defineTool.ts';
import { rounded } from './rounded.ts';

export const generatePerformanceReport = defineTool({
  name: 'generate_performance_report',
  title: 'Performance report',
  description: 'Report on a period: targets, metrics, anomalies, alerts, bottlenecks, trends.',
  scope: 'read',
  viewUri: REPORT_VIEW_URI,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    startTime: timeParam.describe('ISO 8601'),
    endTime: timeParam,
    format: z.enum(REPORT_FORMATS).default('markdown'),
    includeRecommendations: z.boolean().default(true),
    mcpServer: nameParam.optional(),
    includeOtherKinds: z.boolean().default(false).describe('not only tools'),
  }),
  output: z.object({
    report: z.string(),
    summary: z.object({
      period: z.string(),
      totalCalls: z.number(),
      avgResponseTime: z.number().describe('ms'),
      errorRate: z.number().describe('%'),
      anomaliesDetected: z.number(),
      alertsTriggered: z.number(),
    }),
    recommendations: z.array(z.string()),
  }),

  async run(input, { reports }: Pick<Services, 'reports'>) {
    const { startTime, endTime, format, mcpServer, includeRecommendations, includeOtherKinds } = input;
    const range = parseTimeRange(startTime, endTime);
    const report = await reports.build(range, { server: mcpServer, includeRecommendations, includeOtherKinds });
    const document = reports.render(report, format);
    return {
      structured: {
        report: document,
        summary: {
          period: `${isoTime(range.fromMs)}/${isoTime(range.toMs)}`,
          totalCalls: report.overall.calls,
          avgResponseTime: rounded(report.overall.avgMs),
          errorRate: rounded(report.overall.errorRatePercent),
          anomaliesDetected: report.anomalies.length,
          alertsTriggered: report.alerts.length,
        },
        recommendations: report.recommendations ?? [],
      },
      // Clients that show only text would have no report otherwise.
      text: document,
    };
  },
});
