import { expect, it } from 'vitest';
import { testAlert } from '../testing/filledStore.ts';
import { incidentsOf } from './incidents.ts';

it('counts what ended, what is open and what somebody took, with how long that took', () => {
  expect(
    incidentsOf([
      testAlert({ createdAtMs: 0, clearedAtMs: 300_000, resolvedAtMs: 9e7, acknowledgedAtMs: 60_000 }),
      testAlert({ createdAtMs: 0, resolvedAtMs: 1_500_000 }),
      testAlert({ createdAtMs: 0, acknowledgedAtMs: 180_000 }),
    ]),
  ).toEqual({ ended: 2, open: 1, acknowledged: 2, meanMinutesToResolve: 15, meanMinutesToAcknowledge: 2 });
});

it('has no mean of nothing', () => {
  const none = { ended: 0, open: 0, acknowledged: 0, meanMinutesToResolve: null, meanMinutesToAcknowledge: null };
  expect(incidentsOf([])).toEqual(none);
});
