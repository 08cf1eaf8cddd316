/** batches -> alerts -> notifications, and what is forwarded. */
import { createAlertManager } from '../alert/manager.ts';
import { detectionIntervalMs } from '../daemon/backgroundJobs.ts';
import { createForwarding } from '../forward/service.ts';
import { Secrets } from '../notify/secrets.ts';
import { createNotifier } from '../notify/service.ts';
import { VERSION } from '../version.ts';
import { type Context, nameWithin } from './context.ts';

/** Alerts and what tells of them, with what was under way when the collector ended last. */
export async function joinAlerts({ config, deps: { clock, logger }, teardown, opened, page }: Context) {
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

export type Watching = Awaited<ReturnType<typeof joinAlerts>>;
