/** How many instances servers need. */
import type { ReplicaAdvice, ReplicaVerdict } from '../../model/replicas.ts';
import { code } from '../names.ts';
import { inUnit, percent } from '../numbers.ts';
import { type Block, table } from '../sections/block.ts';

const VERDICTS: Readonly<Record<ReplicaVerdict, string>> = {
  add: 'more',
  remove: 'fewer',
  keep: 'as it is',
  would_not_help: 'more would not help',
  not_enough_data: 'not enough data',
};

export function replicaBlocks(advice: readonly ReplicaAdvice[]): Block[] {
  const rows = advice.map(({ server, verdict, instances, recommended, peakPerSecond, now, reasons }) => [
    code(server),
    VERDICTS[verdict],
    String(instances),
    recommended === null ? '' : String(recommended.value),
    peakPerSecond === null ? '' : inUnit(peakPerSecond.value, ''),
    now === null ? '' : percent(now.utilisationPercent),
    reasons.join(' '),
  ]);
  const head = ['Server', 'Verdict', 'Now', 'Needed', 'Peak calls/s', 'Use at peak', 'Why'];
  return table(head, rows, 'No server has reported yet.');
}
