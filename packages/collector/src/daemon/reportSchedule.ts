/**
 * When reports are due, and which of them have been sent: written down, so that the one that fell into a restart, or into the
 * moment in which another collector took over, is sent all the same, and none is sent by two.
 */
import { Cron } from 'croner';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { HOUR_MS } from '../model/rollup.ts';
import type { WorkShare } from '../model/workShare.ts';
import type { Store } from '../store/store.ts';
import type { ReportPeriod } from './sendReport.ts';

export interface ReportScheduleDeps {
  store: Pick<Store, 'readItems' | 'saveItems'>;
  share: Pick<WorkShare, 'owns'>;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'notifications'>;
  sendReport(period: ReportPeriod, dueMs: number): Promise<void>;
}

const KIND = 'schedule';
/** Nobody wants the report of the night in the evening. */
const MAX_LATE_MS = 12 * HOUR_MS;

/** Makes the job that sends what is due; to be run often. */
export function createReportSchedule({ store, share, clock, config, sendReport }: ReportScheduleDeps) {
  const { dailyReport, weeklyReport } = config.notifications;
  const patterns: readonly [ReportPeriod, Cron][] = [
    ['daily', new Cron(dailyReport, { timezone: 'UTC', paused: true })],
    ['weekly', new Cron(weeklyReport, { timezone: 'UTC', paused: true })],
  ];

  return async function sendDueReports(): Promise<void> {
    if (!share.owns('')) return;
    const nowMs = clock.nowMs();
    const sent = new Map((await store.readItems(KIND)).map(({ key, value }) => [key, Number(value)]));
    for (const [period, cron] of patterns) {
      const dueMs = cron.previousRuns(1, new Date(nowMs + 1))[0]?.getTime();
      const lastMs = sent.get(period);
      if (dueMs === undefined || (lastMs !== undefined && dueMs <= lastMs)) continue;
      // Before the first start nothing was missed.
      if (lastMs !== undefined && nowMs - dueMs <= MAX_LATE_MS) await sendReport(period, dueMs);
      await store.saveItems(KIND, [{ key: period, value: dueMs }]);
    }
  };
}
