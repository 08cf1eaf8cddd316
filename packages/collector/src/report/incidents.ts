/** What became of the alerts of a period. An incident ends when its condition clears; that its alert stays open is bookkeeping. */
import type { Alert } from '../model/alert.ts';
import type { Incidents } from '../model/report.ts';
import { MINUTE_MS } from '../model/rollup.ts';

export function incidentsOf(alerts: readonly Alert[]): Incidents {
  const resolved = alerts.flatMap(({ createdAtMs, clearedAtMs, resolvedAtMs }) => {
    const endMs = clearedAtMs ?? resolvedAtMs;
    return endMs === null ? [] : endMs - createdAtMs;
  });
  const acknowledged = alerts.flatMap(({ createdAtMs, acknowledgedAtMs }) =>
    acknowledgedAtMs === null ? [] : acknowledgedAtMs - createdAtMs,
  );
  return {
    ended: resolved.length,
    open: alerts.length - resolved.length,
    acknowledged: acknowledged.length,
    meanMinutesToResolve: meanMinutes(resolved),
    meanMinutesToAcknowledge: meanMinutes(acknowledged),
  };
}

function meanMinutes(durationsMs: readonly number[]): number | null {
  if (durationsMs.length === 0) return null;
  return durationsMs.reduce((sum, durationMs) => sum + durationMs, 0) / durationsMs.length / MINUTE_MS;
}
