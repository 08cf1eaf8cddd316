/** What memory takes up from the store: everything after a start, and what other collectors have changed meanwhile. */
import type { AlertParts } from './parts.ts';

/** Takes up where the last process ended. */
export async function load(parts: AlertParts): Promise<void> {
  await loadThresholds(parts);
  await parts.tally.load();
  await parts.silences.load();
  await parts.objectives.load();
  await parts.rules.load();
  await parts.lifecycle.load(parts.clock.nowMs());
  parts.anomalies.restart();
  parts.conditions.restart();
  parts.thresholds.restart();
}

/**
 * Takes over what other collectors have changed, or this one's share with all that belongs to it.
 * @param changed as `WorkShare.onChange` tells
 */
export async function takeOver(changed: ReadonlySet<string>, parts: AlertParts): Promise<void> {
  if (changed.has('shares')) return load(parts);
  if (changed.has('threshold')) await loadThresholds(parts);
  if (changed.has('silence')) await parts.silences.load();
  if (changed.has('objective')) await parts.objectives.load();
  if (changed.has('alert_rule')) await parts.rules.load();
  if (changed.has('alert')) await parts.lifecycle.refresh();
}

async function loadThresholds({ store, book }: AlertParts): Promise<void> {
  book.load(await store.listThresholds());
}
