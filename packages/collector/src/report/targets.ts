/** The success criteria of the specification that stored data can answer, each with its value. */
import type { Alert, Threshold, ThresholdMetric } from '../model/alert.ts';
import type { CallStats, Target } from '../model/report.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { milliseconds, percent } from './numbers.ts';

const COVERING_METRICS: readonly ThresholdMetric[] = ['response_time', 'error_rate'];

export interface TargetEvidence {
  overall: CallStats;
  /** Raised within the period. */
  alerts: readonly Alert[];
  /** Names of the servers that the report covers. */
  servers: readonly string[];
  /** Those that were set; what was not set is as the specification has it, that is, enabled. */
  thresholds: readonly Threshold[];
}

export function targetsOf({ overall, alerts, servers, thresholds }: TargetEvidence): Target[] {
  return [
    latency('Average response time', overall.calls, overall.avgMs, 100),
    latency('P95 response time', overall.calls, overall.p95Ms, 500),
    latency('P99 response time', overall.calls, overall.p99Ms, 1000),
    below('Error rate', '< 1 %', overall.calls > 0, overall.errorRatePercent < 1, percent(overall.errorRatePercent)),
    unknown('Monitoring overhead', '< 5 ms per call', 'not measured at run time; docs/benchmarks.md has it'),
    timeToResolve(alerts),
    unknown(
      'Anomaly detection accuracy',
      '> 90 %',
      'incidents that nobody saw are not known; docs/detection.md has it measured',
    ),
    falsePositives(alerts),
    coverage(servers, thresholds),
  ];
}

function latency(name: string, calls: number, valueMs: number, targetMs: number): Target {
  return below(name, `< ${targetMs} ms`, calls > 0, valueMs < targetMs, milliseconds(valueMs));
}

function below(name: string, target: string, known: boolean, met: boolean, value: string): Target {
  return known ? { name, target, value, met } : unknown(name, target, 'no calls');
}

function unknown(name: string, target: string, why: string): Target {
  return { name, target, value: why, met: undefined };
}

/** An incident ends when its condition clears; that its alert stays open for a day longer is bookkeeping. */
function timeToResolve(alerts: readonly Alert[]): Target {
  const [name, target] = ['Mean time to resolution', '< 10 min'];
  const durations = alerts.flatMap(({ createdAtMs, clearedAtMs, resolvedAtMs }) => {
    const endMs = clearedAtMs ?? resolvedAtMs;
    return endMs === null ? [] : endMs - createdAtMs;
  });
  if (durations.length === 0) return unknown(name, target, 'no incident ended');
  const minutes = durations.reduce((sum, durationMs) => sum + durationMs, 0) / durations.length / MINUTE_MS;
  return { name, target, value: `${minutes.toFixed(1)} min`, met: minutes < 10 };
}

/** Of the alerts that people have judged. */
function falsePositives(alerts: readonly Alert[]): Target {
  const [name, target] = ['False positive rate', '< 5 %'];
  const judged = alerts.filter(({ feedback }) => feedback !== null);
  if (judged.length === 0) return unknown(name, target, 'no alert was marked useful or false');
  const share = (100 * judged.filter(({ feedback }) => feedback === 'false').length) / judged.length;
  return { name, target, value: `${percent(share)} of ${judged.length} marked`, met: share < 5 };
}

function coverage(servers: readonly string[], thresholds: readonly Threshold[]): Target {
  const [name, target] = ['Alert coverage', '100 % of servers'];
  if (servers.length === 0) return unknown(name, target, 'no servers');
  const covered = servers.filter((server) => isCovered(server, thresholds)).length;
  return { name, target, value: percent((100 * covered) / servers.length), met: covered === servers.length };
}

/** Whether a threshold on times or errors is in force for a whole server: its own decides, else that for all. */
function isCovered(server: string, thresholds: readonly Threshold[]): boolean {
  return COVERING_METRICS.some((metric) =>
    (['warning', 'critical'] as const).some((severity) => {
      const set = (scope: string) =>
        thresholds.find((t) => t.metric === metric && t.severity === severity && t.tool === '' && t.server === scope);
      return (set(server) ?? set(''))?.enabled ?? true;
    }),
  );
}
