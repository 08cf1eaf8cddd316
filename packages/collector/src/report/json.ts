/** A report as JSON: everything, times in ISO 8601, units in the names. */
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { Report } from '../model/report.ts';

export function renderJson(report: Report): string {
  const { atMs, fromMs, toMs, usedFromMs, usedToMs, server, newestErrors, anomalies, alerts, ...rest } = report;
  const document = {
    generatedAt: iso(atMs),
    from: iso(fromMs),
    to: iso(toMs),
    usedFrom: iso(usedFromMs),
    usedTo: iso(usedToMs),
    server: server ?? null,
    ...rest,
    newestErrors: newestErrors.map(({ atMs, ...error }) => ({ at: iso(atMs), ...error })),
    anomalies: anomalies.map(anomalyJson),
    alerts: alerts.map(alertJson),
  };
  return JSON.stringify(document, rounded, 2);
}

/** Durations are measured to the microsecond; more digits are noise of the arithmetic. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}

function anomalyJson({ atMs, ...anomaly }: Anomaly) {
  return { at: iso(atMs), ...anomaly };
}

function alertJson(alert: Alert) {
  const { createdAtMs, acknowledgedAtMs, escalatedAtMs, clearedAtMs, resolvedAtMs, lastBreachAtMs, ...rest } = alert;
  return {
    ...rest,
    createdAt: iso(createdAtMs),
    acknowledgedAt: isoOrNull(acknowledgedAtMs),
    escalatedAt: isoOrNull(escalatedAtMs),
    clearedAt: isoOrNull(clearedAtMs),
    resolvedAt: isoOrNull(resolvedAtMs),
    lastBreachAt: iso(lastBreachAtMs),
  };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs);
}
