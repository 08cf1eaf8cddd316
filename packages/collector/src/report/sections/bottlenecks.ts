/** Where the time went, and which of it could be saved. */
import type { Optimisation, Report } from '../../model/report.ts';
import { code } from '../names.ts';
import { count, milliseconds, percent, span } from '../numbers.ts';
import { type Block, charts, heading, paragraph, table } from './block.ts';

const WHY: Record<Optimisation['reason'], (of: Optimisation) => string> = {
  slow_tail: ({ slowCalls, calls, p50Ms }) =>
    `single calls are slow: ${count(slowCalls)} of ${count(calls)} took over twice the usual ${milliseconds(p50Ms)}`,
  slow_usually: ({ slowCalls, calls, p50Ms }) =>
    `slow as a rule: ${count(slowCalls)} of ${count(calls)} calls took over 100 ms, usually ${milliseconds(p50Ms)}`,
};

export function bottlenecks({ bottlenecks: costliest, optimisations }: Report): Block[] {
  const rows = costliest.map(({ tool, server, calls, avgMs, p95Ms, totalMs, sharePercent }) => [
    code(tool),
    code(server),
    span(totalMs),
    percent(sharePercent),
    count(calls),
    milliseconds(avgMs),
    milliseconds(p95Ms),
  ]);
  const head = ['Tool', 'Server', 'Total time', 'Share', 'Calls', 'Avg', 'p95'];
  return [
    ...(rows.length === 0 ? [] : [paragraph('Where the time went: calls times mean duration.')]),
    ...table(head, rows, 'No tool was called.'),
    ...(optimisations.length === 0 ? [charts('shares')] : whatFirst(optimisations)),
  ];
}

function whatFirst(optimisations: readonly Optimisation[]): Block[] {
  const rows = optimisations.map((each) => [
    code(each.tool),
    code(each.server),
    span(each.gainMs),
    percent(each.gainPercent),
    WHY[each.reason](each),
  ]);
  return [
    heading('What to optimise first'),
    paragraph(
      'By the time that would be saved at most: the sum over all calls of what each took beyond twice the median of its tool or, of tools whose median is above 100 ms, beyond 100 ms, whichever is more. The share is of the time of all tools.',
    ),
    charts('shares', 'gains'),
    ...table(['Tool', 'Server', 'Gain', 'Share', 'Why'], rows, ''),
  ];
}
