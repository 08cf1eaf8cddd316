/** Runs one method over what a store keeps of some servers and turns its findings into anomalies. Pure; no clock. */
import type { Anomaly, AnomalyType, Sensitivity, StatisticalMethod } from '../model/anomaly.ts';
import { groupBy } from '../model/groupBy.ts';
import type { MinuteColumns, ResourceRollup } from '../model/rollup.ts';
import { type Column, errorRates, firstIndexFrom, indexOfMinute, resourceUse, responseTimes } from './column.ts';
import { ServerEvidence } from './evidence.ts';
import type { Finding, Method } from './method.ts';
import { movingAverage } from './movingAverage.ts';
import { percentile } from './percentile.ts';
import { type MinuteCalls, onFailingTool, onResourceUse, onSlowTool } from './recommend.ts';
import { type Measure, severityOf } from './severity.ts';
import { deviation, expectedRange } from './words.ts';
import { zScore } from './zScore.ts';

const METHODS: Record<StatisticalMethod, Method> = {
  'z-score': zScore,
  'moving-avg': movingAverage,
  percentile,
};

export interface Observed {
  /** Tools, each with the minutes of the window. */
  minutes: readonly MinuteColumns[];
  /** Per server and minute. */
  resources: readonly ResourceRollup[];
}

export interface EvaluateOptions {
  method: StatisticalMethod;
  sensitivity: Sensitivity;
  /** Only minutes that start here or later are judged; the ones before are context. Epoch ms. */
  judgeFromMs: number;
}

/**
 * The anomalies of one server after the other, in no order. A generator, so that whoever runs it can let others have
 * their turn: the percentile method finds tens of thousands in a day of all tools.
 */
export function* evaluate(observed: Observed, options: EvaluateOptions): Generator<Anomaly> {
  for (const [server, evidence] of byServer(observed)) yield* evaluateServer(server, evidence, options);
}

function byServer({ minutes, resources }: Observed): Map<string, ServerEvidence> {
  const seriesOf = groupBy(minutes, (columns) => columns.series.server);
  const resourcesOf = groupBy(resources, (rollup) => rollup.server);
  const servers = new Set([...seriesOf.keys(), ...resourcesOf.keys()]);
  return new Map(
    Array.from(servers, (server) => [
      server,
      new ServerEvidence(seriesOf.get(server) ?? [], resourcesOf.get(server) ?? []),
    ]),
  );
}

function* evaluateServer(server: string, evidence: ServerEvidence, options: EvaluateOptions): Generator<Anomaly> {
  const slow = evidence.series.map((columns) => judge(responseTimes(columns), options));
  // Before any words are made: they tell how many tools were slow in the same minute.
  for (const tool of slow)
    for (const { atMs, value, finding } of tool) if (value > finding.high) evidence.noteSlowTool(atMs);
  for (const [i, columns] of evidence.series.entries()) {
    const anomaly = (type: AnomalyType, measure: Measure, judged: Judged, recommend: Recommend): Anomaly => {
      const severity = severityOf(measure, judged.value, judged.value, judged.finding);
      // What nobody minds needs no advice; there can be tens of thousands of them in a day of all tools.
      const recommendations =
        severity === 'info' ? [] : recommend(judged.atMs, callsAt(columns, judged.atMs), judged.finding, evidence);
      const found = common(server, columns.series.name, type, judged, options.method);
      return { ...found, severity, recommendations };
    };
    for (const judged of slow[i]!) yield anomaly('response_time_spike', 'response_time', judged, onSlowTool);
    for (const judged of judge(errorRates(columns), options)) {
      yield anomaly('error_rate_spike', 'error_rate', judged, onFailingTool);
    }
  }
  yield* evaluateResources(server, evidence, options);
}

/** CPU and memory share one type, and an anomaly is known by minute and type: of two in one minute the worse stands. */
function* evaluateResources(server: string, evidence: ServerEvidence, options: EvaluateOptions): Generator<Anomaly> {
  const worst = new Map<number, Judged & { measure: 'cpu' | 'memory' }>();
  for (const [measure, field] of [
    ['cpu', 'cpuPercentAvg'],
    ['memory', 'memoryMbAvg'],
  ] as const) {
    for (const judged of judge(resourceUse(evidence.resources, field), options)) {
      const other = worst.get(judged.atMs);
      if (!other || judged.finding.excess > other.finding.excess) worst.set(judged.atMs, { ...judged, measure });
    }
  }
  for (const { measure, ...judged } of worst.values()) {
    const { atMs, value, finding } = judged;
    const level = measure === 'cpu' ? value : (evidence.resourcesAt(atMs)?.memoryPercentAvg ?? 0);
    const anomaly = common(server, '', 'resource_spike', judged, options.method);
    yield {
      ...anomaly,
      severity: severityOf(measure, value, level, finding),
      deviation: `${anomaly.deviation} (${measure})`,
      recommendations: onResourceUse(atMs, value, measure, finding, evidence),
    };
  }
}

type Recommend = (atMs: number, minute: MinuteCalls, finding: Finding, evidence: ServerEvidence) => string[];

interface Judged {
  atMs: number;
  value: number;
  finding: Finding;
}

function judge({ minuteMs, values }: Column, { method, sensitivity, judgeFromMs }: EvaluateOptions): Judged[] {
  const findings = METHODS[method](values, sensitivity, firstIndexFrom(minuteMs, judgeFromMs));
  return findings.map((finding) => ({ atMs: minuteMs[finding.index]!, value: values[finding.index]!, finding }));
}

function common(
  server: string,
  tool: string,
  type: AnomalyType,
  { atMs, value, finding }: Judged,
  method: StatisticalMethod,
): Omit<Anomaly, 'severity' | 'recommendations'> {
  return {
    atMs,
    server,
    tool,
    type,
    currentValue: value,
    expectedRange: expectedRange(finding),
    expectedMax: finding.high,
    deviation: deviation(value, finding),
    confidence: finding.confidence,
    method,
  };
}

function callsAt(columns: MinuteColumns, atMs: number): MinuteCalls {
  const i = indexOfMinute(columns.minuteMs, atMs);
  const calls = columns.calls[i]!;
  return { calls, errors: columns.errors[i]!, meanMs: columns.sumMs[i]! / calls };
}
