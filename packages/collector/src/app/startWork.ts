/** What is done every so often while the collector runs. */
import { backgroundJobs } from '../daemon/backgroundJobs.ts';
import { startJobs } from '../daemon/jobs.ts';
import { createReportSchedule } from '../daemon/reportSchedule.ts';
import { createReportSender } from '../daemon/sendReport.ts';
import { createSpoolCollector } from '../daemon/spool.ts';
import type { Context } from './context.ts';
import type { Stages } from './joinStages.ts';

/** What happens by itself. */
export function startWork(
  { config, deps: { clock, logger }, teardown, opened: { store, share } }: Context,
  stages: Stages,
): void {
  const { ingest, reports, notifier, forwarding } = stages;
  const sendReport = createReportSender({ reports, notifier, config });
  const jobs = backgroundJobs({
    ...stages,
    config,
    store,
    sendDueReports: createReportSchedule({ store, share, clock, config, sendReport }),
    collectSpool: createSpoolCollector({ dataDir: config.dataDir, ingest, logger }),
  });
  teardown.add(startJobs(jobs, clock, logger));
  // Before the job that forwards is waited for.
  teardown.add(() => forwarding.close());
}
