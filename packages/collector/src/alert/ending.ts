/** Ends what is over: an alert clears, or resolves at once where the one who told of it has the last word. */
import type { Alert } from '../model/alert.ts';
import type { AlertParts } from './parts.ts';

/** Asks the watch that an alert came from. Called for alerts whose conditions were not seen to hold just now. */
export async function endIfOver(alert: Alert, nowMs: number, parts: AlertParts): Promise<void> {
  if (alert.clearedAtMs !== null || !(await isOver(alert, parts))) return;
  const resolvesAtOnce = parts.conditions.sourceOf(alert)?.resolvesAtOnce === true;
  await parts.lifecycle.apply(alert, { kind: resolvesAtOnce ? 'end' : 'clear' }, nowMs);
}

async function isOver(alert: Alert, { thresholds, conditions, anomalies }: AlertParts): Promise<boolean> {
  const metric = thresholds.metricOf(alert);
  if (metric !== undefined) return thresholds.isOver(alert, metric);
  const source = conditions.sourceOf(alert);
  return source === undefined ? anomalies.isOver(alert) : conditions.isOver(alert, source);
}
