/** What a span is compared with: the same time of another day, or the time before a new version. */
import type { Range } from '../../route/range.ts';
import { rangeLengthMs } from '../../route/range.ts';

export const COMPARISONS: Readonly<Record<string, string>> = {
  '': 'nothing',
  yesterday: 'yesterday',
  week: 'last week',
  deploy: 'before the deploy',
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * How far back the other span lies, in ms; undefined where there is nothing to compare with. Before a deploy: so far that
 * the other span ends with it.
 * @param deployAt of the newest new version
 */
export function shiftOf(against: string, range: Range, deployAt: string | undefined): number | undefined {
  if (against === 'yesterday') return Math.ceil(rangeLengthMs(range) / DAY_MS) * DAY_MS;
  if (against === 'week') return Math.ceil(rangeLengthMs(range) / (7 * DAY_MS)) * 7 * DAY_MS;
  if (against !== 'deploy' || deployAt === undefined) return undefined;
  const toMs = range.kind === 'fixed' ? range.toMs : Date.now();
  // In whole minutes: a shift that is another one with every look would be asked for again with every look.
  return Math.max(0, Math.ceil((toMs - Date.parse(deployAt)) / MINUTE_MS) * MINUTE_MS) || undefined;
}
