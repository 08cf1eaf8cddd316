/** Daily and weekly reports, built and handed to the channels that are to have them. */
import type { Config } from '../config/schema.ts';
import type { ReportMessage } from '../model/notification.ts';
import { DAY_MS, HOUR_MS } from '../model/rollup.ts';
import type { Reports } from '../serve/ports/reports.ts';

export type ReportPeriod = 'daily' | 'weekly';

export interface ReportSenderDeps {
  reports: Pick<Reports, 'build' | 'render' | 'renderMail'>;
  notifier: { send(message: ReportMessage, channels: readonly string[], subject: string): Promise<void> };
  config: Pick<Config, 'notifications'>;
}

const LENGTH_MS = { daily: DAY_MS, weekly: 7 * DAY_MS } as const;
const TITLE = { daily: 'Performance of the last day', weekly: 'Performance of the last week' } as const;

/** @returns what sends the report that is due at a moment; sent again it is the same message */
export function createReportSender({ reports, notifier, config }: ReportSenderDeps) {
  return async (period: ReportPeriod, dueMs: number): Promise<void> => {
    const { reportChannels } = config.notifications;
    if (reportChannels.length === 0) return;
    const toMs = Math.floor(dueMs / HOUR_MS) * HOUR_MS;
    const range = { fromMs: toMs - LENGTH_MS[period], toMs };
    const options = { kind: period, server: undefined, includeRecommendations: true, includeOtherKinds: true };
    const report = await reports.build(range, options);
    const [markdown, html] = [reports.render(report, 'markdown'), reports.renderMail(report)];
    const message: ReportMessage = { kind: 'report', title: TITLE[period], markdown, html };
    await notifier.send(message, reportChannels, `report-${period}-${dueMs}`);
  };
}
