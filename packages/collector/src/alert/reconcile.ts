/** The tick: brings the alerts in line with what holds now, and with the time. */
import { MINUTE_MS } from '../model/rollup.ts';
import { endIfOver } from './ending.ts';
import { isWithinHours } from './muting.ts';
import type { AlertParts } from './parts.ts';

/**
 * Asks the watches what holds, raises what has no alert yet, ends, escalates and resolves those that are open, forgets what is
 * past, and tells what was held back. All watches are asked before anything ends.
 */
export async function reconcile(parts: AlertParts): Promise<void> {
  const { clock, thresholds, anomalies, conditions, raiser, lifecycle, silences } = parts;
  const nowMs = clock.nowMs();
  await conditions.askAll(nowMs);
  const exceeded = await thresholds.exceeded(nowMs);
  const holding = new Set(exceeded.map(({ fingerprint }) => fingerprint));
  raiser.forgetEnded((each) => holding.has(each) || anomalies.holds(each) || conditions.holds(each));
  for (const each of exceeded) if (raiser.isNews(each)) await thresholds.investigate(each);
  await moveOn(holding, nowMs, parts);
  lifecycle.register.prune(nowMs);
  await silences.prune(nowMs);
  await tellDigest(nowMs, parts);
}

/** @param holding fingerprints of the limits that are exceeded */
async function moveOn(holding: ReadonlySet<string>, nowMs: number, parts: AlertParts): Promise<void> {
  const { lifecycle } = parts;
  const { register } = lifecycle;
  for (const alert of register.open()) {
    const { fingerprint } = alert;
    if (holding.has(fingerprint)) register.put({ ...register.openOf(fingerprint)!, lastBreachAtMs: nowMs });
    else await endIfOver(alert, nowMs, parts);
    await lifecycle.apply(register.openOf(fingerprint), { kind: 'time' }, nowMs);
  }
}

/** What was held back is told when enough has come together, and not at night. */
async function tellDigest(nowMs: number, { tally, config, notifier, store }: AlertParts): Promise<void> {
  const digest = tally.due(nowMs, config.notifications.digestMinutes * MINUTE_MS);
  const isQuiet = config.alerts.quietHours.some((hours) => isWithinHours(nowMs, hours));
  if (digest === undefined || isQuiet) return tally.save();
  const items = notifier.digestOf(digest);
  await store.saveItems('notification', items);
  await tally.clear();
  notifier.deliver(items);
}
