/** What `mcp-vitals explain` prints. Names are a stranger's, and escaped here. */

import { significant } from '../model/significant.ts';
import { visibleText } from '../model/visibleText.ts';
import type { ExplanationAnswer } from '../serve/api/anomalies.ts';

type ExplainedAnomaly = ExplanationAnswer['anomaly'];
type ExplainedIncident = NonNullable<ExplainedAnomaly['incident']>;

const MAX_NAME = 60;
const BAR_WIDTH = 24;

export function describeExplanation({ anomaly, minutes }: ExplanationAnswer): string {
  const { anomalyId, server, tool, type, severity, method, incident, recommendations } = anomaly;
  const subject = [...(tool === '' ? [] : [name(tool), 'of']), name(server)].join(' ');
  return [
    `${anomalyId}: ${severity} ${type}, ${subject}`,
    `  method ${method}, confidence ${anomaly.confidence}`,
    `  seen ${significant(anomaly.currentValue)}, expected ${anomaly.expectedRange} (${anomaly.deviation})`,
    ...(incident ? describeIncident(incident, anomaly) : []),
    ...recommendations.map((line) => `  - ${line}`),
    '',
    ...describeMinutes(minutes, anomaly),
  ].join('\n');
}

function describeIncident(incident: ExplainedIncident, { at, endedAt }: ExplainedAnomaly): string[] {
  const { detectedAt, affectedCalls, evidence, deploy, alsoAffects, partOf } = incident;
  const ended = endedAt === null ? 'goes on' : `ended ${time(endedAt)}`;
  return [
    `  began ${time(at)}, detected ${time(detectedAt)}, ${ended}; ${affectedCalls} calls affected`,
    ...(evidence === null
      ? []
      : [
          `  evidence ${significant(evidence.nats)} nats against chance, ${significant(evidence.neededNats)} make an alarm`,
        ]),
    ...(deploy === null
      ? []
      : [`  version ${name(deploy.toVersion)} took the place of ${name(deploy.fromVersion)} at ${time(deploy.at)}`]),
    ...(partOf === null ? [] : [`  part of ${partOf}`]),
    ...alsoAffects.map(({ server, tool }) => `  with it: ${tool === '' ? '' : `${name(tool)} of `}${name(server)}`),
  ];
}

/** A table with a bar for the value that most incidents are about. */
function describeMinutes(minutes: ExplanationAnswer['minutes'], anomaly: ExplainedAnomaly): string[] {
  const greatest = Math.max(0, ...minutes.map(({ p50Ms }) => p50Ms ?? 0));
  const rows = minutes.map((minute) => {
    const { at, calls, errors, p50Ms, meanMs, maxMs, cpuPercent, memoryMb, eventLoopDelayMs } = minute;
    // ISO times of one form sort as they follow each other.
    const isWithin = at >= anomaly.at && (anomaly.endedAt === null || at < anomaly.endedAt);
    const cells = [calls, errors, p50Ms, meanMs, maxMs, cpuPercent, memoryMb, eventLoopDelayMs].map(cell);
    const bar = '#'.repeat(greatest > 0 ? Math.round(((p50Ms ?? 0) / greatest) * BAR_WIDTH) : 0);
    return `${isWithin ? '>' : ' '} ${time(at)} ${cells.join('')}  ${bar}`.trimEnd();
  });
  const heads = ['calls', 'errors', 'p50 ms', 'mean ms', 'max ms', 'CPU %', 'MB', 'loop ms'];
  return [`  ${'minute (UTC)'.padEnd(16)} ${heads.map((head) => head.padStart(CELL)).join('')}`, ...rows];
}

const CELL = 9;

function cell(value: number | undefined): string {
  return (value === undefined ? '-' : significant(value)).padStart(CELL);
}

function time(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

function name(text: string): string {
  return visibleText(text, MAX_NAME);
}
