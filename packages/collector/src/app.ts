/**
 * The collector, put together. This is the only file that knows the order of the stages:
 *
 *     ingest -> store -> alerts -> notify  as batches arrive; OTLP becomes batches first
 *     store -> detection -> alerts         every minute
 *     ingest -> metrics -> Prometheus      when scraped
 *     store -> tools -> MCP, JSON API      when asked
 *
 * What is started here is stopped in the opposite order.
 */
import { join } from 'node:path';
import { createAlertManager } from './alert/manager.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/schema.ts';
import { backgroundJobs, detectionIntervalMs } from './daemon/backgroundJobs.ts';
import { removeDiscovery } from './daemon/discovery.ts';
import { openDoors } from './daemon/doors.ts';
import { createErrorLog } from './daemon/errorLog.ts';
import { startJobs } from './daemon/jobs.ts';
import type { Ownership } from './daemon/ownership.ts';
import { createReportSchedule } from './daemon/reportSchedule.ts';
import { createServerFactory } from './daemon/selfMonitoring.ts';
import { createReportSender } from './daemon/sendReport.ts';
import { createSpoolCollector } from './daemon/spool.ts';
import { Teardown } from './daemon/teardown.ts';
import { createDetection } from './detect/service.ts';
import { createArchive } from './exchange/archive.ts';
import { createMetrics } from './expose/service.ts';
import { createForwarding } from './forward/service.ts';
import { createBatchRoute } from './ingest/httpRoute.ts';
import { createIngest, type Ingest } from './ingest/ingest.ts';
import type { Logger } from './logger.ts';
import { Secrets } from './notify/secrets.ts';
import { createNotifier } from './notify/service.ts';
import { createOtlpRoute } from './otlp/httpRoute.ts';
import { createReceiver } from './otlp/receiver.ts';
import { createViews } from './query/service.ts';
import { createReports } from './report/service.ts';
import { Authenticator, ensureTokens } from './serve/auth.ts';
import { builtFilesDir } from './serve/builtFiles.ts';
import { createHttpDoors } from './serve/http.ts';
import { createLimits } from './serve/limits.ts';
import { createMcpHttp } from './serve/mcpHttp.ts';
import { createPage } from './serve/page.ts';
import type { Services } from './serve/services.ts';
import { Sessions } from './serve/sessions.ts';
import { createLiveStream } from './serve/stream.ts';
import type { ToolBackend } from './serve/toolBackend.ts';
import { createLocalBackend } from './serve/toolCall.ts';
import { storedName } from './store/names.ts';
import { openStore } from './store/openStore.ts';
import { createTracker } from './track/tracker.ts';
import { SOFTWARE, VERSION } from './version.ts';

export interface AppDeps {
  clock: Clock;
  logger: Logger;
  /** The right to the data directory; released when the app has stopped. */
  ownership: Ownership;
  /** What to do when the port belongs to another program: refuse, or listen on a free one and say so. */
  whenPortIsTaken: 'refuse' | 'take_another';
}

export interface App {
  readonly backend: ToolBackend;
  readonly ingest: Ingest;
  /** E.g. `http://127.0.0.1:6848`. */
  readonly url: string;
  /** A link for a browser, good once: the address with a code in it. */
  pageLink(): string;
  /** Ends what is under way, writes what is in memory, gives the directory up. */
  stop(): Promise<void>;
}

/**
 * Brings the collector of a data directory up; when a step fails, those before it are undone.
 * @throws VitalsError with what to do about it
 */
