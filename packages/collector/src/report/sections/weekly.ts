/** A week against the one before. */
import type { Report } from '../../model/report.ts';
import { dateTime } from '../numbers.ts';
import { type Block, charts, paragraph, table } from './block.ts';
import { changeRow, TREND_HEAD, trendRow } from './change.ts';

export function weekOverWeek({ previous }: Report): Block[] {
  if (previous === undefined) return [];
  const { fromMs, toMs, overall, changes, tools } = previous;
  if (overall.calls === 0)
    return [paragraph('No calls were recorded in the week before: there is nothing to compare.')];
  return [
    paragraph(`Compared with ${dateTime(fromMs)} to ${dateTime(toMs)} UTC.`),
    ...table(['Metric', 'Week before', 'This week', 'Change'], changes.map(changeRow), ''),
    charts('previous', 'previousCalls'),
    ...(tools.length === 0 ? [] : [paragraph('Tools that changed most, beyond chance:')]),
    ...table(TREND_HEAD, tools.map(trendRow), 'No tool became slower, faster or failed more or less, beyond chance.'),
  ];
}
