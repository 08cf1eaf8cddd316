/** What changed between two runs, in words. */

import { significant } from '../../model/significant.ts';
import type { BaselineComparison, MetricChange } from './compareBaselines.ts';

/**
 * E.g. `12.3 % slower (8.1 to 16.4 %), 99.9 % sure`. Of what takes so little that its share says nothing, milliseconds:
 * `1.40 ms slower (1.21 to 1.58 ms), 99.9 % sure`.
 */
export function changeWords(change: MetricChange): string {
  const { verdict, leastShown, callsMissing, toldIn } = change;
  if (verdict === 'unknown') return `too few calls to tell: about ${roughly(callsMissing ?? 1)} more needed`;
  if (verdict === 'same') return `no change; ${told(change, leastShown!)} more would have shown`;
  const words = toldIn === 'points' ? ['fewer', 'more'] : ['faster', 'slower'];
  const size = told(change, change.change, true);
  return `${size} ${words[Number(change.change > 0)]}${between(change)}, ${sureness(change)} % sure`;
}

export function verdictOf({ tools, isWorse }: BaselineComparison): string {
  const verdicts = tools.flatMap(({ metrics }) => metrics.map(({ verdict }) => verdict));
  if (isWorse) return 'Worse than before.';
  const isUntold = verdicts.length === 0 || tools.every(({ metrics }) => metrics[0]!.verdict === 'unknown');
  if (isUntold) return 'Too few calls to tell.';
  const untold = verdicts.filter((verdict) => verdict === 'unknown').length;
  const reservation =
    untold === 0 ? '' : ` Of ${untold} of ${verdicts.length} figures there are too few calls to tell.`;
  return `Not worse than before${verdicts.includes('better') ? ', and in part better' : ''}.${reservation}`;
}

/** @param value a change, in per cent of before or in points; @param isExact with a digit more */
function told(change: MetricChange, value: number, isExact = false): string {
  const size = Math.abs(value);
  if (change.toldIn === 'ms') return `${inMs(change, size)} ms`;
  return `${size.toFixed(isExact ? 1 : 0)} ${UNITS[change.toldIn]}`;
}

const UNITS = { percent: '%', points: 'points', ms: 'ms' } as const;

function inMs({ before }: MetricChange, percent: number): string {
  return significant((before * percent) / 100);
}

function between(change: MetricChange): string {
  const [low, high] = change.changeInterval;
  if (low === null || high === null) return '';
  const ends = change.change > 0 ? [low, high] : [-high, -low];
  const shown = ends.map((end) => (change.toldIn === 'ms' ? inMs(change, end) : end.toFixed(1)));
  return ` (${shown.join(' to ')} ${UNITS[change.toldIn]})`;
}

/** Never 100. */
function sureness({ confidencePercent }: MetricChange): string {
  const sure = confidencePercent!;
  return sure > 99.99 ? 'more than 99.99' : (Math.floor(sure * 100) / 100).toString();
}

/** Two digits; more would claim too much. */
function roughly(calls: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(calls)) - 1);
  return (Math.ceil(calls / step) * step).toLocaleString('en');
}
