/** What the charts' axes reach over, and what a drag over them makes of it. */
import type { Timeline } from '../../api/client.ts';
import { showRange } from '../../components/RangePicker.tsx';
import type { Range } from '../../route/range.ts';

/** Looks closer: nothing is kept finer than a minute, so at least some of them. */
export function zoomTo(fromMs: number, toMs: number): void {
  const middleMs = (fromMs + toMs) / 2;
  const halfMs = Math.max(5 * 60_000, toMs - fromMs) / 2;
  showRange({ kind: 'fixed', fromMs: Math.round(middleMs - halfMs), toMs: Math.round(middleMs + halfMs) });
}

/** What was asked for, and no empty step after now. */
export function shownRange(timeline: Timeline | undefined, range: Range): { fromMs: number; toMs: number } {
  if (range.kind === 'fixed') return range;
  const toMs = timeline ? Math.min(Date.now(), Date.parse(timeline.to)) : Date.now();
  return { fromMs: toMs - range.minutes * 60_000, toMs };
}
