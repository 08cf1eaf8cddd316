/** What `mcp-vitals bottlenecks` prints. Names are a stranger's, and escaped here. */
import type { Bottleneck, BottleneckSeverity } from '../model/bottleneck.ts';
import { plainNumber } from './terminal/figures.ts';
import type { PrintStyle } from './terminal/output.ts';
import { saidOfMany } from './terminal/saidOfMany.ts';
import type { Style } from './terminal/style.ts';
import { shownName } from './terminal/width.ts';

/** As `analyze_bottlenecks` answers. */
export interface BottlenecksAnswer {
  bottlenecks: (Omit<Bottleneck, 'server'> & { mcpServer: string })[];
  belowThreshold: number;
  calls: number;
  notJudged: { mcpServer: string; reason: string }[];
  report?: string;
}

const STYLES: Readonly<Record<BottleneckSeverity, Style>> = {
  low: 'dim',
  medium: 'yellow',
  high: 'red',
  critical: 'red',
};

export function describeBottlenecks(
  answer: BottlenecksAnswer,
  threshold: BottleneckSeverity,
  style: PrintStyle,
): string {
  const { bottlenecks, belowThreshold, calls, notJudged } = answer;
  if (calls === 0) return 'No call was recorded in this time: there is nothing to analyse.';
  const none = `Nothing of severity ${threshold} or more was found in ${plainNumber(calls)} calls.`;
  const below = `${belowThreshold} below ${threshold}: --threshold low shows them.`;
  return [
    ...(bottlenecks.length === 0 ? [none] : bottlenecks.map((finding) => describeFinding(finding, style))),
    ...(belowThreshold === 0 ? [] : [below]),
    ...(notJudged.length === 0 ? [] : ['Not judged:']),
    ...saidOfMany(notJudged.map(({ mcpServer, reason }) => ({ server: mcpServer, words: reason }))).map(
      (line) => `  ${line}`,
    ),
  ].join('\n');
}

function describeFinding(finding: BottlenecksAnswer['bottlenecks'][number], { paint }: PrintStyle): string {
  const { title, severity, confidence, shareOfTimePercent, mcpServer, tools, instances, clients } = finding;
  const { evidence, advice } = finding;
  const where =
    tools.length === 0 ? shownName(mcpServer) : `${tools.map(shownName).join(', ')} of ${shownName(mcpServer)}`;
  const cost = shareOfTimePercent === null ? '' : `, costs ${plainNumber(shareOfTimePercent)} % of the time`;
  const width = Math.max(...evidence.map(({ name }) => name.length));
  return [
    `${paint(STYLES[severity], severity)}  ${paint('bold', title)}`,
    `  ${where}; confidence ${plainNumber(confidence)}${cost}`,
    ...(instances.length === 0 ? [] : [`  only in ${instances.map(shownName).join(', ')}`]),
    ...(clients.length === 0 ? [] : [`  only for ${clients.map(shownName).join(', ')}`]),
    ...evidence.map(({ name, value, unit }) => `    ${name.padEnd(width)}  ${plainNumber(value)} ${unit}`.trimEnd()),
    ...advice.map((line) => `  - ${line}`),
    '',
  ].join('\n');
}
