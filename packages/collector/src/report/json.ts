/** A report as JSON: everything, times in ISO 8601, units in the names. */
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { Report, ReportTimeline } from '../model/report.ts';

export function renderJson(report: Report): string {
  const { kind, atMs, fromMs, toMs, usedFromMs, usedToMs, server, newestErrors, anomalies, alerts, ...rest } = report;
  const document = {
    kind,
    generatedAt: iso(atMs),
    from: iso(fromMs),
    to: iso(toMs),
    usedFrom: iso(usedFromMs),
    usedTo: iso(usedToMs),
    server: server ?? null,
    ...rest,
    targets: rest.targets.map(({ met = null, ...target }) => ({ ...target, met })),
    timeline: timelineJson(rest.timeline),
    previous: previousJson(rest.previous),
    lastingTrends: spanJson(rest.lastingTrends),
    capacity: rest.capacity.map(({ busiestAtMs, ...server }) => ({ ...server, busiestAt: iso(busiestAtMs) })),
    newestErrors: newestErrors.map(({ atMs, ...error }) => ({ at: iso(atMs), ...error })),
    anomalies: anomalies.map(anomalyJson),
    alerts: alerts.map(alertJson),
    changes: changesJson(rest.changes),
  };
  return JSON.stringify(document, rounded, 2);
}

/** Without ids, which are made by chance: the same happenings make the same report. */
function changesJson(changes: Report['changes']) {
  if (changes === undefined) return undefined;
  const newest = changes.newest.map(({ atMs, entryId: _, ...entry }) => ({ at: iso(atMs), ...entry }));
  return { newest, more: changes.more };
}

function timelineJson({ stepMs, points }: ReportTimeline) {
  return { stepMs, points: points.map(({ startMs, ...point }) => ({ at: iso(startMs), ...point })) };
}

function previousJson(previous: Report['previous']) {
  return previous && { ...spanJson(previous), timeline: timelineJson(previous.timeline) };
}

function spanJson<Spanned extends { fromMs: number; toMs: number }>({ fromMs, toMs, ...rest }: Spanned) {
  return { from: iso(fromMs), to: iso(toMs), ...rest };
}

/** Durations are measured to the microsecond; more digits are noise of the arithmetic. Rates below that keep three. */
function rounded(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Math.abs(value) < 0.1 ? Number(value.toPrecision(3)) : Math.round(value * 1000) / 1000;
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
