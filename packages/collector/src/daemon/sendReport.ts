/** Daily and weekly reports, built and handed to the channels that are to have them. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { ReportMessage } from '../model/notification.ts';
import { DAY_MS, HOUR_MS } from '../model/rollup.ts';
import type { Reports } from '../serve/services.ts';

export interface ReportSenderDeps {
  reports: Pick<Reports, 'build' | 'render'>;
  clock: Pick<Clock, 'nowMs'>;
  notifier: { send(message: ReportMessage, channels: readonly string[]): Promise<void> };
  config: Pick<Config, 'notifications'>;
}

const LENGTH_MS = { daily: DAY_MS, weekly: 7 * DAY_MS } as const;
const TITLE = { daily: 'Performance of the last day', weekly: 'Performance of the last week' } as const;

export function createReportSender({ reports, clock, notifier, config }: ReportSenderDeps) {
  return async (period: 'daily' | 'weekly'): Promise<void> => {
    const { reportChannels } = config.notifications;
    if (reportChannels.length === 0) return;
    const toMs = Math.floor(clock.nowMs() / HOUR_MS) * HOUR_MS;
    const range = { fromMs: toMs - LENGTH_MS[period], toMs };
    const options = { server: undefined, includeRecommendations: true, includeOtherKinds: true };
    const report = await reports.build(range, options);
    const [markdown, html] = [reports.render(report, 'markdown'), reports.render(report, 'html')];
    await notifier.send({ kind: 'report', title: TITLE[period], markdown, html }, reportChannels);
  };
}
