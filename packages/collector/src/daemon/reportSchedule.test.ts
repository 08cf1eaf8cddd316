import { afterEach, beforeEach, expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { createReportSchedule } from './reportSchedule.ts';
import type { ReportPeriod } from './sendReport.ts';

/** A Tuesday, an hour before the daily report. */
const NOW_MS = Date.UTC(2026, 0, 6, 6);
const SEVEN_MS = NOW_MS + HOUR_MS;

let filled: FilledStore;
let sent: [ReportPeriod, number][];
let isOwner: boolean;

beforeEach(async () => {
  filled = await openFilledStore(NOW_MS);
  sent = [];
  isOwner = true;
});
afterEach(() => filled.close());

function schedule(sendReport = async (...due: [ReportPeriod, number]) => void sent.push(due)) {
  const share = { owns: (server: string) => isOwner && server === '' };
  return createReportSchedule({ ...filled, share, config: configSchema.parse(filled.config), sendReport });
}

it('sends each report once when it is due, whoever runs it then', async () => {
  await schedule()();
  expect(sent).toEqual([]);
  filled.clock.advance(HOUR_MS - 1);
  await schedule()();
  expect(sent).toEqual([]);
  filled.clock.advance(1);
  await schedule()();
  await schedule()();
  filled.clock.advance(MINUTE_MS);
  await schedule()();
  expect(sent).toEqual([['daily', SEVEN_MS]]);
  filled.clock.advance(6 * DAY_MS);
  await schedule()();
  expect(sent.slice(1)).toEqual([
    ['daily', SEVEN_MS + 6 * DAY_MS],
    ['weekly', SEVEN_MS + 6 * DAY_MS],
  ]);
});

it('leaves it to the collector whose work it is', async () => {
  await schedule()();
  filled.clock.advance(HOUR_MS);
  isOwner = false;
  await schedule()();
  expect(sent).toEqual([]);
  isOwner = true;
  await schedule()();
  expect(sent).toHaveLength(1);
});

it('sends what fell into an outage, but not half a day later', async () => {
  await schedule()();
  filled.clock.advance(3 * HOUR_MS);
  await schedule()();
  expect(sent).toEqual([['daily', SEVEN_MS]]);
  filled.clock.advance(DAY_MS + 13 * HOUR_MS);
  await schedule()();
  expect(sent).toHaveLength(1);
});

it('tries again what failed', async () => {
  await schedule()();
  filled.clock.advance(HOUR_MS);
  await expect(schedule(() => Promise.reject(new Error('no'))).call(undefined)).rejects.toThrow('no');
  await schedule()();
  expect(sent).toEqual([['daily', SEVEN_MS]]);
});
