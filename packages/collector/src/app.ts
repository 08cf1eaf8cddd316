/**
 * The collector, put together. This is the only file that knows the order of the stages:
 *
 *     ingest -> store -> alerts -> notify  as batches arrive; OTLP becomes batches first
 *     store -> detection -> alerts         every minute
 *     ingest -> metrics -> Prometheus      when scraped
 *     store -> plan -> policies -> servers when asked, in the answers to batches
 *     ingest -> live -> tools              while somebody watches
 *     store -> tools -> MCP, JSON API      when asked
 *
 * What is started here is stopped in the opposite order.
 */
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createAlertManager } from './alert/manager.ts';
import { createBottlenecks } from './analysis/bottlenecks/service.ts';
import { createDecisions } from './analysis/decisions.ts';
import { RULES } from './analysis/optimise/rules.ts';
import { createTrends } from './analysis/trends/service.ts';
import { type AnalysisThread, createAnalysisThread } from './analysis/workerThread.ts';
import { createAuditLog } from './audit/auditLog.ts';
import { createBenchmarks } from './baseline/benchmark/service.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/schema.ts';
import { createOptimizations } from './control/service.ts';
import { backgroundJobs, detectionIntervalMs } from './daemon/backgroundJobs.ts';
import { removeDiscovery } from './daemon/discovery.ts';
import { openDoors } from './daemon/doors.ts';
import { createErrorLog } from './daemon/errorLog.ts';
import { startJobs } from './daemon/jobs.ts';
import type { Ownership } from './daemon/ownership.ts';
import { createReportSchedule } from './daemon/reportSchedule.ts';
import { createResolveByPolicy } from './daemon/resolveByPolicy.ts';
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
import { createMonitors } from './live/monitors.ts';
import { createRecent } from './live/recent.ts';
import type { Logger } from './logger.ts';
import { Secrets } from './notify/secrets.ts';
import { createNotifier } from './notify/service.ts';
import { createOtlpRoute } from './otlp/httpRoute.ts';
import { createReceiver } from './otlp/receiver.ts';
import { createPrinter } from './print/printer.ts';
import { createViews } from './query/service.ts';
import { createReports } from './report/service.ts';
import { type AccessTokenBook, createAccessTokens } from './serve/accessTokens.ts';
import { Authenticator, ensureTokens } from './serve/auth.ts';
import { builtFilesDir } from './serve/builtFiles.ts';
import { createHttpDoors } from './serve/http.ts';
import { createLimits } from './serve/limits.ts';
import { createMcpHttp } from './serve/mcpHttp.ts';
import { createPage } from './serve/page.ts';
import type { Optimizations, Services } from './serve/services.ts';
import { Sessions } from './serve/sessions.ts';
import { createSettings } from './serve/settings.ts';
import { createLiveStream, type LiveStream } from './serve/stream.ts';
import type { ToolBackend } from './serve/toolBackend.ts';
import { createLocalBackend } from './serve/toolCall.ts';
import { storedName } from './store/names.ts';
import { type OpenedStore, openStore } from './store/openStore.ts';
import { createTracker } from './track/tracker.ts';
import { SOFTWARE, VERSION } from './version.ts';
import { createServicesOf } from './workspace/servicesOf.ts';
import type { Sources } from './workspace/servicesWithin.ts';

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
  readonly optimizations: Optimizations;
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
  const teardown = new Teardown();
  const stop = () => teardown.run((error) => logger.error({ err: error }, 'Something failed while stopping'));
  teardown.add(() => ownership.release());
  try {
    removeDiscovery(config.dataDir);
    const tokens = ensureTokens(config.dataDir, config.tokensDir);
    const opened = await openStore({ config, clock, logger, archive: createArchive(config.dataDir) });
    teardown.add(() => opened.store.close());
    const page = { url: config.publicUrl.replace(/\/+$/, '') };
    const context: Context = { config, deps, teardown, opened, page, onError: createErrorLog(logger, clock) };

    const accessTokens = await joinAccessTokens(context);
    const watching = await joinAlerts(context);
    const stages = joinStages(context, watching, accessTokens);
    await stages.optimizations.load();
    startWork(context, stages);
    const isTokenGood = (tokenId: string) => accessTokens.findById(tokenId) !== undefined;
    const sessions = new Sessions({ tokens, clock, isTokenGood });
    const url = await openHttp(context, stages, sessions, new Authenticator(tokens, accessTokens.find));
    page.url ||= url;
    const pageLink = () => `${page.url}/#code=${sessions.createCode({ scope: 'admin' })}`;
    const { backend, ingest, optimizations } = stages;
    return { backend, ingest, optimizations, url, pageLink, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What every step below needs. */
interface Context {
  config: Config;
  deps: AppDeps;
  teardown: Teardown;
  opened: OpenedStore;
  /** Where people reach the page; empty until the collector listens, where no setting says it. */
  page: { url: string };
  onError(error: unknown): void;
}

const nameWithin =
  ({ ingest }: Config) =>
  (name: string): string =>
    storedName(name, ingest.maxNameLength);

/** Tokens that are limited to a workspace; another collector may make and revoke them as well. */
async function joinAccessTokens({ deps: { clock }, opened: { store, share }, onError }: Context) {
  const accessTokens = createAccessTokens({ store, clock });
  await accessTokens.load();
  share.onChange((changed) => {
    if (changed.has('token') || changed.has('rejoined')) accessTokens.load().catch(onError);
  });
  return accessTokens;
}

/** Alerts and what tells of them, with what was under way when the collector ended last. */
async function joinAlerts({ config, deps: { clock, logger }, teardown, opened, page }: Context) {
  const { store, share, ofShare, isShared } = opened;
  const notifier = createNotifier({
    pageUrl: () => page.url,
    store: ofShare,
    share: isShared ? share : undefined,
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
    storedName: nameWithin(config),
    resolveSecret: (text) => secrets.resolve(text),
    redact: (text) => secrets.redact(text),
  });
  const alerts = createAlertManager({
    notifier,
    store: ofShare,
    shared: isShared ? { share, everywhere: store } : undefined,
    clock,
    config,
    logger,
    failingDestinations: forwarding.failing,
    detectionIntervalMs: detectionIntervalMs(config),
    storedName: nameWithin(config),
  });
  await alerts.load();
  await notifier.load();
  return { notifier, forwarding, alerts };
}

type Watching = Awaited<ReturnType<typeof joinAlerts>>;

/** What acts upon servers, and what it is judged by. */
function joinActions({ config, deps: { clock }, teardown, opened }: Context) {
  const { store, share } = opened;
  const thread = createAnalysisThread(clock);
  teardown.add(() => thread.close());
  const recent = createRecent({ clock, storedName: nameWithin(config), maxMb: config.analysis.recentMb });
  const audit = createAuditLog({ store, clock });
  const optimizations = createOptimizations({
    store,
    share,
    clock,
    config,
    audit,
    plan: (request) => thread.run('planOptimization', request),
    judge: (request) => thread.run('judgePolicy', request),
    goodputLossPercent: (strategy) => RULES[strategy].goodputLossPercent,
  });
  const secrets = new Secrets();
  const resolveSecret = (text: string) => secrets.resolve(text);
  const benchmarks = createBenchmarks({ store, config, clock, audit, resolveSecret, version: VERSION });
  teardown.add(() => benchmarks.close());
  return { thread, recent, audit, optimizations, benchmarks };
}

/** What is asked of the figures: of all of them, or of those of a workspace, by what it is given. */
function answersOver(sources: Sources, { config, clock, thread, running }: AnsweringWith) {
  const { store, alerts, recent, audit } = sources;
  const reports = createReports({ store, audit, clock, config });
  const views = createViews({ store, clock, config, reports });
  const trends = createTrends({ store, clock, config, alerts, thread });
  const bottlenecks = createBottlenecks({ store, recent, clock, config, thread });
  const monitors = createMonitors({ store, recent, audit, clock, config, running });
  const decisions = createDecisions({ ...sources, clock, config, views, reports, trends, bottlenecks });
  return { reports, views, trends, bottlenecks, monitors, ...decisions };
}

interface AnsweringWith {
  config: Config;
  clock: Clock;
  thread: AnalysisThread;
  /** Monitors under way, whoever runs them. */
  running: { count: number };
}

/** From batches to answers. */
function joinStages(context: Context, watching: Watching, accessTokens: AccessTokenBook) {
  const { config, deps, teardown, opened, onError } = context;
  const { clock } = deps;
  const { store, share, ofShare } = opened;
  const { alerts, notifier, forwarding } = watching;
  const { thread, ...acting } = joinActions(context);
  const { recent, optimizations } = acting;
  const detection = createDetection({ store, clock, config, background: { store: ofShare, share } });
  const answering = { config, clock, thread, running: { count: 0 } };
  const answers = answersOver({ store, alerts, ...acting }, answering);
  const { reports, views, analysisDashboards } = answers;
  const metrics = createMetrics({
    store: ofShare,
    reports,
    objectives: async () => (await alerts.objectives()).filter(({ server }) => share.owns(server)),
    clock,
    config,
    storedName: nameWithin(config),
  });
  const ingest = createIngest({
    store,
    clock,
    config,
    observe(batch, skewMs) {
      for (const observer of [alerts, metrics, forwarding, recent, optimizations]) observer.observe(batch, skewMs);
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
    ...acting,
    ...answers,
    printer: createPrinter(),
    accessTokens,
    settings: createSettings(config),
  };
  const byWorkspace = createServicesOf(services, (sources) => ({
    detection: createDetection({ ...sources, clock, config }),
    ...answersOver(sources, answering),
  }));
  const resolveByPolicy = createResolveByPolicy({ alerts, optimizations, logger: deps.logger });
  alerts.onChange((news) => {
    if (news.kind === 'alert' && news.change === 'created') void resolveByPolicy(news.alert);
  });
  const ofWorkspaces = { clearCache: byWorkspace.forgetAnswers };
  clearCachesOnChange(context, watching, [detection, reports, views, analysisDashboards, ofWorkspaces]);
  teardown.add(() => alerts.settled());
  const { servicesOf } = byWorkspace;
  const backend = createLocalBackend(servicesOf, { limits: createLimits(config, clock), onError });
  return { ...watching, ...acting, detection, reports, metrics, ingest, otlp, servicesOf, backend };
}

/** Answers that are kept a while must not outlive what they tell of. */
function clearCachesOnChange(
  { opened: { share } }: Context,
  { alerts, notifier }: Watching,
  cached: readonly { clearCache(): void }[],
): void {
  const forgetAnswers = () => {
    for (const each of cached) each.clearCache();
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
}

type Stages = ReturnType<typeof joinStages>;

/** What happens by itself. */
function startWork(
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

/** The doors, once there is something behind each of them. Resolves with the address. */
async function openHttp(context: Context, stages: Stages, sessions: Sessions, authenticator: Authenticator) {
  const { config, deps, teardown, onError } = context;
  const { clock, logger } = deps;
  const { backend, metrics, servicesOf, ingest, otlp, optimizations } = stages;
  const mcp = createMcpHttp(createServerFactory(config, backend, clock, onError), onError);
  teardown.add(() => mcp.close());
  const authorize = (request: IncomingMessage) =>
    authenticator.require('ingest', request.headers.authorization).workspace;
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
      authorize,
      policiesFor: optimizations.policiesFor,
      onError,
    }),
    handleOtlp: createOtlpRoute({
      receiver: otlp,
      limits: { maxBytes: config.otlp.maxBodyKb * 1024, maxInflatedBytes: config.otlp.maxInflatedKb * 1024 },
      authorize,
      onError,
    }),
    health: { version: VERSION, details: healthDetails(context, stages) },
    servicesOf,
    sessions,
    stream: createStream(context, stages),
    page: createPage(join(builtFilesDir(), 'page'), logger),
    onError,
  });
  const url = await openDoors({ ...deps, config, listener: doors.listener, teardown });
  teardown.add(() => doors.close());
  return url;
}

function createStream(
  { deps: { clock }, opened: { share }, onError }: Context,
  { servicesOf, alerts }: Stages,
): LiveStream {
  const viewsOf = (workspace: string | undefined) => servicesOf(workspace).views;
  const stream = createLiveStream({ viewsOf, clock, version: VERSION, onError });
  alerts.onChange((news) => {
    if (news.kind !== 'alert') return;
    stream.tellAlert({ alertId: news.alert.alertId, change: news.change }, news.alert.server);
  });
  share.onChange((changed) => {
    if (changed.has('alert')) stream.tellAlert({ alertId: '', change: 'elsewhere' }, undefined);
  });
  return stream;
}

function healthDetails({ deps: { clock }, opened: { store } }: Context, { forwarding }: Stages) {
  const startedMs = clock.nowMs();
  return async () => ({
    pid: process.pid,
    uptimeSeconds: Math.round((clock.nowMs() - startedMs) / 1000),
    store: await store.stats(),
    ...(forwarding.status().length > 0 && { forwarding: forwarding.status() }),
  });
}
