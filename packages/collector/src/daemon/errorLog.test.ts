import { expect, it } from 'vitest';
import { VitalsError } from '../errors.ts';
import { createErrorLog } from './errorLog.ts';

it('says once a minute that requests fail for now, and every other failure', () => {
  const said: unknown[] = [];
  let nowMs = 0;
  const onError = createErrorLog(
    { error: (context: unknown) => void said.push(context) },
    { monotonicMs: () => nowMs },
  );
  const away = new VitalsError('unavailable', 'The database does not answer.');
  onError(away);
  onError(away);
  onError(away);
  onError(new Error('a bug'));
  expect(said).toHaveLength(2);
  nowMs = 60_000;
  onError(away);
  expect(said.at(-1)).toEqual({ err: away, unsaid: 2 });
});
