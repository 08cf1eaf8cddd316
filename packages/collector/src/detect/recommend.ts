/**
 * Recommendations that name what the data shows: the value, what was expected, and what changed, or did not, in the
 * same minute. No names of tools or servers: the reader has them beside it, and they come from strangers.
 */
import type { ResourceRollup } from '../model/rollup.ts';
import type { ServerEvidence, Usual } from './evidence.ts';
import type { Finding } from './method.ts';
import type { Measure } from './severity.ts';
import { expectedRange, minuteOf, readable } from './words.ts';

/** Up to this many times the mean of the window a number counts as usual: the narrowest limit of the moving average. */
const USUAL_FACTOR = 1.5;

/** Calls of the anomalous minute. */
export interface MinuteCalls {
  calls: number;
  errors: number;
  /** Mean duration in milliseconds. */
  meanMs: number;
}

export function onSlowTool(at: number, minute: MinuteCalls, finding: Finding, server: ServerEvidence): string[] {
  const took = `At ${minuteOf(at)} ${callsOf(minute.calls)} took ${readable(minute.meanMs)} ms on average`;
  const lines = [`${took}; ${expectedRange(finding)} ms was expected.`];
  if (minute.meanMs < finding.low) return lines;
  if (minute.errors > 0)
    lines.push(`${minute.errors} of ${minute.calls} failed in that minute: read the recent errors first.`);
  const others = server.slowTools(at) - 1;
  if (others > 0)
    lines.push(`${others} more of this server's tools slowed down in that minute: look for what they share.`);
  else if (server.series.length > 1)
    lines.push('No other tool of this server slowed down then: look at what only this one does.');
  lines.push(...onResources(server.resourcesAt(at), server.usual()));
  return lines;
}

export function onFailingTool(at: number, minute: MinuteCalls, finding: Finding, server: ServerEvidence): string[] {
  const failed = `At ${minuteOf(at)} ${minute.errors} of ${callsOf(minute.calls)} failed`;
  const lines = [`${failed}; ${expectedRange(finding)} % was expected. The class and code of the errors tell more.`];
  if (minute.errors > 0) lines.push(...onResources(server.resourcesAt(at), server.usual()));
  return lines;
}

export function onResourceUse(
  at: number,
  value: number,
  measure: Measure,
  finding: Finding,
  server: ServerEvidence,
): string[] {
  const [name, unit] = measure === 'cpu' ? ['CPU', '%'] : ['Memory', 'MB'];
  const lines = [
    `At ${minuteOf(at)} ${name} was ${readable(value)} ${unit}; ${expectedRange(finding)} ${unit} was expected.`,
  ];
  if (value < finding.low) return lines;
  const calls = server.callsAt(at);
  const usual = server.usual().calls;
  const load = `${callsOf(calls)} in that minute against ${readable(usual)} a minute on average`;
  if (calls > usual * USUAL_FACTOR) lines.push(`${load}: the load rose, see which tool was called.`);
  else lines.push(`${load}: the load does not explain it, look for work besides the calls.`);
  return lines;
}

/** What of the process was unusual in the minute; when nothing was, the cause is elsewhere. */
export function onResources(then: ResourceRollup | undefined, usual: Usual): string[] {
  if (then === undefined) return [];
  const readings: [name: string, unit: string, now: number, usual: number, advice: string][] = [
    ['CPU', '%', then.cpuPercentAvg, usual.cpuPercent, 'look for work on the CPU'],
    ['Memory', 'MB', then.memoryMbAvg, usual.memoryMb, 'look for what was held in memory'],
    ['Event-loop delay', 'ms', then.eventLoopDelayMsAvg, usual.eventLoopDelayMs, 'look for synchronous work'],
  ];
  const unusual = readings.filter(([, , now, mean]) => now > mean * USUAL_FACTOR);
  if (unusual.length > 0) {
    return unusual.map(
      ([name, unit, now, mean, advice]) =>
        `${name} was ${readable(now)} ${unit} in that minute against ${readable(mean)} ${unit} on average: ${advice}.`,
    );
  }
  const asUsual = readings.map(([name, unit, now]) => `${name} ${readable(now)} ${unit}`).join(', ');
  return [`The process was as usual (${asUsual}): look at what the tool waits for.`];
}

function callsOf(calls: number): string {
  return calls === 1 ? '1 call' : `${calls} calls`;
}
