/** An analysis thread whose analyses go wrong, each in its way. */
import { answerRequests } from '../analysis/answerRequests.ts';
import { VitalsError } from '../errors.ts';

answerRequests({
  double: (value: number) => 2 * value,
  throws: () => {
    throw new RangeError('beyond all bounds');
  },
  refuses: () => {
    throw new VitalsError('not_found', 'There is none', { hint: 'Make one.' });
  },
  answersWithFunction: () => () => 1,
  exits: () => process.exit(3),
  loops: () => {
    for (;;);
  },
});
