/** Every success criterion of the specification: those that stored data can answer with their value, the others with why not. */
import type { Alert, Threshold, ThresholdMetric } from '../model/alert.ts';
import type { CallStats, Incidents, Report, Target, TargetGroup } from '../model/report.ts';
import type { ServerInfo } from '../model/series.ts';
import { count, milliseconds, percent } from './numbers.ts';

const COVERING_METRICS: readonly ThresholdMetric[] = ['response_time', 'error_rate'];

export interface TargetEvidence {
  overall: CallStats;
  /** Raised within the period. */
  alerts: readonly Alert[];
  incidents: Incidents;
  /** Those that the report covers. */
  servers: readonly Pick<ServerInfo, 'name' | 'dropped'>[];
  /** Those that were set; what was not set is as the specification has it, that is, enabled. */
  thresholds: readonly Threshold[];
}

type Criterion = Pick<Target, 'group' | 'name' | 'target'>;

export function targetsOf({ overall, alerts, incidents, servers, thresholds }: TargetEvidence): Target[] {
  return [
    latency('Average response time', overall.calls, overall.avgMs, 100),
    latency('P95 response time', overall.calls, overall.p95Ms, 500),
    latency('P99 response time', overall.calls, overall.p99Ms, 1000),
    errorRate(overall),
    unknown(
      criterion('performance', 'Monitoring overhead', '< 5 ms per call'),
      'not measured at run time; docs/benchmarks.md has it',
    ),
    timeToResolve(incidents),
    unknown(
      criterion('operational', 'Anomaly detection accuracy', '> 90 %'),
      'incidents that nobody saw are not known; docs/detection.md has it measured',
    ),
    falsePositives(alerts),
    coverage(servers, thresholds),
    unknown(criterion('quality', 'Unit test coverage', '>= 80 %'), 'of the build, not of its operation'),
    unknown(criterion('quality', 'Integration test coverage', '>= 70 %'), 'of the build, not of its operation'),
    dataLoss(servers),
    unknown(criterion('quality', 'Documentation completeness', '100 %'), 'of the build, not of its operation'),
  ];
}

export function countTargets(targets: readonly Target[]): Report['targetCounts'] {
  const counted = (met: boolean | undefined) => targets.filter((target) => target.met === met).length;
  return { met: counted(true), missed: counted(false), unknown: counted(undefined) };
}

function criterion(group: TargetGroup, name: string, target: string): Criterion {
  return { group, name, target };
}

function unknown(of: Criterion, why: string): Target {
  return { ...of, value: why, actual: null, met: undefined };
}

function latency(name: string, calls: number, valueMs: number, targetMs: number): Target {
  const of = criterion('performance', name, `< ${targetMs} ms`);
  if (calls === 0) return unknown(of, 'no calls');
  return { ...of, value: milliseconds(valueMs), actual: valueMs, met: valueMs < targetMs };
}

function errorRate({ calls, errorRatePercent }: CallStats): Target {
  const of = criterion('performance', 'Error rate', '< 1 %');
  if (calls === 0) return unknown(of, 'no calls');
  return { ...of, value: percent(errorRatePercent), actual: errorRatePercent, met: errorRatePercent < 1 };
}

function timeToResolve({ meanMinutesToResolve: minutes }: Incidents): Target {
  const of = criterion('operational', 'Mean time to resolution', '< 10 min');
  if (minutes === null) return unknown(of, 'no incident ended');
  return { ...of, value: `${minutes.toFixed(1)} min`, actual: minutes, met: minutes < 10 };
}

/** Of the alerts that people have judged. */
function falsePositives(alerts: readonly Alert[]): Target {
  const of = criterion('operational', 'False positive rate', '< 5 %');
  const judged = alerts.filter(({ feedback }) => feedback !== null);
  if (judged.length === 0) return unknown(of, 'no alert was marked useful or false');
  const share = (100 * judged.filter(({ feedback }) => feedback === 'false').length) / judged.length;
  return { ...of, value: `${percent(share)} of ${judged.length} marked`, actual: share, met: share < 5 };
}

function coverage(servers: TargetEvidence['servers'], thresholds: readonly Threshold[]): Target {
  const of = criterion('operational', 'Alert coverage', '100 % of servers');
  if (servers.length === 0) return unknown(of, 'no servers');
  const covered = servers.filter(({ name }) => isCovered(name, thresholds)).length;
  const share = (100 * covered) / servers.length;
  return { ...of, value: percent(share), actual: share, met: covered === servers.length };
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

/** What senders say they lost; they count it since the store was made, and not by period. */
function dataLoss(servers: TargetEvidence['servers']): Target {
  const of = criterion('quality', 'Data loss', 'none');
  if (servers.length === 0) return unknown(of, 'no servers');
  const lost = servers.flatMap(({ dropped }) => Object.values(dropped)).reduce((sum, samples) => sum + samples, 0);
  return { ...of, value: `${count(lost)} samples lost, ever`, actual: lost, met: lost === 0 };
}
