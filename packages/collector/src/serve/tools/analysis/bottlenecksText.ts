/** An analysis in a few lines, for a model or a person. */
import type { Bottleneck, BottleneckAnalysis, BottleneckSeverity } from '../../../model/bottleneck.ts';
import { significant } from '../../../model/significant.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';
import { isoTime } from '../../params.ts';

/** Findings that are told in words; the structured answer has all. */
const MAX_FINDINGS = 10;
const MAX_GAPS = 8;

export function bottlenecksText(
  { fromMs, toMs, findings, calls, servers, notJudged }: BottleneckAnalysis,
  belowThreshold: number,
  threshold: BottleneckSeverity,
): string {
  const range = `${isoTime(fromMs)} to ${isoTime(toMs)}`;
  if (calls === 0) return `No call was recorded from ${range}: there is nothing to analyse.`;
  const looked = `Looked at ${calls} calls of ${servers.length} ${servers.length === 1 ? 'server' : 'servers'}, ${range}.`;
  const below = belowThreshold === 0 ? [] : [`${belowThreshold} below ${threshold}; severityThreshold low shows them.`];
  const nothing = findings.length === 0 ? [`Nothing of severity ${threshold} or more was found.`] : [];
  const gaps = notJudged
    .slice(0, MAX_GAPS)
    .map(({ server, reason }) => `Not judged, ${quoteUntrusted(server)}: ${reason}`);
  return [looked, ...nothing, ...findings.slice(0, MAX_FINDINGS).map(findingLines), ...below, ...gaps].join('\n');
}

function findingLines(finding: Bottleneck, index: number): string {
  const { cause, title, severity, confidence, shareOfTimePercent, server, tools, instances, clients } = finding;
  const { evidence, advice } = finding;
  const where = [quoteUntrusted(server), ...tools.map((tool) => quoteUntrusted(tool))].join(', ');
  const cost = shareOfTimePercent === null ? '' : `, ${significant(shareOfTimePercent)} % of the time`;
  const numbers = evidence.map(
    ({ name, value, unit }) => `${name} ${significant(value)}${unit === '' ? '' : ` ${unit}`}`,
  );
  return [
    `${index + 1}. ${severity}: ${title} (${cause}; ${where}; confidence ${significant(confidence)}${cost})`,
    `   ${numbers.join('; ')}`,
    ...(instances.length > 0
      ? [
          `   Only in ${instances.length === 1 ? 'the process' : 'processes'} ${instances.map((one) => quoteUntrusted(one)).join(', ')}.`,
        ]
      : []),
    ...(clients.length > 0 ? [`   Only for ${clients.map((one) => quoteUntrusted(one)).join(', ')}.`] : []),
    ...advice.map((line) => `   - ${line}`),
  ].join('\n');
}