export async function startApp(config: Config, deps: AppDeps): Promise<App> {
  const { clock, logger, ownership } = deps;
  const { dataDir } = config;
  const teardown = new Teardown();
  const stop = () => teardown.run((error) => logger.error({ err: error }, 'Something failed while stopping'));
  const onError = createErrorLog(logger, clock);
  teardown.add(() => ownership.release());
  try {
    removeDiscovery(dataDir);
    const tokens = ensureTokens(dataDir, config.tokensDir);
    const authenticator = new Authenticator(tokens);
    const sessions = new Sessions({ tokens, clock });
    const opened = await openStore({ config, clock, logger, archive: createArchive(dataDir) });
    const { store, share, ofShare } = opened;
    teardown.add(() => store.close());

    const nameOf = (name: string) => storedName(name, config.ingest.maxNameLength);
    let pageUrl = config.publicUrl.replace(/\/+$/, '');
    const notifier = createNotifier({
      pageUrl: () => pageUrl,
      store: ofShare,
      share: opened.isShared ? share : undefined,
      clock,
      config,
      logger,
      version: VERSION,
    });
    teardown.add(() => notifier.close());
    const secrets = new Secrets();
    const forwarding = createForwarding({
      store: ofShare,
      everywhere: store,
      share,
      clock,
      config,
      logger,
      graceMs: config.ingest.minuteGraceSeconds * 1000,
      version: VERSION,
      storedName: nameOf,
      resolveSecret: (text) => secrets.resolve(text),
      redact: (text) => secrets.redact(text),
    });
    const alerts = createAlertManager({
      notifier,
      store: ofShare,
      shared: opened.isShared ? { share, everywhere: store } : undefined,
      clock,
      config,
      logger,
      failingDestinations: forwarding.failing,
      detectionIntervalMs: detectionIntervalMs(config),
      storedName: nameOf,
    });
    await alerts.load();
    await notifier.load();
    const detection = createDetection({ store, clock, config, background: { store: ofShare, share } });
    const reports = createReports({ store, clock, config });
    const views = createViews({ store, clock, config, reports });
    const forgetAnswers = () => {
      detection.clearCache();
      reports.clearCache();
      views.clearCache();
    };
    alerts.onChange((news) => {
      // An incident that goes on says so every minute, and changes nothing that was answered.
      if (news.kind === 'alert' && news.change === 'repeated') return;
      forgetAnswers();
      notifier.alertsChanged();
    });
    share.onChange((changed) => {
      forgetAnswers();
      if (changed.has('alert') || changed.has('shares')) notifier.alertsChanged();
    });
    teardown.add(() => alerts.settled());

    const metrics = createMetrics({
      store: ofShare,
      reports,
      objectives: async () => (await alerts.objectives()).filter(({ server }) => share.owns(server)),
      clock,
      config,
      storedName: nameOf,
    });
    const ingest = createIngest({
      store,
      clock,
      config,
      observe(batch, skewMs) {
        alerts.observe(batch, skewMs);
        metrics.observe(batch, skewMs);
        forwarding.observe(batch, skewMs);
      },
      count: metrics.countBatch,
    });
    const otlp = createReceiver({ store, clock, config, append: ingest.append });
    const tracker = createTracker({ clock, software: SOFTWARE, append: ingest.accept, onError });
    teardown.add(() => tracker.drain());

    const services: Services = {
      clock,
      config,
      store,
      track: tracker.track,
      detection,
      alerts,
      notifications: notifier,
      forwarding,
      reports,
      views,
    };
    const backend = createLocalBackend(services, { limits: createLimits(config, clock), onError });
    const mcp = createMcpHttp(createServerFactory(config, backend, clock, onError), onError);
    teardown.add(() => mcp.close());

    const collectSpool = createSpoolCollector({ dataDir, ingest, logger });
    const sendReport = createReportSender({ reports, notifier, config });
    const sendDueReports = createReportSchedule({ store, share, clock, config, sendReport });
    const jobs = backgroundJobs({
      config,
      store,
      detection,
      alerts,
      notifier,
      otlp,
      forwarding,
      sendDueReports,
      collectSpool,
    });
    teardown.add(startJobs(jobs, clock, logger));
    // Before the job that forwards is waited for.
    teardown.add(() => forwarding.close());

    const stream = createLiveStream({ views, clock, version: VERSION, onError });
    alerts.onChange((news) => {
      if (news.kind === 'alert') stream.tellAlert({ alertId: news.alert.alertId, change: news.change });
    });
    share.onChange((changed) => {
      if (changed.has('alert')) stream.tellAlert({ alertId: '', change: 'elsewhere' });
    });

    const startedMs = clock.nowMs();
    const doors = createHttpDoors({
      config,
      clock,
      metrics,
      authenticator,
      backend,
      handleMcp: mcp.handle,
      handleBatch: createBatchRoute({
        ingest,
        maxBytes: config.ingest.maxBatchKb * 1024,
        authorize: (request) => void authenticator.require('ingest', request.headers.authorization),
        onError,
      }),
      handleOtlp: createOtlpRoute({
        receiver: otlp,
        limits: { maxBytes: config.otlp.maxBodyKb * 1024, maxInflatedBytes: config.otlp.maxInflatedKb * 1024 },
        authorize: (request) => void authenticator.require('ingest', request.headers.authorization),
        onError,
      }),
      health: {
        version: VERSION,
        details: async () => ({
          pid: process.pid,
          uptimeSeconds: Math.round((clock.nowMs() - startedMs) / 1000),
          store: await store.stats(),
          ...(forwarding.status().length > 0 && { forwarding: forwarding.status() }),
        }),
      },
      services,
      sessions,
      stream,
      page: createPage(join(builtFilesDir(), 'page'), logger),
      onError,
    });
    const url = await openDoors({ ...deps, config, listener: doors.listener, teardown });
    teardown.add(() => doors.close());
    pageUrl ||= url;
    return { backend, ingest, url, pageLink: () => `${pageUrl}/#code=${sessions.createCode('admin')}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
