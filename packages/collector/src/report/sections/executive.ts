/** What somebody reads who reads nothing else. */
import type { Report, Target } from '../../model/report.ts';
import { counted, dateTime, milliseconds, minutes, percent } from '../numbers.ts';
import { type Block, charts, paragraph, table } from './block.ts';

export function executiveSummary(report: Report): Block[] {
  const hasCalls = report.overall.calls > 0;
  return [
    paragraph(targetVerdict(report)),
    ...(hasCalls ? [paragraph(figures(report))] : []),
    ...(report.alerts.length > 0 ? [paragraph(incidents(report))] : []),
    ...usedRange(report),
    ...(hasCalls ? [charts('latency', 'calls')] : []),
    ...table(['Target', 'Wanted', 'Value', 'Met'], report.targets.map(targetRow), ''),
  ];
}

/** How the targets stand, in one sentence. */
export function targetVerdict({ overall, targets, targetCounts: { met, missed } }: Report): string {
  if (overall.calls === 0) return 'No calls were recorded in this period.';
  if (missed === 0) return `All ${met} targets that can be told were met.`;
  const names = targets.filter((target) => target.met === false).map(({ name }) => name);
  return `Missed ${missed} of ${met + missed} targets: ${names.join(', ')}.`;
}

function figures({ overall, tools, servers, anomalies, alerts }: Report): string {
  const { calls, errorRatePercent, avgMs } = overall;
  return `${counted(calls, 'call')} to ${counted(tools.length, 'tool')} of ${counted(servers.length, 'server')}, ${percent(errorRatePercent)} errors, ${milliseconds(avgMs)} on average; ${anomalies.length} anomalies, ${counted(alerts.length, 'alert')}.`;
}

/** Times are from the alert on. */
export function incidents({ incidents: known }: Report): string {
  const { ended, open, acknowledged, meanMinutesToResolve, meanMinutesToAcknowledge } = known;
  const resolved = meanMinutesToResolve === null ? '' : `, after ${minutes(meanMinutesToResolve)} on average`;
  const taken = meanMinutesToAcknowledge === null ? '' : `, after ${minutes(meanMinutesToAcknowledge)} on average`;
  return `${counted(ended, 'incident')} ended${resolved}; ${acknowledged} acknowledged${taken}; ${open} open.`;
}

function usedRange({ fromMs, toMs, usedFromMs, usedToMs }: Report): Block[] {
  if (fromMs === usedFromMs && toMs === usedToMs) return [];
  return [paragraph(`Times are widened to whole stored spans: ${dateTime(usedFromMs)} to ${dateTime(usedToMs)} UTC.`)];
}

function targetRow({ name, target, value, met }: Target): string[] {
  return [name, target, value, met === undefined ? 'unknown' : met ? 'met' : 'missed'];
}
