/** batches -> ingest -> store -> detection, answers -> tools; each of these for a workspace as well. */
import { createResolveByPolicy } from '../daemon/resolveByPolicy.ts';
import { createDetection } from '../detect/service.ts';
import { createMetrics } from '../expose/service.ts';
import { createIngest } from '../ingest/ingest.ts';
import { createReceiver } from '../otlp/receiver.ts';
import { createPrinter } from '../print/printer.ts';
import type { AccessTokenBook } from '../serve/accessTokens.ts';
import { createLimits } from '../serve/limits.ts';
import type { Services } from '../serve/ports/services.ts';
import { createSettings } from '../serve/settings.ts';
import { createLocalBackend } from '../serve/toolCall.ts';
import { createTracker } from '../track/tracker.ts';
import { SOFTWARE } from '../version.ts';
import { createServicesOf } from '../workspace/servicesOf.ts';
import { answersOver } from './answersOver.ts';
import { type Context, nameWithin } from './context.ts';
import { joinActions } from './joinActions.ts';
import type { Watching } from './joinAlerts.ts';

/** From batches to answers. */
export function joinStages(context: Context, watching: Watching, accessTokens: AccessTokenBook) {
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

export type Stages = ReturnType<typeof joinStages>;
