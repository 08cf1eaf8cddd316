/**
 * Where to look next. Every recommendation names the numbers it follows from, so that a reader can check it; where
 * nothing stands out there are none.
 */
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { ToolStats, Trend } from '../model/report.ts';
import type { ResourceRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { InFlightCalls, RecentError } from '../store/store.ts';
import { code, subject } from './names.ts';
import { count, counted, dateTime, milliseconds, percent, span } from './numbers.ts';

/** The targets of the specification; a tool within them needs no advice. */
const MAX_ERROR_PERCENT = 1;
const MAX_P95_MS = 500;
const MAX_CPU_PERCENT = 70;
const MAX_MEMORY_PERCENT = 75;

/** One call says nothing about a tool. */
const MIN_CALLS = 10;
/** A tool that takes this much of all the time is worth making faster, if it takes any. */
const MIN_SHARE_PERCENT = 50;
const MIN_SHARE_MEAN_MS = 50;
const STUCK_AFTER_MS = 60_000;
/** From here on the slow calls are another kind than the usual ones. */
const LONG_TAIL_FACTOR = 5;

/** More than this is a list nobody works through; they are ordered by urgency. */
const MAX_PER_RULE = 3;

export interface RecommendationEvidence {
  nowMs: number;
  tools: readonly ToolStats[];
  trends: readonly Trend[];
  anomalies: readonly Anomaly[];
  /** Those not resolved now. */
  unresolvedAlerts: readonly Alert[];
  recentErrors: readonly RecentError[];
  inFlight: readonly InFlightCalls[];
  /** One per server, over the whole period. */
  resources: readonly ResourceRollup[];
  servers: readonly ServerInfo[];
}

type Rule = (evidence: RecommendationEvidence) => string[];

/** Most urgent first. */
const RULES: readonly Rule[] = [
  unattendedAlerts,
  failingTools,
  stuckCalls,
  degradedTools,
  slowTools,
  exhaustedServers,
  costliestTool,
  repeatedAnomalies,
  lostSamples,
];

export function recommend(evidence: RecommendationEvidence): string[] {
  return RULES.flatMap((rule) => rule(evidence).slice(0, MAX_PER_RULE));
}

function unattendedAlerts({ unresolvedAlerts, nowMs }: RecommendationEvidence): string[] {
  const open = unresolvedAlerts.filter(({ severity, status }) => severity === 'critical' && status !== 'acknowledged');
  return open.map(
    ({ alertId, server, tool, condition, createdAtMs }) =>
      `Attend to alert ${alertId}: ${subject(server, tool)}, ${code(condition)}, unacknowledged for ${span(nowMs - createdAtMs)}.`,
  );
}

function failingTools({ tools, recentErrors }: RecommendationEvidence): string[] {
  return tools
    .filter(
      ({ calls, errors, errorRatePercent }) => errors > 1 && calls >= MIN_CALLS && errorRatePercent > MAX_ERROR_PERCENT,
    )
    .sort((a, b) => b.errors - a.errors)
    .map(({ server, tool, calls, errors, errorRatePercent }) => {
      const rate = `${counted(errors, 'failure')} in ${counted(calls, 'call')} (${percent(errorRatePercent)})`;
      return `Find out why ${subject(server, tool)} fails: ${rate}${commonestError(server, tool, recentErrors)}.`;
    });
}

/** What most of the newest failures have in common. */
function commonestError(server: string, tool: string, errors: readonly RecentError[]): string {
  const own = errors.filter(({ series }) => series.server === server && series.name === tool);
  const counts = new Map<string, number>();
  for (const { errorClass, code: errorCode } of own) {
    const kind = errorCode === '' ? errorClass : `${errorClass} ${errorCode}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1]);
  return commonest ? `, ${code(commonest[0])} in ${commonest[1]} of the newest ${own.length}` : '';
}

function stuckCalls({ inFlight }: RecommendationEvidence): string[] {
  return inFlight
    .filter(({ oldestAgeMs }) => oldestAgeMs >= STUCK_AFTER_MS)
    .sort((a, b) => b.oldestAgeMs - a.oldestAgeMs)
    .map(
      ({ series, count: calls, oldestAgeMs }) =>
        `See whether ${subject(series.server, series.name)} hangs: ${counted(calls, 'call')} in flight, the oldest for ${span(oldestAgeMs)}.`,
    );
}

function degradedTools({ trends }: RecommendationEvidence): string[] {
  return trends
    .filter(({ direction, tool }) => direction === 'degrading' && tool !== '')
    .map(({ server, tool, metric, before, after }) =>
      metric === 'response_time'
        ? `Look for what changed in ${subject(server, tool)}: its p95 went from ${milliseconds(before)} to ${milliseconds(after)} within the period.`
        : `Look for what changed in ${subject(server, tool)}: its error rate went from ${percent(before)} to ${percent(after)} within the period.`,
    );
}

function slowTools({ tools }: RecommendationEvidence): string[] {
  return tools
    .filter(({ calls, p95Ms }) => calls >= MIN_CALLS && p95Ms > MAX_P95_MS)
    .sort((a, b) => b.p95Ms - a.p95Ms)
    .map(({ server, tool, calls, p50Ms, p95Ms }) => {
      const figures = `p50 ${milliseconds(p50Ms)}, p95 ${milliseconds(p95Ms)} over ${counted(calls, 'call')}`;
      return p95Ms > LONG_TAIL_FACTOR * p50Ms
        ? `Look at the slowest calls of ${subject(server, tool)}, which are unlike the usual ones: ${figures}.`
        : `Make ${subject(server, tool)} faster as a whole, it is slow in most calls: ${figures}.`;
    });
}

function exhaustedServers({ resources }: RecommendationEvidence): string[] {
  return resources.flatMap(({ server, cpuPercentAvg, memoryPercentMax, memoryMbMax }) => [
    ...(memoryPercentMax > MAX_MEMORY_PERCENT
      ? [
          `Give ${code(server)} more memory or find what it keeps: it reached ${percent(memoryPercentMax)} of its limit (${count(memoryMbMax)} MB).`,
        ]
      : []),
    ...(cpuPercentAvg > MAX_CPU_PERCENT
      ? [`Relieve ${code(server)}: it used ${percent(cpuPercentAvg)} of a core on average.`]
      : []),
  ]);
}

function costliestTool({ tools }: RecommendationEvidence): string[] {
  const costliest = tools.find(({ sharePercent }) => sharePercent > MIN_SHARE_PERCENT);
  if (tools.length < 2 || costliest === undefined || costliest.avgMs < MIN_SHARE_MEAN_MS) return [];
  const { server, tool, calls, avgMs, totalMs, sharePercent } = costliest;
  return [
    `Speed up ${subject(server, tool)} first: it takes ${percent(sharePercent)} of all time (${counted(calls, 'call')} of ${milliseconds(avgMs)}, ${span(totalMs)} in total).`,
  ];
}

function repeatedAnomalies({ anomalies }: RecommendationEvidence): string[] {
  const groups = new Map<string, Anomaly[]>();
  for (const anomaly of anomalies) {
    if (anomaly.severity === 'info') continue;
    const key = JSON.stringify([anomaly.server, anomaly.tool, anomaly.type]);
    groups.set(key, [...(groups.get(key) ?? []), anomaly]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .sort((a, b) => b.length - a.length)
    .map((group) => {
      const newest = group.reduce((a, b) => (b.atMs > a.atMs ? b : a));
      const what = newest.type.replaceAll('_', ' ');
      return `Compare the times of ${group.length} ${what}s of ${subject(newest.server, newest.tool)}; the newest at ${dateTime(newest.atMs)} UTC was ${code(newest.deviation)}.`;
    });
}

function lostSamples({ servers }: RecommendationEvidence): string[] {
  return servers.flatMap(({ name, dropped }) => {
    const reasons = Object.entries(dropped).filter(([, samples]) => samples > 0);
    if (reasons.length === 0) return [];
    const listed = reasons.map(([reason, samples]) => `${count(samples)} by ${code(reason)}`).join(', ');
    return [`Bear in mind that figures of ${code(name)} are incomplete: its SDK lost ${listed}.`];
  });
}
